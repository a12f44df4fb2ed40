import { Alert, Button, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { POST, PUT } from "../api/api.ts";
import { LoadingRows } from "../parts/states.tsx";
import { ToCopy } from "../parts/to-copy.tsx";
import { TotpForm } from "../sign-in/totp-form.tsx";

/** A new secret for the authenticator app, and new recovery codes; the ones before are void then. */
export default function SecondFactor({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const begin = useMutation({
    mutationFn: async () => (await POST("/api/v1/session/totp/enrolment")).data,
  });
  const confirm = useMutation({
    mutationFn: async (code: string) =>
      (await PUT("/api/v1/session/totp/enrolment", { body: { code } })).data,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["session"] }),
  });
  const { mutate } = begin;
  const isBegun = useRef(false);
  useEffect(() => {
    if (isBegun.current) return;
    isBegun.current = true;
    mutate();
  }, [mutate]);
  const problem = begin.error ?? confirm.error;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(confirm.data === undefined ? "signIn.secondFactor" : "totp.codesTitle")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        {problem !== null && (
          <Alert color="red" role="alert" variant="light">
            {problem.message}
          </Alert>
        )}
        {begin.isPending && <LoadingRows rows={2} />}
        {confirm.data !== undefined && (
          <>
            <Text size="sm">{t("totp.codesLead")}</Text>
            <ToCopy label={t("totp.codesTitle")} value={confirm.data.recoveryCodes.join("\n")} />
            <Button onClick={onClose}>{t("totp.codesKept")}</Button>
          </>
        )}
        {confirm.data === undefined && begin.data !== undefined && (
          <TotpForm begun={begin.data} isBusy={confirm.isPending} onCode={confirm.mutate} />
        )}
      </Stack>
    </Modal>
  );
}
