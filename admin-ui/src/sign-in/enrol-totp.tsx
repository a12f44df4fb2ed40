import { Alert, Button, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { POST, PUT } from "../api/api.ts";
import { ToCopy } from "../parts/to-copy.tsx";
import { Card } from "./card.tsx";
import { TotpForm } from "./totp-form.tsx";

/** For whoever's role demands a second factor and who has none yet: nothing else is open to them. */
export default function EnrolTotp({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation();
  const begin = useMutation({
    mutationFn: async () => (await POST("/api/v1/session/totp/enrolment")).data,
  });
  const confirm = useMutation({
    mutationFn: async (code: string) =>
      (await PUT("/api/v1/session/totp/enrolment", { body: { code } })).data,
  });
  const problem = begin.error ?? confirm.error;
  return (
    <Card title={t(confirm.data === undefined ? "totp.title" : "totp.codesTitle")}>
      <Stack>
        {problem !== null && (
          <Alert color="red" role="alert" variant="light">
            {problem.message}
          </Alert>
        )}
        {confirm.data !== undefined ? (
          <>
            <Text size="sm">{t("totp.codesLead")}</Text>
            <ToCopy label={t("totp.codesTitle")} value={confirm.data.recoveryCodes.join("\n")} />
            <Button onClick={onDone}>{t("totp.codesKept")}</Button>
          </>
        ) : begin.data === undefined ? (
          <>
            <Text size="sm">{t("totp.lead")}</Text>
            <Button onClick={() => begin.mutate()} loading={begin.isPending}>
              {t("totp.begin")}
            </Button>
          </>
        ) : (
          <TotpForm begun={begin.data} isBusy={confirm.isPending} onCode={confirm.mutate} />
        )}
      </Stack>
    </Card>
  );
}
