import {
  Checkbox,
  Fieldset,
  NativeSelect,
  NumberInput,
  Radio,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGE_NAMES, LANGUAGES } from "../i18n/i18n.ts";
import { numberField, textField } from "../parts/draft-fields.ts";
import { type FieldProblem, problemAt } from "../parts/field-problem.ts";
import { POLICIES, type PromptDraft } from "./prompt-draft.ts";
import { useAssistantNames, useSourceChoice } from "./queries.ts";
import { ScheduleFields } from "./schedule-fields.tsx";
import { ScopeFields } from "./scope-fields.tsx";

/** What the server may find wrong, and which of these fields says it. */
export const PROMPT_FIELDS = [
  "name",
  "title",
  "language",
  "assistant",
  "sources",
  "instructions",
  "maxStatements",
  "scope",
  "schedule",
];

export interface PromptFieldsProps {
  readonly draft: PromptDraft;
  readonly problems: readonly FieldProblem[];
  readonly onChange: (draft: PromptDraft) => void;
}

/** What a prompt is called, what it reads and when, what is wanted of it, and who writes. */
export function PromptFields(props: PromptFieldsProps) {
  const { t } = useTranslation();
  return (
    <Stack gap="lg">
      <Identity {...props} />
      <Fieldset legend={t("newsroom.what")}>
        <Stack gap="md">
          <SourceFields {...props} />
          <ScopeFields {...props} />
        </Stack>
      </Fieldset>
      <Fieldset legend={t("newsroom.field.schedule")}>
        <ScheduleFields {...props} />
      </Fieldset>
      <Writing {...props} />
    </Stack>
  );
}

function Identity(props: PromptFieldsProps) {
  const { t } = useTranslation();
  const field = { required: true, withAsterisk: false, autoComplete: "off" } as const;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      <TextInput
        {...field}
        label={t("newsroom.field.name")}
        description={t("newsroom.nameHint")}
        {...textField(props, "name", "name")}
        maxLength={80}
      />
      <TextInput
        {...field}
        label={t("newsroom.field.title")}
        description={t("newsroom.titleHint")}
        {...textField(props, "title", "title")}
        maxLength={120}
      />
    </SimpleGrid>
  );
}

/** Those that are collected by their names; others, which were read by hand, by their slugs. */
function SourceFields({ draft, problems, onChange }: PromptFieldsProps) {
  const { t } = useTranslation();
  const known = useSourceChoice();
  const listed = (known.data ?? []).map(({ slug, name }) => ({ slug, name }));
  const isListed = (slug: string) => listed.some((each) => each.slug === slug);
  const others = draft.sources.filter((slug) => !isListed(slug));
  return (
    <>
      {listed.length > 0 && (
        <Checkbox.Group
          label={t("newsroom.field.sources")}
          value={draft.sources.filter(isListed)}
          onChange={(chosen) => onChange({ ...draft, sources: [...chosen, ...others] })}
          error={problemAt(problems, "sources")}
        >
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={6} mt="xs">
            {listed.map(({ slug, name }) => (
              <Checkbox key={slug} value={slug} label={name} />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
      )}
      <OtherSources
        label={t(listed.length > 0 ? "newsroom.otherSources" : "newsroom.field.sources")}
        slugs={others}
        error={listed.length > 0 ? undefined : problemAt(problems, "sources")}
        onChange={(slugs) =>
          onChange({ ...draft, sources: [...draft.sources.filter(isListed), ...slugs] })
        }
      />
    </>
  );
}

function OtherSources({
  label,
  slugs,
  error,
  onChange,
}: {
  readonly label: string;
  readonly slugs: readonly string[];
  readonly error: string | undefined;
  readonly onChange: (slugs: readonly string[]) => void;
}) {
  const { t } = useTranslation();
  // As it is typed: a comma at its end is no slug yet.
  const [text, setText] = useState(slugs.join(", "));
  return (
    <TextInput
      label={label}
      description={t("newsroom.otherSourcesHint")}
      placeholder="la-gaceta"
      value={text}
      error={error}
      autoComplete="off"
      spellCheck={false}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        onChange(value.split(/[\s,]+/).filter((slug) => slug !== ""));
      }}
    />
  );
}

function Writing(props: PromptFieldsProps) {
  const { draft, onChange } = props;
  const { t } = useTranslation();
  const assistants = useAssistantNames();
  const names = [...new Set([...(assistants.data ?? []), draft.assistant])].filter(
    (name) => name !== "",
  );
  return (
    <Fieldset legend={t("newsroom.writing")}>
      <Stack gap="md">
        <Textarea
          label={t("newsroom.field.instructions")}
          description={t("newsroom.instructionsHint")}
          {...textField(props, "instructions", "instructions")}
          maxLength={4_000}
          autosize
          minRows={4}
        />
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
          <NativeSelect
            label={t("newsroom.field.language")}
            value={draft.language}
            data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
            onChange={({ currentTarget: { value } }) =>
              onChange({ ...draft, language: LANGUAGES.find((each) => each === value) ?? "es" })
            }
          />
          <NumberInput
            label={t("newsroom.field.maxStatements")}
            {...numberField(props, "maxStatements", "maxStatements")}
            min={1}
            max={40}
            allowDecimal={false}
          />
          <NativeSelect
            label={t("newsroom.field.assistant")}
            {...textField(props, "assistant", "assistant")}
            data={[
              { value: "", label: t("newsroom.usualAssistant") },
              ...names.map((value) => ({ value, label: value })),
            ]}
          />
        </SimpleGrid>
        <Text size="xs" className="soft">
          {t("newsroom.assistantHint")}
        </Text>
        <Radio.Group
          label={t("newsroom.field.reviewPolicy")}
          value={draft.reviewPolicy}
          onChange={(value) =>
            onChange({
              ...draft,
              reviewPolicy: POLICIES.find((policy) => policy === value) ?? "required",
            })
          }
        >
          <Stack gap={6} mt={6}>
            {POLICIES.map((policy) => (
              <Radio key={policy} value={policy} label={t(`newsroom.policy.${policy}`)} />
            ))}
          </Stack>
        </Radio.Group>
      </Stack>
    </Fieldset>
  );
}
