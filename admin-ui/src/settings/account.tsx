import { Alert, Button, Group, PasswordInput, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, lazy, Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { PUT } from "../api/api.ts";
import { Section } from "../parts/section.tsx";
import { tellDone } from "../parts/tell.ts";
import { useSigned } from "../shell/session.ts";

const SecondFactor = lazy(() => import("./second-factor.tsx"));

/** One's own password and second factor. */
export default function Account() {
  return (
    <Stack gap="lg">
      <Password />
      <Totp />
      <Sessions />
    </Stack>
  );
}

function Password() {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (body: { currentPassword: string; password: string }) =>
      PUT("/api/v1/session/password", { body }),
    onSuccess: () => {
      form.current?.reset();
      tellDone(t("account.passwordChanged"));
      return queries.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    change.mutate({
      currentPassword: String(given.get("currentPassword")),
      password: String(given.get("password")),
    });
  };
  const field = {
    required: true,
    withAsterisk: false,
    visibilityToggleButtonProps: { "aria-label": t("signIn.showPassword") },
  } as const;
  return (
    <Section title={t("account.password")} lead={t("account.passwordLead")}>
      <form onSubmit={submit} ref={form}>
        <Stack maw={420}>
          {change.error !== null && (
            <Alert color="red" variant="light" role="alert">
              {change.error.message}
            </Alert>
          )}
          <PasswordInput
            {...field}
            name="currentPassword"
            label={t("account.current")}
            autoComplete="current-password"
          />
          <PasswordInput
            {...field}
            name="password"
            label={t("account.next")}
            autoComplete="new-password"
          />
          <Group>
            <Button type="submit" loading={change.isPending}>
              {t("account.changePassword")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

function Sessions() {
  const { t } = useTranslation();
  return (
    <Section
      title={t("user.sessions")}
      lead={t("account.sessionsLead")}
      actions={
        <Button variant="default" renderRoot={(props) => <Link to="/sessions" {...props} />}>
          {t("account.sessions")}
        </Button>
      }
    />
  );
}

function Totp() {
  const { t } = useTranslation();
  const { person } = useSigned();
  const [isSettingUp, setSettingUp] = useState(false);
  return (
    <Section
      title={t("signIn.secondFactor")}
      lead={t(person.hasTotp ? "account.totpOn" : "account.totpOff")}
      actions={
        <Button variant="default" onClick={() => setSettingUp(true)}>
          {t(person.hasTotp ? "account.totpRenew" : "account.totpSetUp")}
        </Button>
      }
    >
      <Suspense fallback={null}>
        {isSettingUp && <SecondFactor onClose={() => setSettingUp(false)} />}
      </Suspense>
    </Section>
  );
}
