import {
  Button,
  Checkbox,
  Group,
  NativeSelect,
  NumberInput,
  Stack,
  TextInput,
} from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { GET, isProblem, PATCH, PUT } from "../api/api.ts";
import { LANGUAGE_NAMES, LANGUAGES, type UiLanguage } from "../i18n/i18n.ts";
import { textOf } from "../parts/form-dialog.tsx";
import { Section } from "../parts/section.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone, tellFailure } from "../parts/tell.ts";

const ZONES = Intl.supportedValuesOf("timeZone");
const LONGEST_DAYS = 36_500;
const MOST_CONTACTS = 10_000_000;

/** The institution's name, languages, clock, how long it keeps, and when a second person must agree. */
export default function Organisation() {
  const settings = useQuery({
    queryKey: ["tenant", "settings"],
    queryFn: async () => {
      const { data, response } = await GET("/api/v1/tenant");
      return { tenant: data, etag: response.headers.get("etag") ?? "" };
    },
  });
  if (settings.isError) return <Failure error={settings.error} retry={() => settings.refetch()} />;
  if (settings.data === undefined) return <LoadingRows />;
  return (
    <Stack gap="lg">
      <TenantForm key={settings.data.etag} {...settings.data} />
      <Policy />
    </Stack>
  );
}

function TenantForm({
  tenant,
  etag,
}: {
  readonly tenant: Schema<"Tenant">;
  readonly etag: string;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [spoken, setSpoken] = useState<readonly UiLanguage[]>(tenant.languages);
  const assistants = useQuery({
    queryKey: ["assistants", "names"],
    queryFn: async () => (await GET("/api/v1/assistants")).data.assistants,
  });
  const save = useMutation({
    mutationFn: (body: Schema<"ChangeTenantRequest">) =>
      PATCH("/api/v1/tenant", { params: { header: { "If-Match": etag } }, body }),
    onError: async (error) => {
      tellFailure(error);
      if (isProblem(error) && error.status === 412) await read();
    },
    onSuccess: async () => {
      tellDone(t("settings.saved"));
      await read();
    },
  });
  async function read() {
    await queries.invalidateQueries({ queryKey: ["tenant"] });
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const days = textOf(form, "retentionDays");
    const assistant = textOf(form, "defaultAssistant");
    save.mutate({
      name: textOf(form, "name"),
      languages: [...spoken],
      timeZone: textOf(form, "timeZone"),
      retentionDays: days === "" ? null : Number(days),
      ...(assistant !== "" && { defaultAssistant: assistant }),
    });
  };
  const names = assistants.data?.map(({ name }) => name) ?? [];
  const { defaultAssistant } = tenant;
  return (
    <Section title={t("settings.tab.organisation")}>
      <form onSubmit={submit}>
        <Stack maw={520}>
          <TextInput
            name="name"
            label={t("settings.name")}
            defaultValue={tenant.name}
            maxLength={120}
            required
            withAsterisk={false}
          />
          <Languages spoken={spoken} onChange={setSpoken} />
          <NativeSelect
            name="timeZone"
            label={t("settings.timeZone")}
            description={t("settings.timeZoneHint")}
            defaultValue={tenant.timeZone}
            data={[...new Set([tenant.timeZone, ...ZONES])]}
          />
          <NumberInput
            name="retentionDays"
            label={t("settings.retention")}
            description={t("settings.retentionHint")}
            defaultValue={tenant.retentionDays ?? ""}
            min={1}
            max={LONGEST_DAYS}
            allowDecimal={false}
          />
          {names.length > 0 && (
            <NativeSelect
              name="defaultAssistant"
              label={t("settings.assistant")}
              description={t("settings.assistantHint")}
              defaultValue={defaultAssistant ?? ""}
              data={[
                ...(defaultAssistant === null
                  ? [{ value: "", label: t("settings.noAssistant") }]
                  : []),
                ...names,
              ]}
            />
          )}
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t("settings.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

/** Which are spoken, and which of them where nobody's language is known: that one stands first. */
function Languages({
  spoken,
  onChange,
}: {
  readonly spoken: readonly UiLanguage[];
  readonly onChange: (spoken: readonly UiLanguage[]) => void;
}) {
  const { t } = useTranslation();
  const order = (first: UiLanguage | undefined, all: readonly UiLanguage[]) =>
    [...all].sort((one, other) => Number(other === first) - Number(one === first));
  return (
    <>
      <Checkbox.Group
        label={t("settings.languages")}
        value={[...spoken]}
        onChange={(values) => {
          const chosen = LANGUAGES.filter((each) => values.includes(each));
          if (chosen.length > 0) onChange(order(spoken[0], chosen));
        }}
      >
        <Group mt="xs">
          {LANGUAGES.map((language) => (
            <Checkbox
              key={language}
              value={language}
              label={LANGUAGE_NAMES[language]}
              lang={language}
            />
          ))}
        </Group>
      </Checkbox.Group>
      <NativeSelect
        label={t("settings.firstLanguage")}
        value={spoken[0] ?? ""}
        onChange={({ currentTarget: { value } }) =>
          onChange(
            order(
              LANGUAGES.find((each) => each === value),
              spoken,
            ),
          )
        }
        data={spoken.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] }))}
      />
    </>
  );
}

/** From how many contacts on a second person must agree to a campaign. */
function Policy() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const policy = useQuery({
    queryKey: ["campaign-policy"],
    queryFn: async () => (await GET("/api/v1/campaign-policy")).data.approvalAbove,
  });
  const save = useMutation({
    mutationFn: (approvalAbove: number) =>
      PUT("/api/v1/campaign-policy", { body: { approvalAbove } }),
    onError: tellFailure,
    onSuccess: async () => {
      tellDone(t("settings.saved"));
      await queries.invalidateQueries({ queryKey: ["campaign-policy"] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate(Number(textOf(new FormData(event.currentTarget), "approvalAbove")));
  };
  return (
    <Section title={t("settings.policy")} lead={t("settings.policyHint")}>
      {policy.isError && <Failure error={policy.error} retry={() => policy.refetch()} />}
      {policy.isPending && <LoadingRows rows={1} />}
      {policy.data !== undefined && (
        <form onSubmit={submit}>
          <Group align="flex-end">
            <NumberInput
              key={policy.data}
              name="approvalAbove"
              label={t("settings.policyLabel")}
              defaultValue={policy.data}
              min={0}
              max={MOST_CONTACTS}
              allowDecimal={false}
              required
              withAsterisk={false}
            />
            <Button type="submit" variant="default" loading={save.isPending}>
              {t("settings.savePolicy")}
            </Button>
          </Group>
        </form>
      )}
    </Section>
  );
}
