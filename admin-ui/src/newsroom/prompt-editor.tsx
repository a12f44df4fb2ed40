import { Alert, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../api/api.ts";
import { problemsOf, Refused } from "../gazettes/refused.tsx";
import { tellFailure } from "../parts/tell.ts";
import { FieldDiff } from "./field-diff.tsx";
import { blankPrompt, differences, draftOf, type PromptDraft, requestOf } from "./prompt-draft.ts";
import { PROMPT_FIELDS, PromptFields } from "./prompt-form.tsx";
import { type Prompt, readPrompt, useAddPrompt, usePromptChanges } from "./queries.ts";
import { useKeyOf } from "./use-key-of.ts";

/** The form of a prompt. Other settings are another version; what somebody else saved meanwhile is shown first. */
export default function PromptEditor({
  saved,
  etag = "*",
  timeZone,
  onSaved,
}: {
  /** Undefined: it is not there yet. */
  readonly saved?: Prompt | undefined;
  readonly etag?: string;
  readonly timeZone: string;
  readonly onSaved: (prompt: Prompt) => void;
}) {
  const { t, i18n } = useTranslation();
  // What was read when the form was opened: what is edited is not exchanged under the hands of whoever edits it.
  const [base, setBase] = useState({ prompt: saved, etag });
  const initial = () =>
    saved === undefined
      ? blankPrompt(i18n.language, timeZone)
      : draftOf(saved.name, saved, timeZone);
  const [draft, setDraft] = useState<PromptDraft>(initial);
  const [theirs, setTheirs] = useState<PromptDraft>();
  const keyOf = useKeyOf();
  const add = useAddPrompt(onSaved);
  const { change } = usePromptChanges(saved?.id ?? "");
  const error = saved === undefined ? add.error : change.error;
  const problems = problemsOf(error);
  const keep = (prompt: Prompt, tag: string) => {
    setBase({ prompt, etag: tag });
    setDraft(draftOf(prompt.name, prompt, timeZone));
    onSaved(prompt);
  };
  const put = (tag: string) =>
    change.mutate(
      { body: requestOf(draft), etag: tag },
      {
        onSuccess: ({ data, response }) => keep(data, response.headers.get("etag") ?? "*"),
        onError: (failure) => {
          if (isProblem(failure) && failure.status === 412) compare().catch(tellFailure);
        },
      },
    );
  const compare = async () => {
    const now = await readPrompt(saved?.id ?? "");
    setBase(now);
    setTheirs(draftOf(now.prompt.name, now.prompt, timeZone));
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (saved !== undefined) return put(base.etag);
    const body = requestOf(draft);
    add.mutate({ body, key: keyOf(body) });
  };
  const isChanged =
    base.prompt === undefined ||
    differences(draft, draftOf(base.prompt.name, base.prompt, timeZone)).length > 0;
  const isBusy = add.isPending || change.isPending;
  return (
    <Paper className="sheet" p="md">
      <form onSubmit={submit}>
        <Stack gap="lg">
          {theirs === undefined ? (
            <Refused error={error} problems={problems} fields={PROMPT_FIELDS} />
          ) : (
            <Conflict
              mine={draft}
              theirs={theirs}
              onMine={() => {
                setTheirs(undefined);
                put(base.etag);
              }}
              onTheirs={() => {
                setDraft(theirs);
                setTheirs(undefined);
                change.reset();
              }}
            />
          )}
          <PromptFields draft={draft} problems={problems} onChange={setDraft} />
          <Group justify="flex-end">
            {saved !== undefined && (
              <Text size="sm" className="soft">
                {t(isChanged ? "newsroom.unsaved" : "newsroom.asSaved")}
              </Text>
            )}
            <Button type="submit" loading={isBusy} disabled={!isChanged || theirs !== undefined}>
              {t(saved === undefined ? "newsroom.addPrompt" : "newsroom.saveVersion")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

/** What somebody else saved while the form was open, beside what stands in it. */
function Conflict({
  mine,
  theirs,
  onMine,
  onTheirs,
}: {
  readonly mine: PromptDraft;
  readonly theirs: PromptDraft;
  readonly onMine: () => void;
  readonly onTheirs: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Alert color="yellow" variant="light" role="alert" title={t("newsroom.conflict")}>
      <FieldDiff
        one={{ label: t("newsroom.theirs"), draft: theirs }}
        other={{ label: t("newsroom.mine"), draft: mine }}
      />
      <Group gap="xs" mt="sm">
        <Button size="xs" onClick={onMine}>
          {t("newsroom.takeMine")}
        </Button>
        <Button size="xs" variant="default" onClick={onTheirs}>
          {t("newsroom.takeTheirs")}
        </Button>
      </Group>
    </Alert>
  );
}
