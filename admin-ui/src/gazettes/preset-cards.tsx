import { Alert, Badge, Button, Group, Paper, SimpleGrid, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./gazettes.module.css";
import type { Preset } from "./queries.ts";

/** Gazettes that are known by name; of those whose address is not known for sure, why they begin paused. */
export function PresetCards({
  presets,
  taken,
  busy,
  onAdd,
  onAdjust,
}: {
  readonly presets: readonly Preset[];
  /** Slugs that are there already. */
  readonly taken: ReadonlySet<string>;
  /** The one that is being added. */
  readonly busy: string | undefined;
  readonly onAdd: (preset: Preset) => void;
  readonly onAdjust: (preset: Preset) => void;
}) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      {presets.map((preset) => {
        const { name, title, country, timeZone, settings, doubt } = preset;
        const isTaken = taken.has(name);
        return (
          <Paper
            key={name}
            className={`sheet ${classes.preset}`}
            component="section"
            aria-label={title}
          >
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Title order={3} size="h5">
                {title}
              </Title>
              {isTaken && (
                <Badge variant="light" color="green" tt="none" flex="none">
                  {t("gazettes.taken")}
                </Badge>
              )}
            </Group>
            <Text size="xs" className="soft">
              {country} · {timeZone} · {t(`gazettes.kind.${settings.locator.kind}`)} ·{" "}
              {settings.expectedAt}
            </Text>
            {doubt === null && (
              <Text size="xs">
                {t("gazettes.startsNow")} <b>{settings.hosts.join(", ")}</b>
              </Text>
            )}
            {doubt !== null && (
              <Alert
                color="yellow"
                variant="light"
                py={8}
                px={10}
                title={t("gazettes.startsPaused")}
              >
                <Text size="xs">
                  {t(`gazettes.doubt.${name as "dof"}`, { defaultValue: doubt })}
                </Text>
              </Alert>
            )}
            <Group gap="xs" mt="auto">
              <Button
                size="xs"
                disabled={isTaken}
                loading={busy === name}
                onClick={() => onAdd(preset)}
                aria-label={t("gazettes.addNamed", { name: title })}
              >
                {t("gazettes.addIt")}
              </Button>
              <Button
                size="xs"
                variant="default"
                disabled={isTaken}
                onClick={() => onAdjust(preset)}
                aria-label={t("gazettes.adjustNamed", { name: title })}
              >
                {t("gazettes.adjust")}
              </Button>
            </Group>
          </Paper>
        );
      })}
    </SimpleGrid>
  );
}
