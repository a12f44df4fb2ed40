import { Alert, Badge, Button, Group, NumberInput, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats } from "../parts/time.ts";
import type { Assistant } from "./draft.ts";
import {
  isRunning,
  useEndExperiment,
  useExperiments,
  useStartExperiment,
} from "./experiment-queries.ts";
import { ExperimentResults } from "./experiment-results.tsx";

/** Two versions compared by those who write: the one that runs, else the last one. */
export function ExperimentPanel({
  live,
  mayChange,
  onKept,
}: {
  readonly live: Assistant;
  readonly mayChange: boolean;
  readonly onKept: (assistant: Assistant) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const experiments = useExperiments(live.name);
  const end = useEndExperiment(live, onKept);
  if (experiments.isError) {
    return <Failure error={experiments.error} retry={() => experiments.refetch()} />;
  }
  if (experiments.data === undefined) return <LoadingRows rows={1} />;
  const [shown] = experiments.data;
  if (shown === undefined) return null;
  const { id, liveRevision, otherRevision, share, startedAt, endedAt, keptRevision } = shown;
  return (
    <section aria-label={t("experiment.title")}>
      <Stack gap="xs" mb="md">
        <Group gap="xs">
          <Title order={3} size="h5">
            {t("experiment.title")}
          </Title>
          <Badge variant="light" color={endedAt === null ? "green" : "gray"} tt="none">
            {endedAt === null
              ? t("experiment.runs")
              : t("experiment.kept", { revision: keptRevision })}
          </Badge>
        </Group>
        <Text size="sm" className="soft">
          {endedAt === null
            ? t("experiment.running", { other: otherRevision, share, at: formats.long(startedAt) })
            : t("experiment.ran", {
                other: otherRevision,
                share,
                from: formats.long(startedAt),
                to: formats.long(endedAt),
              })}
        </Text>
        <ExperimentResults experiment={shown} />
        {end.error !== null && (
          <Alert color="red" variant="light" role="alert">
            {end.error.message}
          </Alert>
        )}
        {mayChange && endedAt === null && (
          <Group gap="xs">
            {[liveRevision, otherRevision].map((keep) => (
              <Button
                key={keep}
                variant="default"
                size="xs"
                loading={end.isPending && end.variables.keep === keep}
                disabled={end.isPending}
                onClick={() => end.mutate({ id, keep })}
              >
                {t("experiment.keep", { revision: keep })}
              </Button>
            ))}
          </Group>
        )}
      </Stack>
    </section>
  );
}

/** Begins a comparison of the version that is shown with the one that answers now. */
export function StartExperiment({
  live,
  revision,
}: {
  readonly live: Assistant;
  readonly revision: number;
}) {
  const { t } = useTranslation();
  const [share, setShare] = useState(20);
  const experiments = useExperiments(live.name);
  const start = useStartExperiment(live);
  if (experiments.data === undefined || isRunning(experiments.data)) return null;
  return (
    <Stack gap="xs">
      <Text size="sm" className="soft">
        {t("experiment.hint")}
      </Text>
      {start.error !== null && (
        <Alert color="red" variant="light" role="alert">
          {start.error.message}
        </Alert>
      )}
      <Group gap="xs" align="flex-end">
        <NumberInput
          w={190}
          size="sm"
          label={t("experiment.share")}
          value={share}
          min={1}
          max={99}
          allowDecimal={false}
          clampBehavior="strict"
          onChange={(value) => setShare(Number(value) || 1)}
        />
        <Button
          variant="default"
          loading={start.isPending}
          onClick={() => start.mutate({ revision, share })}
        >
          {t("experiment.start")}
        </Button>
      </Group>
    </Stack>
  );
}
