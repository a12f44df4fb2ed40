import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { LANGUAGE_NAMES } from "../i18n/i18n.ts";
import { differences, type PromptDraft } from "./prompt-draft.ts";
import classes from "./versions.module.css";
import { useNewsroomWords } from "./words.ts";

interface Side {
  readonly label: string;
  readonly draft: PromptDraft;
}

/** The fields in which two versions of a prompt differ, side by side. */
export function FieldDiff({ one, other }: { readonly one: Side; readonly other: Side }) {
  const { t } = useTranslation();
  const shown = useShown();
  const fields = differences(one.draft, other.draft);
  if (fields.length === 0) return <Text size="sm">{t("newsroom.noDifference")}</Text>;
  return (
    <>
      {fields.map((field) => (
        <section key={field} className={classes.pair} aria-label={t(`newsroom.field.${field}`)}>
          <h3 className={classes.pairTitle}>{t(`newsroom.field.${field}`)}</h3>
          {[one, other].map(({ label, draft }) => (
            <div key={label}>
              <span className={classes.pairLabel}>{label}</span>
              <div className={classes.pairText}>{shown(draft, field)}</div>
            </div>
          ))}
        </section>
      ))}
    </>
  );
}

function useShown() {
  const { t } = useTranslation();
  const words = useNewsroomWords();
  return (draft: PromptDraft, field: keyof PromptDraft): string => {
    if (field === "scope") return t(`newsroom.scopeChoice.${draft.scope}`);
    if (field === "schedule") return t(`newsroom.scheduleChoice.${draft.schedule}`);
    if (field === "reviewPolicy") return t(`newsroom.policy.${draft.reviewPolicy}`);
    if (field === "weekday") return words.weekdayName(draft.weekday);
    if (field === "language") return LANGUAGE_NAMES[draft.language];
    if (field === "assistant" && draft.assistant === "") return t("newsroom.usualAssistant");
    const value = draft[field];
    const text = Array.isArray(value) ? value.join(", ") : String(value);
    return text.trim() === "" ? "–" : text;
  };
}
