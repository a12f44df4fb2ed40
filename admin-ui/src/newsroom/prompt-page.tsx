import { Alert, Badge, Button, Group, Menu, Stack } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { More } from "../parts/more.tsx";
import { Page } from "../parts/page.tsx";
import { Section } from "../parts/section.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone } from "../parts/tell.ts";
import { useTenant } from "../shell/tenant.ts";
import { type Prompt, useNewsroomRights, usePrompt, usePromptChanges, useRuns } from "./queries.ts";
import { RunList } from "./run-card.tsx";
import { BackTo } from "./sections.tsx";

const PromptEditor = lazy(() => import("./prompt-editor.tsx"));
const PromptFacts = lazy(() => import("./prompt-facts.tsx"));
const RemovePrompt = lazy(() => import("./remove-prompt.tsx"));
const RunDialog = lazy(() => import("./run-dialog.tsx"));
const VersionsDialog = lazy(() => import("./versions-dialog.tsx"));

/** One prompt: its form, what came of it, and what it was before. `new`: one that is not there yet. */
export function PromptPage() {
  const { promptId } = useParams({ from: "/newsroom/prompts/$promptId" });
  return promptId === "new" ? <NewPrompt /> : <Known key={promptId} promptId={promptId} />;
}

function NewPrompt() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const tenant = useTenant();
  return (
    <Page title={t("newsroom.newPrompt")} lead={t("newsroom.newPromptLead")}>
      <BackTo to="/newsroom/prompts" label={t("newsroom.backToPrompts")} />
      <Suspense fallback={<LoadingRows />}>
        {tenant.data === undefined ? (
          <LoadingRows />
        ) : (
          <PromptEditor
            timeZone={tenant.data.timeZone}
            onSaved={({ id }) =>
              void navigate({ to: "/newsroom/prompts/$promptId", params: { promptId: id } })
            }
          />
        )}
      </Suspense>
    </Page>
  );
}

function Known({ promptId }: { readonly promptId: string }) {
  const read = usePrompt(promptId);
  if (read.isError) return <Failure error={read.error} retry={() => void read.refetch()} />;
  if (read.data === undefined) return <LoadingRows />;
  return <Shown {...read.data} />;
}

function Shown({ prompt, etag }: { readonly prompt: Prompt; readonly etag: string }) {
  const { t } = useTranslation();
  const { mayChange } = useNewsroomRights();
  const tenant = useTenant();
  const timeZone = tenant.data?.timeZone;
  // Grows when a version is taken back: the form begins anew with it.
  const [round, setRound] = useState(0);
  return (
    <Page
      title={prompt.name}
      actions={
        <Actions
          prompt={prompt}
          etag={etag}
          timeZone={timeZone ?? "UTC"}
          onRestored={() => setRound(round + 1)}
        />
      }
    >
      <BackTo to="/newsroom/prompts" label={t("newsroom.backToPrompts")} />
      <Stack gap="lg">
        {prompt.isPaused && (
          <Alert color="yellow" variant="light" title={t("newsroom.paused")}>
            {t("newsroom.pausedHint")}
          </Alert>
        )}
        <Suspense fallback={<LoadingRows />}>
          {!mayChange && <PromptFacts prompt={prompt} />}
          {mayChange && timeZone !== undefined && (
            <PromptEditor
              key={round}
              saved={prompt}
              etag={etag}
              timeZone={timeZone}
              onSaved={() => tellDone(t("newsroom.saved"))}
            />
          )}
        </Suspense>
        <Runs promptId={prompt.id} />
      </Stack>
    </Page>
  );
}

function Runs({ promptId }: { readonly promptId: string }) {
  const { t } = useTranslation();
  const runs = useRuns({ promptId, limit: 10 });
  return (
    <Section title={t("newsroom.runsOfPrompt")}>
      {runs.isError && <Failure error={runs.error} retry={() => void runs.refetch()} />}
      {runs.isPending && <LoadingRows rows={2} height={90} />}
      {runs.data?.length === 0 && <p className="soft">{t("newsroom.neverRan")}</p>}
      {runs.data !== undefined && runs.data.length > 0 && (
        <Stack gap="sm">
          <RunList runs={runs.data} />
          <More list={runs} />
        </Stack>
      )}
    </Section>
  );
}

type Dialog = "run" | "versions" | "remove";

function Actions({
  prompt,
  etag,
  timeZone,
  onRestored,
}: {
  readonly prompt: Prompt;
  readonly etag: string;
  readonly timeZone: string;
  readonly onRestored: () => void;
}) {
  const { t } = useTranslation();
  const { mayChange } = useNewsroomRights();
  const navigate = useNavigate();
  const { pause } = usePromptChanges(prompt.id);
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => setDialog(undefined);
  return (
    <Group gap="xs">
      <Badge variant="light" color="gray" size="lg" tt="none">
        {t("newsroom.version", { version: prompt.version })}
      </Badge>
      <Button variant="default" onClick={() => setDialog("versions")}>
        {t("newsroom.versions")}
      </Button>
      {mayChange && (
        <>
          <Button leftSection={<Icon name="play" size={16} />} onClick={() => setDialog("run")}>
            {t("newsroom.run")}
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" px="xs" aria-label={t("newsroom.more")}>
                <Icon name="more" size={18} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => pause.mutate(!prompt.isPaused)}>
                {t(prompt.isPaused ? "newsroom.resume" : "newsroom.pause")}
              </Menu.Item>
              <Menu.Item color="red" onClick={() => setDialog("remove")}>
                {t("newsroom.remove")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      )}
      <Suspense fallback={null}>
        {dialog === "run" && (
          <RunDialog
            prompt={prompt}
            onClose={close}
            onStarted={({ id }) =>
              void navigate({ to: "/newsroom/runs/$runId", params: { runId: id }, search: {} })
            }
          />
        )}
        {dialog === "versions" && (
          <VersionsDialog
            prompt={prompt}
            etag={etag}
            timeZone={timeZone}
            mayRestore={mayChange}
            onRestored={onRestored}
            onClose={close}
          />
        )}
        {dialog === "remove" && <RemovePrompt prompt={prompt} onClose={close} />}
      </Suspense>
    </Group>
  );
}
