import { Alert, Button, Code, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { POST, PUT } from "../api/api.ts";
import { ToCopy } from "../parts/to-copy.tsx";
import { Card } from "./card.tsx";
import { QrCode } from "./totp-qr-code.tsx";

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
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    confirm.mutate(String(new FormData(event.currentTarget).get("code")));
  };
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
          <form onSubmit={submit}>
            <Stack>
              <Text size="sm">{t("totp.scan")}</Text>
              <QrCode png={begin.data.qrPng} label={t("totp.qr")} />
              <Text size="sm">
                {t("totp.secret")} <Code>{begin.data.secret}</Code>
              </Text>
              <TextInput
                name="code"
                label={t("signIn.code")}
                inputMode="numeric"
                autoComplete="one-time-code"
                required
                withAsterisk={false}
              />
              <Button type="submit" loading={confirm.isPending}>
                {t("signIn.verify")}
              </Button>
            </Stack>
          </form>
        )}
      </Stack>
    </Card>
  );
}
