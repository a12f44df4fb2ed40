import { Radio, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { problemAt } from "../parts/field-problem.ts";
import { SCOPES } from "./prompt-draft.ts";
import type { PromptFieldsProps } from "./prompt-form.tsx";

/** Which acts of an edition are read. */
export function ScopeFields({ draft, problems, onChange }: PromptFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Radio.Group
        label={t("newsroom.field.scope")}
        value={draft.scope}
        onChange={(value) =>
          onChange({ ...draft, scope: SCOPES.find((scope) => scope === value) ?? "whole" })
        }
      >
        <Stack gap={6} mt={6}>
          {SCOPES.map((scope) => (
            <Radio key={scope} value={scope} label={t(`newsroom.scopeChoice.${scope}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {draft.scope === "sections" && (
        <Textarea
          label={t("newsroom.field.sections")}
          description={t("newsroom.sectionsHint")}
          value={draft.sections}
          error={problemAt(problems, "scope")}
          autosize
          minRows={2}
          required
          withAsterisk={false}
          onChange={({ currentTarget }) => onChange({ ...draft, sections: currentTarget.value })}
        />
      )}
      {draft.scope === "matching" && (
        <Topic draft={draft} problems={problems} onChange={onChange} />
      )}
    </>
  );
}

const HEADINGS = ["body", "section", "person", "place"] as const;

function Topic({ draft, problems, onChange }: PromptFieldsProps) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <Textarea
          label={t("newsroom.field.anyOf")}
          description={t("newsroom.anyOfHint")}
          placeholder={t("newsroom.anyOfExample")}
          value={draft.anyOf}
          error={problemAt(problems, "scope")}
          autosize
          minRows={2}
          onChange={({ currentTarget }) => onChange({ ...draft, anyOf: currentTarget.value })}
        />
        <Textarea
          label={t("newsroom.field.without")}
          description={t("newsroom.withoutHint")}
          value={draft.without}
          autosize
          minRows={2}
          onChange={({ currentTarget }) => onChange({ ...draft, without: currentTarget.value })}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        {HEADINGS.map((field) => (
          <TextInput
            key={field}
            label={t(`newsroom.field.${field}`)}
            value={draft[field]}
            maxLength={100}
            autoComplete="off"
            onChange={({ currentTarget }) => onChange({ ...draft, [field]: currentTarget.value })}
          />
        ))}
      </SimpleGrid>
    </Stack>
  );
}
