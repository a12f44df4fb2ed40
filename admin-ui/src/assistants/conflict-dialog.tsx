import { Button, Group, Modal, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./assistants.module.css";
import { type Draft, differences } from "./draft.ts";

/** Somebody else saved meanwhile: shows field by field what they have and what stands here, and lets one choose. */
export default function ConflictDialog({
  mine,
  theirs,
  isSaving,
  onMine,
  onTheirs,
  onClose,
}: {
  readonly mine: Draft;
  readonly theirs: Draft;
  readonly isSaving: boolean;
  readonly onMine: () => void;
  readonly onTheirs: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t("conflict.title")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        <Text size="sm">{t("conflict.lead")}</Text>
        {differences(mine, theirs).map((field) => (
          <section key={field} aria-label={t(`assistants.field.${field}`)}>
            <Title order={3} size="h6" mb={4}>
              {t(`assistants.field.${field}`)}
            </Title>
            <div className={classes.versions}>
              <Version label={t("conflict.theirs")} value={theirs[field]} />
              <Version label={t("conflict.mine")} value={mine[field]} />
            </div>
          </section>
        ))}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("conflict.goOn")}
          </Button>
          <Button variant="default" onClick={onTheirs}>
            {t("conflict.takeTheirs")}
          </Button>
          <Button loading={isSaving} onClick={onMine}>
            {t("conflict.takeMine")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Version({ label, value }: { readonly label: string; readonly value: Draft[keyof Draft] }) {
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
