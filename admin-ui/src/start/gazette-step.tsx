import { Alert, Badge, Button, Group, Loader, Select, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import DropZone from "../documents/drop-zone.tsx";
import { useDocuments } from "../documents/queries.ts";
import { Icon } from "../parts/icon.tsx";
import { useFormats } from "../parts/time.ts";
import { type GettingStarted, useAddSource, usePresets, useSources } from "./queries.ts";

/** What answers come from: the sample, a gazette that is collected by itself, or a file of one's own. */
export default function GazetteStep({ facts }: { readonly facts: GettingStarted }) {
  return (
    <Stack gap="lg">
      <Newest edition={facts.edition} />
      <Presets />
      <Files />
    </Stack>
  );
}

function Newest({ edition }: Pick<GettingStarted, "edition">) {
  const { t } = useTranslation();
  const { language } = useFormats();
  if (edition === null) {
    return (
      <Alert color="gray" variant="light" role="status" icon={<Loader size="xs" />}>
        {t("start.noEdition")}
      </Alert>
    );
  }
  // A date of publication is of no time zone.
  const date = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(
    new Date(edition.date),
  );
  const name = edition.number === null ? edition.name : `${edition.name} ${edition.number}`;
  return (
    <Alert color="green" variant="light" role="status" icon={<Icon name="tick" />}>
      {t("start.edition", { name, date })}
    </Alert>
  );
}

function Presets() {
  const { t } = useTranslation();
  const presets = usePresets();
  const sources = useSources();
  const [chosen, setChosen] = useState<string | null>(null);
  const add = useAddSource();
  const own = sources.data ?? [];
  const choices = (presets.data ?? []).filter(
    ({ name }) => !own.some(({ preset }) => preset === name),
  );
  return (
    <section aria-labelledby="start-presets">
      <Title order={3} size="h5" id="start-presets">
        {t("start.collect")}
      </Title>
      <Text size="sm" className="soft" mb="xs">
        {t("start.collectHint")}
      </Text>
      <Group gap="xs" align="flex-end">
        <Select
          flex="1 1 220px"
          maw={420}
          label={t("start.gazette")}
          placeholder={t("start.choose")}
          searchable
          value={chosen}
          data={choices.map(({ name, title, country }) => ({
            value: name,
            label: `${title} (${country})`,
          }))}
          onChange={setChosen}
        />
        <Button
          variant="default"
          disabled={chosen === null}
          loading={add.isPending}
          onClick={() => {
            if (chosen !== null) add.mutate(chosen, { onSuccess: () => setChosen(null) });
          }}
        >
          {t("start.add")}
        </Button>
      </Group>
      {add.error !== null && (
        <Alert color="red" variant="light" role="alert" mt="xs">
          {add.error.message}
        </Alert>
      )}
      {own.length > 0 && (
        <Stack component="ul" gap={6} mt="sm" mb={0} p={0} style={{ listStyle: "none" }}>
          {own.map(({ id, name, isPaused, pauseReason }) => (
            <li key={id}>
              <Group gap="xs">
                <Text size="sm" fw={600}>
                  {name}
                </Text>
                <Badge variant="light" color={isPaused ? "yellow" : "green"} tt="none">
                  {t(isPaused ? "start.paused" : "start.collected")}
                </Badge>
              </Group>
              {isPaused && (
                <Text size="sm" className="soft">
                  {t("start.pausedHint")} <span lang="en">{pauseReason}</span>
                </Text>
              )}
            </li>
          ))}
        </Stack>
      )}
    </section>
  );
}

const MOST_SHOWN = 3;

function Files() {
  const { t } = useTranslation();
  const documents = useDocuments();
  return (
    <section aria-labelledby="start-files">
      <Title order={3} size="h5" id="start-files">
        {t("start.files")}
      </Title>
      <Text size="sm" className="soft" mb="xs">
        {t("start.filesHint")}
      </Text>
      <DropZone />
      <Stack component="ul" gap={6} mt="sm" mb={0} p={0} style={{ listStyle: "none" }}>
        {documents.data?.slice(0, MOST_SHOWN).map(({ id, title, versions: [newest] }) => (
          <li key={id}>
            <Group gap="xs">
              <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                {title}
              </Text>
              {newest !== undefined && (
                <Badge
                  variant="light"
                  color={
                    newest.state === "failed" ? "red" : newest.state === "ready" ? "green" : "blue"
                  }
                  tt="none"
                >
                  {t(`documents.state.${newest.state}`)}
                </Badge>
              )}
            </Group>
            {newest?.problem != null && (
              <Text size="sm" role="alert">
                {newest.problem.message}
              </Text>
            )}
          </li>
        ))}
      </Stack>
    </section>
  );
}
