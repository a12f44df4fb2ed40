import { Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./assistants.module.css";
import { type Draft, differences } from "./draft.ts";

/** The fields in which two drafts differ, side by side. */
export function FieldDiff({
  one,
  other,
}: {
  readonly one: { readonly label: string; readonly draft: Draft };
  readonly other: { readonly label: string; readonly draft: Draft };
}) {
  const { t } = useTranslation();
  return (
    <>
      {differences(one.draft, other.draft).map((field) => (
        <section key={field} aria-label={t(`assistants.field.${field}`)}>
          <Title order={3} size="h6" mb={4}>
            {t(`assistants.field.${field}`)}
          </Title>
          <div className={classes.versions}>
            <Side label={one.label} value={one.draft[field]} />
            <Side label={other.label} value={other.draft[field]} />
          </div>
        </section>
      ))}
    </>
  );
}

function Side({ label, value }: { readonly label: string; readonly value: Draft[keyof Draft] }) {
  return (
    <div>
      <Text size="xs" className="soft">
        {label}
      </Text>
      <Text size="sm" className={`sheet ${classes.version}`} p="xs">
        {useAsText(value)}
      </Text>
    </div>
  );
}

function useAsText(value: Draft[keyof Draft]): string {
  const { t } = useTranslation();
  if (value === null || value === "") return t("conflict.nothing");
  if (typeof value === "boolean") return t(value ? "conflict.yes" : "conflict.no");
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return t("conflict.nothing");
    const names = value.map((each) =>
      typeof each === "string" ? each : `${each.provider}:${each.model}`,
    );
    return names.join("\n");
  }
  return Object.entries(value)
    .filter(([, hours]) => hours !== "")
    .map(([day, hours]) => `${t(`assistants.day.${day}`, { defaultValue: day })}: ${hours}`)
    .join("\n");
}
