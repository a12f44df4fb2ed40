import { Alert, Button, Modal, PasswordInput, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { POST } from "../api/api.ts";
import { CodeField } from "./totp-form.tsx";

export default function ProofDialog({
  hasTotp,
  onEnd,
}: {
  readonly hasTotp: boolean;
  readonly onEnd: (isProved: boolean) => void;
}) {
  const { t } = useTranslation();
  const prove = useMutation({
    mutationFn: (body: { password: string; code?: string }) =>
      POST("/api/v1/session/proof", { body }),
    onSuccess: () => onEnd(true),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const code = form.get("code");
    prove.mutate({
      password: String(form.get("password")),
      ...(code !== null && code !== "" && { code: String(code) }),
    });
  };
  return (
    <Modal
      opened
      onClose={() => onEnd(false)}
      title={t("proof.title")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{t("proof.lead")}</Text>
          {prove.error !== null && (
            <Alert color="red" role="alert" variant="light">
              {prove.error.message}
            </Alert>
          )}
          <PasswordInput
            name="password"
            label={t("signIn.password")}
            autoComplete="current-password"
            required
            withAsterisk={false}
            data-autofocus
            visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
          />
          {hasTotp && <CodeField />}
          <Button type="submit" loading={prove.isPending}>
            {t("proof.submit")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
