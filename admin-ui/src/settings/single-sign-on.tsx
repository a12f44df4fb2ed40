import {
  Alert,
  Button,
  Code,
  Group,
  NativeSelect,
  PasswordInput,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { DELETE, GET, isProblem, PUT } from "../api/api.ts";
import { FormDialog, textOf } from "../parts/form-dialog.tsx";
import { Section } from "../parts/section.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone, tellFailure } from "../parts/tell.ts";

type Provider = Schema<"IdentityProvider">;
const ROLES = ["viewer", "agent", "editor"] as const satisfies readonly Provider["domainRole"][];
const KEY = ["single-sign-on"];

/** The institution's own accounts: who signs in with them, and as what. */
export default function SingleSignOn() {
  const found = useQuery({
    queryKey: KEY,
    queryFn: async () => {
      try {
        const { data, response } = await GET("/api/v1/tenant/single-sign-on");
        return { provider: data, etag: response.headers.get("etag") ?? undefined };
      } catch (error) {
        if (isProblem(error) && error.status === 404) {
          return { provider: undefined, etag: undefined };
        }
        throw error;
      }
    },
  });
  if (found.isError) return <Failure error={found.error} retry={() => found.refetch()} />;
  if (found.data === undefined) return <LoadingRows />;
  return <ProviderForm key={found.data.etag ?? "none"} {...found.data} />;
}

function ProviderForm({
  provider,
  etag,
}: {
  readonly provider: Provider | undefined;
  readonly etag: string | undefined;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isRemoving, setRemoving] = useState(false);
  const save = useMutation({
    mutationFn: (body: Schema<"SaveIdentityProviderRequest">) =>
      PUT("/api/v1/tenant/single-sign-on", {
        ...(etag !== undefined && { params: { header: { "If-Match": etag } } }),
        body,
      }),
    onSuccess: () => {
      tellDone(t("settings.saved"));
      return queries.invalidateQueries({ queryKey: KEY });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const secret = textOf(form, "clientSecret");
    save.mutate({
      issuer: textOf(form, "issuer"),
      clientId: textOf(form, "clientId"),
      ...(secret !== "" && { clientSecret: secret }),
      domains: textOf(form, "domains")
        .split(/[\s,;]+/)
        .filter(Boolean),
      domainRole: ROLES.find((each) => each === textOf(form, "domainRole")) ?? "viewer",
    });
  };
  const field = { required: true, withAsterisk: false, autoComplete: "off" } as const;
  return (
    <Section title={t("settings.tab.sign-on")} lead={t("sso.lead")}>
      <form onSubmit={submit}>
        <Stack maw={520}>
          {save.error !== null && (
            <Alert color="red" variant="light" role="alert">
              {save.error.message}
            </Alert>
          )}
          {provider !== undefined && (
            <Text size="sm">
              {t("sso.redirect")}{" "}
              <Code style={{ overflowWrap: "anywhere" }}>{provider.redirectUri}</Code>
            </Text>
          )}
          <TextInput
            {...field}
            name="issuer"
            type="url"
            label={t("sso.issuer")}
            description={t("sso.issuerHint")}
            defaultValue={provider?.issuer ?? ""}
          />
          <TextInput
            {...field}
            name="clientId"
            label={t("sso.clientId")}
            defaultValue={provider?.clientId ?? ""}
          />
          <PasswordInput
            {...field}
            required={provider === undefined}
            name="clientSecret"
            label={t("sso.clientSecret")}
            description={provider === undefined ? undefined : t("sso.secretKept")}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
          />
          <TextInput
            name="domains"
            label={t("sso.domains")}
            description={t("sso.domainsHint")}
            defaultValue={provider?.domains.join(", ") ?? ""}
          />
          <NativeSelect
            name="domainRole"
            label={t("sso.domainRole")}
            defaultValue={provider?.domainRole ?? "viewer"}
            data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
          />
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t("settings.save")}
            </Button>
            {provider !== undefined && (
              <Button variant="outline" color="red" onClick={() => setRemoving(true)}>
                {t("sso.remove")}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
      {isRemoving && <Remove onClose={() => setRemoving(false)} />}
    </Section>
  );
}

function Remove({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => DELETE("/api/v1/tenant/single-sign-on"),
    onError: tellFailure,
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: KEY });
    },
  });
  return (
    <FormDialog
      title={t("sso.remove")}
      lead={t("sso.removeHint")}
      submit={t("sso.remove")}
      color="red"
      isBusy={remove.isPending}
      onClose={onClose}
      onSubmit={() => remove.mutate()}
    />
  );
}
