import { Alert, Anchor, Button, Divider, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem, POST } from "../api/api.ts";
import type { SessionState } from "../api/types.ts";
import { Card } from "./card.tsx";

interface SignInProps {
  readonly onSignedIn: (state: SessionState) => void;
}

/** Password first, then whatever second factor the account has. */
export default function SignIn({ onSignedIn }: SignInProps) {
  const { t } = useTranslation();
  // Whoever comes back from the identity provider may lack the second factor alone.
  const [isPending, setIsPending] = useState(location.hash === "#second-factor");
  const take = (state: SessionState) => {
    if (state.state === "totp-needed") setIsPending(true);
    else onSignedIn(state);
  };
  return (
    <Card title={t(isPending ? "signIn.secondFactor" : "signIn.title")}>
      {isPending ? (
        <SecondFactor onSignedIn={take} onBack={() => setIsPending(false)} />
      ) : (
        <Password onSignedIn={take} />
      )}
    </Card>
  );
}

function Password({ onSignedIn }: SignInProps) {
  const { t } = useTranslation();
  const signIn = useMutation({
    mutationFn: async (body: { email: string; password: string }) =>
      (await POST("/api/v1/session", { body })).data,
    onSuccess: onSignedIn,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signIn.mutate({ email: String(form.get("email")), password: String(form.get("password")) });
  };
  return (
    <Stack>
      <form onSubmit={submit}>
        <Stack>
          <Problem error={signIn.error} />
          <TextInput
            name="email"
            type="email"
            label={t("signIn.email")}
            autoComplete="username"
            required
            withAsterisk={false}
            data-autofocus
          />
          <PasswordInput
            name="password"
            label={t("signIn.password")}
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
          />
          <Button type="submit" loading={signIn.isPending} fullWidth>
            {t("signIn.submit")}
          </Button>
        </Stack>
      </form>
      {document.getElementById("root")?.dataset.sso === "true" && <SingleSignOn />}
    </Stack>
  );
}

function SingleSignOn() {
  const { t } = useTranslation();
  const begin = useMutation({
    mutationFn: async () => (await POST("/api/v1/session/sso", { body: {} })).data,
    onSuccess: ({ url }) => location.assign(url),
  });
  return (
    <>
      <Divider label={t("signIn.or")} />
      <Problem error={begin.error} />
      <Button variant="default" onClick={() => begin.mutate()} loading={begin.isPending}>
        {t("signIn.sso")}
      </Button>
    </>
  );
}

function SecondFactor({ onSignedIn, onBack }: SignInProps & { readonly onBack: () => void }) {
  const { t } = useTranslation();
  const [usesRecovery, setUsesRecovery] = useState(false);
  const finish = useMutation({
    mutationFn: async (code: string) => {
      const body = usesRecovery ? { recoveryCode: code } : { code };
      return (await POST("/api/v1/session/totp", { body })).data;
    },
    onSuccess: onSignedIn,
    onError: (error) => isProblem(error, "password-needed-first") && onBack(),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    finish.mutate(String(new FormData(event.currentTarget).get("code")).trim());
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Problem error={finish.error} />
        <TextInput
          key={String(usesRecovery)}
          name="code"
          label={t(usesRecovery ? "signIn.recoveryCode" : "signIn.code")}
          description={t(usesRecovery ? "signIn.recoveryHint" : "signIn.codeHint")}
          autoComplete={usesRecovery ? "off" : "one-time-code"}
          inputMode={usesRecovery ? "text" : "numeric"}
          autoFocus
          required
          withAsterisk={false}
        />
        <Button type="submit" loading={finish.isPending} fullWidth>
          {t("signIn.verify")}
        </Button>
        <Anchor
          component="button"
          type="button"
          size="sm"
          onClick={() => {
            finish.reset();
            setUsesRecovery(!usesRecovery);
          }}
        >
          {t(usesRecovery ? "signIn.useCode" : "signIn.useRecovery")}
        </Anchor>
        <Anchor component="button" type="button" size="sm" onClick={onBack}>
          {t("signIn.back")}
        </Anchor>
      </Stack>
    </form>
  );
}

const KNOWN = {
  "sign-in-refused": "signIn.refused",
  "code-refused": "signIn.codeRefused",
  "no-answer": "state.offlineHint",
} as const;

function Problem({ error }: { readonly error: Error | null }) {
  const { t } = useTranslation();
  if (error === null) return null;
  const code = isProblem(error) ? error.code : "";
  const known = Object.hasOwn(KNOWN, code) ? KNOWN[code as keyof typeof KNOWN] : undefined;
  return (
    <Alert color="red" role="alert" variant="light">
      {known === undefined ? error.message : t(known)}
    </Alert>
  );
}
