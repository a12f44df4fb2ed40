import { Fieldset, Group, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Campaign } from "./queries.ts";

type Template = NonNullable<Campaign["template"]>;
const NONE: Template = { name: "", language: "es", parameters: [] };

/** For WhatsApp Cloud, to whom the text may not be sent any more. */
export function TemplateFields({
  template,
  onChange,
  isDisabled,
}: {
  readonly template: Template | null;
  readonly onChange: (template: Template | null) => void;
  readonly isDisabled: boolean;
}) {
  const { t } = useTranslation();
  const shown = template ?? NONE;
  const change = (part: Partial<Template>) => {
    const wanted = { ...shown, ...part };
    onChange(wanted.name === "" ? null : wanted);
  };
  return (
    <Fieldset legend={t("campaigns.template")} disabled={isDisabled}>
      <Group grow align="flex-start">
        <TextInput
          label={t("campaigns.templateName")}
          value={shown.name}
          onChange={({ currentTarget }) => change({ name: currentTarget.value.trim() })}
          maxLength={512}
        />
        <TextInput
          label={t("campaigns.templateLanguage")}
          value={shown.language}
          onChange={({ currentTarget }) => change({ language: currentTarget.value.trim() })}
          maxLength={6}
        />
      </Group>
      <Textarea
        mt="sm"
        label={t("campaigns.templateParameters")}
        description={t("campaigns.templateParametersHint")}
        value={(shown.parameters ?? []).join("\n")}
        onChange={({ currentTarget }) => change({ parameters: currentTarget.value.split("\n") })}
        autosize
        minRows={2}
        disabled={isDisabled || shown.name === ""}
      />
    </Fieldset>
  );
}
