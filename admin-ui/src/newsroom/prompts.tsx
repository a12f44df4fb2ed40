import { Alert, Badge, Button, Group, Paper, Text, Title } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGE_NAMES } from "../i18n/i18n.ts";
import { Icon } from "../parts/icon.tsx";
import { Page } from "../parts/page.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats } from "../parts/time.ts";
import classes from "./newsroom.module.css";
import { type Prompt, useNewsroomRights, usePrompts, useRuns } from "./queries.ts";
import runClasses from "./run.module.css";
import { Sections } from "./sections.tsx";
import { RunMark } from "./state-mark.tsx";
import { useNewsroomWords } from "./words.ts";

const RunDialog = lazy(() => import("./run-dialog.tsx"));

/** The named instructions by which editions are read: what each reads, when, and what came of it last. */
export function Prompts() {
  const { t } = useTranslation();
  const { mayChange } = useNewsroomRights();
  const { source, date } = useSearch({ from: "/newsroom/prompts" });
  const prompts = usePrompts();
  const words = useNewsroomWords();
  const [running, setRunning] = useState<Prompt>();
  const add = (
    <Button
      leftSection={<Icon name="plus" size={17} />}
      renderRoot={(props) => (
        <Link to="/newsroom/prompts/$promptId" params={{ promptId: "new" }} {...props} />
      )}
    >
      {t("newsroom.addPrompt")}
    </Button>
  );
  return (
    <Page title={t("nav.newsroom")} lead={t("newsroom.promptsLead")} actions={mayChange && add}>
      <Sections />
      {source !== undefined && date !== undefined && mayChange && (
        <Alert color="blue" variant="light" mb="md" title={t("newsroom.runOn")}>
          {t("newsroom.runOnHint", { source, day: words.day(date) })}
        </Alert>
      )}
      {prompts.isError && <Failure error={prompts.error} retry={() => void prompts.refetch()} />}
      {prompts.isPending && <LoadingRows rows={3} height={110} />}
      {prompts.data?.length === 0 && (
        <Empty icon="note" title={t("newsroom.noPrompts")} action={mayChange && add}>
          {t(mayChange ? "newsroom.noPromptsHint" : "newsroom.noPromptsToRead")}
        </Empty>
      )}
      <ul className={classes.list}>
        {prompts.data?.map((prompt) => (
          <li key={prompt.id}>
            <PromptCard
              prompt={prompt}
              onRun={
                mayChange && (source === undefined || prompt.sources.includes(source))
                  ? () => setRunning(prompt)
                  : undefined
              }
            />
          </li>
        ))}
      </ul>
      <Suspense fallback={null}>
        {running !== undefined && (
          <Run prompt={running} source={source} date={date} onClose={() => setRunning(undefined)} />
        )}
      </Suspense>
    </Page>
  );
}

function Run({
  prompt,
  source,
  date,
  onClose,
}: {
  readonly prompt: Prompt;
  readonly source: string | undefined;
  readonly date: string | undefined;
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  return (
    <RunDialog
      prompt={prompt}
      source={source}
      date={date}
      onClose={onClose}
      onStarted={({ id }) =>
        void navigate({ to: "/newsroom/runs/$runId", params: { runId: id }, search: {} })
      }
    />
  );
}

function PromptCard({
  prompt,
  onRun,
}: {
  readonly prompt: Prompt;
  /** Undefined: one may not, or it does not read what is wanted. */
  readonly onRun: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const words = useNewsroomWords();
  const facts = [
    [t("newsroom.field.sources"), prompt.sources.join(", ")],
    [t("newsroom.field.scope"), words.scope(prompt)],
    [t("newsroom.field.schedule"), words.schedule(prompt)],
    [t("newsroom.field.language"), LANGUAGE_NAMES[prompt.language]],
    ...(prompt.nextAt === null ? [] : [[t("newsroom.next"), formats.long(prompt.nextAt)] as const]),
  ] as const;
  return (
    <Paper className={`sheet ${classes.prompt}`} component="article" aria-label={prompt.name}>
      <Group justify="space-between" align="flex-start" gap="xs">
        <div className={classes.cardTitle}>
          <Title order={2} size="h4">
            <Link
              to="/newsroom/prompts/$promptId"
              params={{ promptId: prompt.id }}
              className={classes.plainLink}
            >
              {prompt.name}
            </Link>
          </Title>
          <Text size="sm" className="soft">
            {prompt.title}
          </Text>
        </div>
        <Group gap={6}>
          {prompt.isPaused && (
            <Badge variant="light" color="yellow" tt="none">
              {t("newsroom.paused")}
            </Badge>
          )}
          <Badge variant="light" color="gray" tt="none">
            {t("newsroom.version", { version: prompt.version })}
          </Badge>
        </Group>
      </Group>
      <dl className={runClasses.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Group justify="space-between" gap="xs">
        <LastRun promptId={prompt.id} />
        {onRun !== undefined && (
          <Button
            size="sm"
            variant="default"
            leftSection={<Icon name="play" size={15} />}
            aria-label={t("newsroom.runOf", { name: prompt.name })}
            onClick={onRun}
          >
            {t("newsroom.run")}
          </Button>
        )}
      </Group>
    </Paper>
  );
}

function LastRun({ promptId }: { readonly promptId: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const runs = useRuns({ promptId, limit: 1 });
  const last = runs.data?.[0];
  if (runs.data === undefined) return <span />;
  if (last === undefined) {
    return (
      <Text size="sm" className="soft">
        {t("newsroom.neverRan")}
      </Text>
    );
  }
  return (
    <Group gap="xs">
      <RunMark state={last.state} />
      <Link
        to="/newsroom/runs/$runId"
        params={{ runId: last.id }}
        search={{}}
        className={classes.plainLink}
      >
        <Text size="sm" component="span">
          {t("newsroom.lastRun", { at: formats.long(last.askedAt) })}
        </Text>
      </Link>
    </Group>
  );
}
