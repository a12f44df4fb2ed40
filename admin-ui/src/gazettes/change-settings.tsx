import { Alert, Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../api/api.ts";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone, tellFailure } from "../parts/tell.ts";
import { readSource, type Source, useChangeSource } from "./queries.ts";
import { problemsOf, Refused } from "./refused.tsx";
import { differences, draftOf, type SettingsDraft, settingsOf } from "./settings-draft.ts";
import { SETTINGS_FIELDS, SourceFields } from "./source-fields.tsx";

/** How a source is collected. Changes what was read, and nothing that somebody else saved meanwhile. */
export default function ChangeSettings({
  source,
  isOpen,
  onClose,
}: {
  readonly source: Source;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      size="xl"
      title={t("gazettes.settingsOf", { name: source.name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Current source={source} onClose={onClose} />
    </Modal>
  );
}

function Current({ source, onClose }: { readonly source: Source; readonly onClose: () => void }) {
  const read = useQuery({
    queryKey: ["gazette-settings", source.id],
    // What is being edited is not exchanged under the hands of whoever edits it.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    queryFn: () => readSource(source.id),
  });
  if (read.isError) return <Failure error={read.error} retry={() => void read.refetch()} />;
  if (read.data === undefined) return <LoadingRows />;
  return <Editor {...read.data} onClose={onClose} />;
}

function Editor({
  source,
  etag,
  onClose,
}: {
  readonly source: Source;
  readonly etag: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => draftOf(source.settings));
  const [tag, setTag] = useState(etag);
  /** What somebody else saved while this form was open. */
  const [theirs, setTheirs] = useState<SettingsDraft>();
  const change = useChangeSource(source);
  const problems = problemsOf(change.error);
  /** Somebody else saved: says what, or goes on when it was nothing of what stands here. */
  const compare = async () => {
    const now = await readSource(source.id);
    const latest = draftOf(now.source.settings);
    setTag(now.etag);
    if (differences(draftOf(source.settings), latest).length > 0) {
      setTheirs(latest);
      return;
    }
    await change.mutateAsync({ body: { settings: settingsOf(draft) }, etag: now.etag });
    finish();
  };
  const finish = () => {
    tellDone(t("gazettes.saved"));
    onClose();
  };
  const save = () =>
    change.mutate(
      { body: { settings: settingsOf(draft) }, etag: tag },
      {
        onSuccess: finish,
        onError: (error) => {
          if (isProblem(error) && error.status === 412) compare().catch(tellFailure);
        },
      },
    );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        {theirs === undefined && (
          <Refused error={change.error} problems={problems} fields={SETTINGS_FIELDS} />
        )}
        {theirs !== undefined && (
          <Conflict
            mine={draft}
            theirs={theirs}
            isBusy={change.isPending}
            onMine={() => {
              setTheirs(undefined);
              save();
            }}
            onTheirs={() => {
              setDraft(theirs);
              setTheirs(undefined);
              change.reset();
            }}
          />
        )}
        <SourceFields
          draft={draft}
          problems={problems}
          timeZone={source.timeZone}
          onChange={setDraft}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" loading={change.isPending} disabled={theirs !== undefined}>
            {t("action.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Conflict({
  mine,
  theirs,
  isBusy,
  onMine,
  onTheirs,
}: {
  readonly mine: SettingsDraft;
  readonly theirs: SettingsDraft;
  readonly isBusy: boolean;
  readonly onMine: () => void;
  readonly onTheirs: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Alert color="yellow" variant="light" role="alert" title={t("gazettes.conflict")}>
      <Stack gap="sm">
        <Text size="sm">{t("gazettes.conflictHint")}</Text>
        <List size="sm">
          {differences(mine, theirs).map((field) => (
            <List.Item key={field}>
              <b>{t(`gazettes.field.${field}`)}</b>: {shown(theirs[field])} → {shown(mine[field])}
            </List.Item>
          ))}
        </List>
        <Group gap="xs">
          <Button size="xs" loading={isBusy} onClick={onMine}>
            {t("gazettes.takeMine")}
          </Button>
          <Button size="xs" variant="default" onClick={onTheirs}>
            {t("gazettes.takeTheirs")}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

function shown(value: SettingsDraft[keyof SettingsDraft]): string {
  const text = String(value).replaceAll("\n", ", ").replaceAll(",", ", ").replace(/\s+/g, " ");
  return text.trim() === "" ? "–" : text;
}
