import { Checkbox, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { usePrompts } from "./queries.ts";

/** Of which prompts what is approved is published by itself. */
export function PromptChoice({
  chosen,
  onChange,
}: {
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}) {
  const { t } = useTranslation();
  const prompts = usePrompts();
  if (prompts.data === undefined || prompts.data.length === 0) return null;
  return (
    <Checkbox.Group
      label={t("publishing.byItself")}
      description={t("publishing.byItselfHint")}
      value={[...chosen]}
      onChange={onChange}
    >
      <Stack gap={6} mt="xs">
        {prompts.data.map(({ id, name }) => (
          <Checkbox key={id} value={id} label={name} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
