import { SimpleGrid, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type HealthComponent, useHealthWords } from "../parts/health-words.ts";
import { Icon } from "../parts/icon.tsx";
import { Section } from "../parts/section.tsx";
import { useFormats, useNow } from "../parts/time.ts";
import classes from "./operator.module.css";

const KINDS = ["bot", "session", "queue", "provider", "switch", "machine"] as const;
const ICONS = { ok: "tick", degraded: "warning", down: "warning", unknown: "question" } as const;

/** Everything that is looked at, the sound too: what is not here was not looked at. */
export function HealthMap({ components }: { readonly components: readonly HealthComponent[] }) {
  const { t } = useTranslation();
  return (
    <Section title={t("operator.map")} lead={t("operator.mapLead")}>
      <Stack gap="md">
        {KINDS.map((kind) => {
          const of = components.filter((component) => component.kind === kind);
          if (of.length === 0) return null;
          return (
            <div key={kind}>
              <Text size="sm" fw={600} mb={6} component="h3" m={0}>
                {t(`health.kind.${kind}`)}
              </Text>
              <SimpleGrid
                cols={{ base: 1, sm: 2, lg: 3 }}
                spacing="xs"
                component="ul"
                className={classes.plain}
              >
                {of.map((component) => (
                  <Cell key={component.id} component={component} />
                ))}
              </SimpleGrid>
            </div>
          );
        })}
      </Stack>
    </Section>
  );
}

function Cell({ component }: { readonly component: HealthComponent }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const words = useHealthWords();
  const now = useNow(60_000);
  const { state, since } = component;
  return (
    <li className={classes.cell} data-state={state}>
      <span className={classes.mark}>
        <Icon name={ICONS[state]} size={16} />
        <VisuallyHidden>{t(`operator.state.${state}`)}</VisuallyHidden>
      </span>
      <div className={classes.told}>
        <Text size="sm" fw={600}>
          {words.name(component)}
        </Text>
        <Text size="xs" className="soft" lang={words.verbatim(component) && "en"}>
          {words.verbatim(component) ?? words.said(component)}
        </Text>
        <Text
          size="xs"
          className="soft tabular"
          component="time"
          dateTime={since}
          title={formats.long(since)}
        >
          {t("operator.since", { ago: formats.ago(since, now) })}
        </Text>
      </div>
    </li>
  );
}
