import { Alert, Badge, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { GET, isProblem, POST } from "../api/api.ts";
import { nameOf, usePeopleNames } from "../parts/people-names.ts";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats } from "../parts/time.ts";
import classes from "./assistants.module.css";
import { type Assistant, differences, draftOf } from "./draft.ts";
import { ExperimentPanel, StartExperiment } from "./experiment-panel.tsx";
import { isRunning, useExperiments } from "./experiment-queries.ts";
import { FieldDiff } from "./field-diff.tsx";

/** What an assistant was, field by field beside what answers now, and the way back. */
export default function VersionsDialog({
  live,
  isChanged,
  mayRestore,
  timeZone,
  onRestored,
  onKept,
  onClose,
}: {
  readonly live: Assistant;
  /** The form holds what is not saved. */
  readonly isChanged: boolean;
  readonly mayRestore: boolean;
  readonly timeZone: string;
  readonly onRestored: (assistant: Assistant) => void;
  /** Of two that were compared, the other one was kept, and is the newest version. */
  readonly onKept: (assistant: Assistant) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { name, revision } = live;
  const versions = useQuery({
    queryKey: ["assistant-versions", name, revision],
    queryFn: async () =>
      (await GET("/api/v1/assistants/{name}/versions", { params: { path: { name } } })).data
        .versions,
  });
  const [chosen, setChosen] = useState<number>();
  const former = versions.data?.filter((each) => each.revision !== revision) ?? [];
  const shown = chosen ?? former[0]?.revision;
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t("versions.title", { name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <ExperimentPanel live={live} mayChange={mayRestore} onKept={onKept} />
      {versions.isError && <Failure error={versions.error} retry={() => versions.refetch()} />}
      {versions.isPending && <LoadingRows rows={3} />}
      {versions.data !== undefined && former.length === 0 && (
        <Text size="sm">{t("versions.none")}</Text>
      )}
      {former.length > 0 && (
        <div className={classes.history}>
          <VersionList versions={former} shown={shown} onChoose={setChosen} />
          {shown !== undefined && (
            <Compared
              key={shown}
              live={live}
              revision={shown}
              isChanged={isChanged}
              mayRestore={mayRestore}
              timeZone={timeZone}
              onRestored={onRestored}
            />
          )}
        </div>
      )}
    </Modal>
  );
}

function VersionList({
  versions,
  shown,
  onChoose,
}: {
  readonly versions: readonly Schema<"AssistantVersion">[];
  readonly shown: number | undefined;
  readonly onChoose: (revision: number) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const names = usePeopleNames();
  return (
    <ol className={classes.revisions} aria-label={t("versions.list")}>
      {versions.map(({ revision, savedAt, savedBy, restoredFrom }) => (
        <li key={revision}>
          <button
            type="button"
            className={classes.revision}
            aria-pressed={revision === shown}
            onClick={() => onChoose(revision)}
          >
            <strong>{t("assistants.revision", { revision })}</strong>
            <span className="soft">{formats.long(savedAt)}</span>
            <span className="soft">{nameOf(savedBy, names)}</span>
            {restoredFrom !== null && (
              <span className="soft">{t("versions.repeats", { revision: restoredFrom })}</span>
            )}
          </button>
        </li>
      ))}
    </ol>
  );
}

function Compared({
  live,
  revision,
  isChanged,
  mayRestore,
  timeZone,
  onRestored,
}: {
  readonly live: Assistant;
  readonly revision: number;
  readonly isChanged: boolean;
  readonly mayRestore: boolean;
  readonly timeZone: string;
  readonly onRestored: (assistant: Assistant) => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { name } = live;
  const experiments = useExperiments(name);
  const path = { name, revision: String(revision) };
  const version = useQuery({
    queryKey: ["assistant-version", name, revision, live.revision],
    queryFn: async () =>
      (await GET("/api/v1/assistants/{name}/versions/{revision}", { params: { path } })).data,
  });
  const restore = useMutation({
    mutationFn: async () => {
      const header = { "If-Match": `"r${live.revision}"` };
      const params = { path, header };
      return (await POST("/api/v1/assistants/{name}/versions/{revision}/restore", { params })).data;
    },
    onSuccess: async (restored) => {
      queries.setQueryData(["assistant", name], restored);
      onRestored(restored);
      await queries.invalidateQueries({ queryKey: ["assistants"] });
      await queries.invalidateQueries({ queryKey: ["models"] });
    },
  });
  if (version.isError) return <Failure error={version.error} retry={() => version.refetch()} />;
  if (version.data === undefined) return <LoadingRows rows={3} />;
  const isCompared = isRunning(experiments.data);
  const now = draftOf(live, timeZone);
  // Who answers by default is no part of a version.
  const then = { ...draftOf(version.data, timeZone), isDefault: now.isDefault };
  const isSame = differences(then, now).length === 0;
  return (
    <Stack>
      {isSame ? (
        <Badge variant="light" tt="none">
          {t("versions.same")}
        </Badge>
      ) : (
        <FieldDiff
          one={{ label: t("assistants.revision", { revision }), draft: then }}
          other={{ label: t("versions.now", { revision: live.revision }), draft: now }}
        />
      )}
      {mayRestore && (
        <>
          <Text size="sm" className="soft">
            {t("versions.keys")} {isChanged && t("versions.unsaved")}
          </Text>
          {restore.error !== null && (
            <Alert color="red" variant="light" role="alert">
              {isProblem(restore.error, "stale") ? t("versions.stale") : restore.error.message}
            </Alert>
          )}
          {!isSame && <StartExperiment live={live} revision={revision} />}
          <Group justify="flex-end">
            <Button
              disabled={isSame || isCompared}
              loading={restore.isPending}
              onClick={() => restore.mutate()}
            >
              {t("versions.restore")}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}
