import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { LANGUAGE_NAMES } from "../i18n/i18n.ts";
import { Section } from "../parts/section.tsx";
import type { Prompt } from "./queries.ts";
import classes from "./run.module.css";
import { useNewsroomWords } from "./words.ts";

/** For who reads and does not change. */
export default function PromptFacts({ prompt }: { readonly prompt: Prompt }) {
  const { t } = useTranslation();
  const words = useNewsroomWords();
  const facts = [
    [t("newsroom.field.title"), prompt.title],
    [t("newsroom.field.sources"), prompt.sources.join(", ")],
    [t("newsroom.field.scope"), words.scope(prompt)],
    [t("newsroom.field.schedule"), words.schedule(prompt)],
    [t("newsroom.field.language"), LANGUAGE_NAMES[prompt.language]],
    [t("newsroom.field.maxStatements"), String(prompt.maxStatements)],
    [t("newsroom.field.assistant"), prompt.assistant ?? t("newsroom.usualAssistant")],
    [t("newsroom.field.reviewPolicy"), t(`newsroom.policy.${prompt.reviewPolicy}`)],
  ] as const;
  return (
    <Section title={t("newsroom.what")}>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {prompt.instructions !== "" && (
        <Text size="sm" mt="sm" className="prose" lang={prompt.language}>
          {prompt.instructions}
        </Text>
      )}
    </Section>
  );
}
