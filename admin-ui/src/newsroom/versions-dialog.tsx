import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { nameOf, usePeopleNames } from "../parts/people-names.ts";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone } from "../parts/tell.ts";
import { useFormats } from "../parts/time.ts";
import { FieldDiff } from "./field-diff.tsx";
import { draftOf, requestOf } from "./prompt-draft.ts";
import { type Prompt, type PromptVersion, usePromptChanges, useVersions } from "./queries.ts";
import { Refusal } from "./refusal.tsx";
import classes from "./versions.module.css";

interface VersionsProps {
  readonly prompt: Prompt;
  readonly etag: string;
  readonly timeZone: string;
  readonly mayRestore: boolean;
  readonly onRestored: () => void;
  readonly onClose: () => void;
}

/** What a prompt was, field by field beside what it is, and the way back. */
export default function VersionsDialog(props: VersionsProps) {
  const { t } = useTranslation();
  const { prompt, onClose } = props;
  const versions = useVersions(prompt.id);
  const [chosen, setChosen] = useState<number>();
  const former = versions.data?.filter(({ version }) => version !== prompt.version) ?? [];
  const shown = former.find(({ version }) => version === chosen) ?? former[0];
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t("newsroom.versionsOf", { name: prompt.name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {versions.isError && <Failure error={versions.error} retry={() => void versions.refetch()} />}
      {versions.isPending && <LoadingRows rows={3} />}
      {versions.data !== undefined && former.length === 0 && (
        <Text size="sm">{t("newsroom.oneVersion")}</Text>
      )}
      {shown !== undefined && (
        <div className={classes.history}>
          <VersionList versions={former} shown={shown.version} onChoose={setChosen} />
          <Compared key={shown.version} {...props} version={shown} />
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
  readonly versions: readonly PromptVersion[];
  readonly shown: number;
  readonly onChoose: (version: number) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const names = usePeopleNames();
  return (
    <ol className={classes.versions} aria-label={t("newsroom.versions")}>
      {versions.map(({ version, createdAt, createdBy }) => (
        <li key={version}>
          <button
            type="button"
            className={classes.versionButton}
            aria-pressed={version === shown}
            onClick={() => onChoose(version)}
          >
            <strong>{t("newsroom.version", { version })}</strong>
            <span className="soft">{formats.long(createdAt)}</span>
            <span className="soft">{nameOf(createdBy, names)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function Compared({
  prompt,
  etag,
  timeZone,
  mayRestore,
  version,
  onRestored,
  onClose,
}: VersionsProps & { readonly version: PromptVersion }) {
  const { t } = useTranslation();
  const { change } = usePromptChanges(prompt.id);
  // Its name is no part of a version.
  const then = draftOf(prompt.name, version, timeZone);
  const now = draftOf(prompt.name, prompt, timeZone);
  return (
    <Stack gap="sm">
      <FieldDiff
        one={{ label: t("newsroom.version", { version: version.version }), draft: then }}
        other={{ label: t("newsroom.versionNow", { version: prompt.version }), draft: now }}
      />
      <Refusal error={change.error} stale={t("newsroom.staleReview")} />
      {mayRestore && (
        <Group justify="flex-end">
          <Button
            variant="default"
            loading={change.isPending}
            onClick={() =>
              change.mutate(
                { body: requestOf(then), etag },
                {
                  onSuccess: () => {
                    tellDone(t("newsroom.saved"));
                    onRestored();
                    onClose();
                  },
                },
              )
            }
          >
            {t("newsroom.restore")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
