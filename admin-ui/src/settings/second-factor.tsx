import { Alert, Button, Code, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { POST, PUT } from "../api/api.ts";
import { LoadingRows } from "../parts/states.tsx";
import { ToCopy } from "../parts/to-copy.tsx";
import { QrCode } from "../sign-in/totp-qr-code.tsx";

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
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    confirm.mutate(String(new FormData(event.currentTarget).get("code")));
  };
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
          <form onSubmit={submit}>
            <Stack>
              <Text size="sm">{t("totp.scan")}</Text>
              <QrCode png={begin.data.qrPng} label={t("totp.qr")} />
              <Text size="sm" style={{ overflowWrap: "anywhere" }}>
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
    </Modal>
  );
}
