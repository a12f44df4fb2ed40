import {
  Button,
  Fieldset,
  Group,
  NativeSelect,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGE_NAMES, LANGUAGES } from "../i18n/i18n.ts";
import { type FieldProblem, problemAt } from "../parts/field-problem.ts";
import { todayIn } from "./calendar-grid.ts";
import type { NewSource } from "./new-source.ts";
import { slugOf } from "./settings-draft.ts";
import { SourceFields } from "./source-fields.tsx";

/** What the server may find wrong, and which of these fields says it. */
export const IDENTITY_FIELDS = [
  "source.name",
  "source.slug",
  "source.language",
  "source.country",
  "source.timeZone",
  "since",
];

const ZONES = Intl.supportedValuesOf("timeZone");

export function SourceForm({
  source,
  problems,
  isBusy,
  onChange,
  onAnew,
  onSubmit,
}: {
  readonly source: NewSource;
  readonly problems: readonly FieldProblem[];
  readonly isBusy: boolean;
  readonly onChange: (source: NewSource) => void;
  /** Forget the gazette that was known by name. */
  readonly onAnew: () => void;
  readonly onSubmit: (source: NewSource) => void;
}) {
  const { t } = useTranslation();
  const { preset, name, timeZone, settings } = source;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(source);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        {preset === undefined ? (
          <Identity source={source} problems={problems} onChange={onChange} />
        ) : (
          <Group justify="space-between">
            <Text size="sm">{t("gazettes.adjusting", { name })}</Text>
            <Button size="xs" variant="subtle" onClick={onAnew}>
              {t("gazettes.anew")}
            </Button>
          </Group>
        )}
        <SourceFields
          draft={settings}
          problems={problems}
          timeZone={timeZone}
          onChange={(changed) => onChange({ ...source, settings: changed })}
        />
        <TextInput
          type="date"
          label={t("gazettes.since")}
          description={t("gazettes.sinceHint")}
          value={source.since}
          max={todayIn(timeZone, Date.now())}
          error={problemAt(problems, "since")}
          onChange={({ currentTarget }) => onChange({ ...source, since: currentTarget.value })}
          required
          withAsterisk={false}
          maw={260}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={isBusy}>
            {t("gazettes.add")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Identity({
  source,
  problems,
  onChange,
}: {
  readonly source: NewSource;
  readonly problems: readonly FieldProblem[];
  readonly onChange: (source: NewSource) => void;
}) {
  const { t } = useTranslation();
  const field = { required: true, withAsterisk: false, autoComplete: "off" } as const;
  return (
    <Fieldset legend={t("gazettes.identity")}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <TextInput
          {...field}
          label={t("gazettes.name")}
          value={source.name}
          maxLength={120}
          error={problemAt(problems, "source.name")}
          onChange={({ currentTarget }) => onChange({ ...source, name: currentTarget.value })}
        />
        <TextInput
          {...field}
          label={t("gazettes.slug")}
          value={source.slug ?? slugOf(source.name)}
          maxLength={60}
          error={problemAt(problems, "source.slug")}
          onChange={({ currentTarget }) => onChange({ ...source, slug: currentTarget.value })}
        />
        <TextInput
          {...field}
          label={t("gazettes.country")}
          placeholder="CR"
          value={source.country}
          maxLength={2}
          error={problemAt(problems, "source.country")}
          onChange={({ currentTarget }) => onChange({ ...source, country: currentTarget.value })}
        />
        <NativeSelect
          label={t("gazettes.language")}
          value={source.language}
          error={problemAt(problems, "source.language")}
          data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          onChange={({ currentTarget: { value } }) =>
            onChange({ ...source, language: LANGUAGES.find((each) => each === value) ?? "es" })
          }
        />
        <NativeSelect
          label={t("gazettes.timeZone")}
          description={t("gazettes.timeZoneHint")}
          value={source.timeZone}
          error={problemAt(problems, "source.timeZone")}
          data={[...new Set([source.timeZone, ...ZONES])]}
          onChange={({ currentTarget }) => onChange({ ...source, timeZone: currentTarget.value })}
        />
      </SimpleGrid>
    </Fieldset>
  );
}
