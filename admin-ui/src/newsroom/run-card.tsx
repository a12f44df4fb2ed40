import { Badge, Group, Paper, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormats } from "../parts/time.ts";
import { Coverage } from "./coverage.tsx";
import classes from "./newsroom.module.css";
import { isWorking, type RunSummary } from "./queries.ts";
import { RunMark } from "./state-mark.tsx";
import { useNewsroomWords } from "./words.ts";

/** One run in a list: what it is of, where it stands, which pages were read, and about what it costs. */
export function RunCard({ run }: { readonly run: RunSummary }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const words = useNewsroomWords();
  const facts = [
    t("newsroom.promptVersion", { name: run.promptName, version: run.version }),
    formats.long(run.askedAt),
    run.statementCount > 0 && t("newsroom.statements", { count: run.statementCount }),
    run.droppedCount > 0 && t("newsroom.droppedCount", { count: run.droppedCount }),
    run.estimate !== null && t("newsroom.about", { cost: words.cost(run.estimate.costMicroUsd) }),
  ];
  return (
    <Paper
      className={`sheet ${classes.card}`}
      renderRoot={(props) => (
        <Link to="/newsroom/runs/$runId" params={{ runId: run.id }} search={{}} {...props} />
      )}
    >
      <Group justify="space-between" align="flex-start" gap="xs">
        <Title order={3} size="h5" className={classes.cardTitle}>
          {run.title}
        </Title>
        <Group gap={6}>
          {run.isOutdated && (
            <Badge variant="light" color="yellow" tt="none">
              {t("newsroom.outdated")}
            </Badge>
          )}
          <RunMark state={run.state} />
        </Group>
      </Group>
      <Text size="sm" className="soft">
        {facts.filter((fact) => fact !== false).join(" · ")}
      </Text>
      {run.reason !== null && (
        <Text size="sm" mt={4}>
          {words.reason(run.reason)}
        </Text>
      )}
      {run.review?.reason != null && (
        <Text size="sm" mt={4}>
          “{run.review.reason}”
        </Text>
      )}
      <Coverage run={run} isBusy={isWorking(run)} />
    </Paper>
  );
}

export function RunList({ runs }: { readonly runs: readonly RunSummary[] }) {
  return (
    <ul className={classes.list}>
      {runs.map((run) => (
        <li key={run.id}>
          <RunCard run={run} />
        </li>
      ))}
    </ul>
  );
}
