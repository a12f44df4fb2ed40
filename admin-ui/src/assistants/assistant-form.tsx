import {
  Checkbox,
  MultiSelect,
  NumberInput,
  Paper,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Textarea,
  TextInput,
  Title,
} from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ChainEditor } from "./chain-editor.tsx";
import { type Draft, ROUTES } from "./draft.ts";
import { HoursEditor } from "./hours-editor.tsx";
import { useKnowledgeSetNames, useModels } from "./queries.ts";

const LEVELS = ["easy", "plain", "professional"] as const;
const CHECKS = ["installation", "on", "off"] as const;

interface Part {
  readonly draft: Draft;
  readonly isReadOnly: boolean;
  readonly onChange: (patch: Partial<Draft>) => void;
}

/** Everything that an assistant is set up by; whoever may only read sees the same without being able to change it. */
export default function AssistantForm({
  name,
  isSavedDefault,
  ...part
}: Part & { readonly name: string; readonly isSavedDefault: boolean }) {
  return (
    <>
      <Manner {...part} />
      <Models {...part} name={name} />
      <Knowledge {...part} />
      <People {...part} />
      <Use {...part} isSavedDefault={isSavedDefault} />
    </>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Paper p="md" className="sheet" component="section" aria-label={title}>
      <Title order={2} size="h5" mb="sm">
        {title}
      </Title>
      <Stack gap="sm">{children}</Stack>
    </Paper>
  );
}

function Manner({ draft, isReadOnly, onChange }: Part) {
  const { t } = useTranslation();
  return (
    <Section title={t("assistants.section.manner")}>
      <TextInput
        label={t("assistants.field.persona")}
        description={t("assistants.personaHint")}
        value={draft.persona}
        maxLength={400}
        readOnly={isReadOnly}
        onChange={(event) => onChange({ persona: event.currentTarget.value })}
      />
      <TextInput
        label={t("assistants.field.tone")}
        description={t("assistants.toneHint")}
        value={draft.tone}
        maxLength={200}
        readOnly={isReadOnly}
        onChange={(event) => onChange({ tone: event.currentTarget.value })}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label={t("assistants.field.readingLevel")}
          value={draft.readingLevel}
          readOnly={isReadOnly}
          allowDeselect={false}
          data={LEVELS.map((value) => ({ value, label: t(`assistants.level.${value}`) }))}
          onChange={(value) =>
            onChange({ readingLevel: LEVELS.find((each) => each === value) ?? "plain" })
          }
        />
        <NumberInput
          label={t("assistants.field.maxSentences")}
          value={draft.maxSentences}
          min={1}
          max={12}
          allowDecimal={false}
          clampBehavior="strict"
          readOnly={isReadOnly}
          onChange={(value) => onChange({ maxSentences: Number(value) || 1 })}
        />
      </SimpleGrid>
      <Textarea
        label={t("assistants.field.greeting")}
        description={t("assistants.greetingHint")}
        value={draft.greeting}
        maxLength={500}
        autosize
        minRows={2}
        readOnly={isReadOnly}
        onChange={(event) => onChange({ greeting: event.currentTarget.value })}
      />
      <Textarea
        label={t("assistants.field.disclaimer")}
        description={t("assistants.disclaimerHint")}
        value={draft.disclaimer}
        maxLength={500}
        autosize
        minRows={2}
        readOnly={isReadOnly}
        onChange={(event) => onChange({ disclaimer: event.currentTarget.value })}
      />
      <Textarea
        label={t("assistants.field.forbiddenTopics")}
        description={t("assistants.topicsHint")}
        value={draft.forbiddenTopics}
        autosize
        minRows={2}
        readOnly={isReadOnly}
        onChange={(event) => onChange({ forbiddenTopics: event.currentTarget.value })}
      />
    </Section>
  );
}

function Models({ name, draft, isReadOnly, onChange }: Part & { readonly name: string }) {
  const { t } = useTranslation();
  const models = useModels();
  const check =
    draft.checksGrounding === null ? "installation" : draft.checksGrounding ? "on" : "off";
  return (
    <Section title={t("assistants.section.models")}>
      <Switch
        label={t("assistants.field.quotesOnly")}
        description={t("assistants.quotesOnlyHint")}
        checked={draft.quotesOnly}
        disabled={isReadOnly}
        onChange={(event) => onChange({ quotesOnly: event.currentTarget.checked })}
      />
      {ROUTES.map((route) => (
        <ChainEditor
          key={route}
          label={t(`assistants.field.${route}`)}
          links={draft[route]}
          states={(models.data ?? []).filter(
            (each) =>
              each.assistant === name && each.route === (route === "chain" ? "usual" : "large"),
          )}
          isReadOnly={isReadOnly}
          onChange={(links) => onChange({ [route]: links })}
        />
      ))}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NumberInput
          label={t("assistants.field.largeContextCharacters")}
          value={draft.largeContextCharacters}
          min={500}
          max={20_000}
          step={500}
          allowDecimal={false}
          readOnly={isReadOnly}
          onChange={(value) => onChange({ largeContextCharacters: Number(value) })}
        />
        <NumberInput
          label={t("assistants.field.temperature")}
          value={draft.temperature}
          min={0}
          max={1}
          step={0.1}
          decimalScale={2}
          readOnly={isReadOnly}
          onChange={(value) => onChange({ temperature: Number(value) })}
        />
        <Select
          label={t("assistants.field.checksGrounding")}
          value={check}
          readOnly={isReadOnly}
          allowDeselect={false}
          data={CHECKS.map((value) => ({ value, label: t(`assistants.check.${value}`) }))}
          onChange={(value) =>
            onChange({ checksGrounding: value === "installation" ? null : value === "on" })
          }
        />
      </SimpleGrid>
    </Section>
  );
}

function Knowledge({ draft, isReadOnly, onChange }: Part) {
  const { t } = useTranslation();
  const sets = useKnowledgeSetNames();
  // One that was taken away since is shown all the same: it is still what answers rest on.
  const names = [...new Set([...(sets.data ?? []), ...draft.knowledgeSets])];
  return (
    <Section title={t("assistants.section.knowledge")}>
      <MultiSelect
        label={t("assistants.field.knowledgeSets")}
        description={t("assistants.setsHint")}
        placeholder={draft.knowledgeSets.length === 0 ? t("assistants.allSets") : ""}
        data={names}
        value={[...draft.knowledgeSets]}
        readOnly={isReadOnly}
        nothingFoundMessage={t("assistants.noSets")}
        onChange={(knowledgeSets) => onChange({ knowledgeSets })}
      />
    </Section>
  );
}

function People({ draft, isReadOnly, onChange }: Part) {
  const { t } = useTranslation();
  return (
    <Section title={t("assistants.section.people")}>
      <Switch
        label={t("assistants.field.handsOver")}
        description={t("assistants.handsOverHint")}
        checked={draft.handsOver}
        disabled={isReadOnly}
        onChange={(event) => onChange({ handsOver: event.currentTarget.checked })}
      />
      {draft.handsOver && (
        <>
          <NumberInput
            label={t("assistants.field.afterAbstentions")}
            description={t("assistants.afterAbstentionsHint")}
            value={draft.afterAbstentions}
            min={0}
            max={10}
            allowDecimal={false}
            readOnly={isReadOnly}
            onChange={(value) => onChange({ afterAbstentions: Number(value) })}
          />
          <Textarea
            label={t("assistants.field.handOverWords")}
            description={t("assistants.wordsHint")}
            value={draft.handOverWords}
            autosize
            minRows={2}
            readOnly={isReadOnly}
            onChange={(event) => onChange({ handOverWords: event.currentTarget.value })}
          />
        </>
      )}
      <HoursEditor draft={draft} isReadOnly={isReadOnly} onChange={onChange} />
      <Checkbox
        label={t("assistants.field.resendsUnknown")}
        description={t("assistants.resendsHint")}
        checked={draft.resendsUnknown}
        disabled={isReadOnly}
        onChange={(event) => onChange({ resendsUnknown: event.currentTarget.checked })}
      />
    </Section>
  );
}

function Use({
  draft,
  isReadOnly,
  isSavedDefault,
  onChange,
}: Part & { readonly isSavedDefault: boolean }) {
  const { t } = useTranslation();
  return (
    <Section title={t("assistants.section.use")}>
      <Switch
        label={t("assistants.field.isDefault")}
        description={t(isSavedDefault ? "assistants.isDefaultStays" : "assistants.isDefaultHint")}
        checked={draft.isDefault}
        disabled={isReadOnly || isSavedDefault}
        onChange={(event) => onChange({ isDefault: event.currentTarget.checked })}
      />
    </Section>
  );
}
