import { Alert, Group, Stack, Text } from "@mantine/core";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "../parts/page.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { Outdated } from "./outdated.tsx";
import { isWorking, type Run, useNewsroomRights, useRun } from "./queries.ts";
import { ReviewActions } from "./review-actions.tsx";
import { RunFacts } from "./run-facts.tsx";
import { RunText } from "./run-text.tsx";
import { BackTo } from "./sections.tsx";
import { RunMark } from "./state-mark.tsx";
import { useNewsroomWords } from "./words.ts";

const Comparison = lazy(() => import("./comparison.tsx"));
const RunPublications = lazy(() => import("./run-publications.tsx"));

/** What one run wrote: its claims beside the gazette, the review, and where it was published. */
export function RunPage() {
  const { runId } = useParams({ from: "/newsroom/runs/$runId" });
  const read = useRun(runId);
  if (read.isError) return <Failure error={read.error} retry={() => void read.refetch()} />;
  if (read.data === undefined) return <LoadingRows height={90} />;
  return <Shown key={runId} {...read.data} />;
}

function Shown({ run, etag }: { readonly run: Run; readonly etag: string }) {
  const { t } = useTranslation();
  const { mayPublish } = useNewsroomRights();
  const { with: other } = useSearch({ from: "/newsroom/runs/$runId" });
  const navigate = useNavigate();
  const compare = (beside: string | undefined) =>
    void navigate({
      to: "/newsroom/runs/$runId",
      params: { runId: run.id },
      search: beside === undefined ? {} : { with: beside },
      resetScroll: false,
    });
  return (
    <Page
      title={run.title}
      actions={
        <Group gap="xs">
          <RunMark state={run.state} />
          <ReviewActions run={run} etag={etag} />
        </Group>
      }
    >
      <BackTo to="/newsroom" label={t("newsroom.backToRuns")} />
      <Stack gap="lg">
        <Standing run={run} />
        {run.isOutdated && <Outdated run={run} />}
        <RunFacts run={run} other={other} onCompare={compare} />
        {other !== undefined && (
          <Suspense fallback={<LoadingRows rows={2} />}>
            <Comparison run={run} other={other} onClose={() => compare(undefined)} />
          </Suspense>
        )}
        <RunText run={run} etag={etag} />
        {run.state === "approved" && mayPublish && (
          <Suspense fallback={<LoadingRows rows={1} />}>
            <RunPublications run={run} />
          </Suspense>
        )}
      </Stack>
    </Page>
  );
}

const COLORS = { held: "yellow", failed: "red" } as const;

/** Why it stands so, where a person has to know. */
function Standing({ run }: { readonly run: Run }) {
  const { t } = useTranslation();
  const words = useNewsroomWords();
  const { state, reason } = run;
  if (isWorking(run)) {
    return (
      <Alert color="blue" variant="light" role="status">
        {t("newsroom.isWorking")}
      </Alert>
    );
  }
  if (reason === null) return null;
  const said = words.reason(reason);
  return (
    <Alert
      color={state === "held" || state === "failed" ? COLORS[state] : "gray"}
      variant="light"
      title={said}
    >
      {state === "held" && <Text size="sm">{t("newsroom.heldHint")}</Text>}
      {reason.detail !== said && (
        <Text size="xs" lang="en" mt={4}>
          {reason.detail}
        </Text>
      )}
    </Alert>
  );
}
