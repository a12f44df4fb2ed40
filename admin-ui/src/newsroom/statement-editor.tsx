import { ActionIcon, Button, Group, Text, Textarea, useMatches } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../api/api.ts";
import { Icon } from "../parts/icon.tsx";
import { Section } from "../parts/section.tsx";
import CitedPage, { type OpenPlace } from "./cited-page.tsx";
import { type EditOutcome, outcomesOf } from "./edit-outcome.ts";
import { type Citation, type Run, useRunSteps } from "./queries.ts";
import { Refusal } from "./refusal.tsx";
import classes from "./review.module.css";
import { type StatementDraft, sentOf, useStatementDrafts } from "./use-statement-drafts.ts";
import { useNewsroomWords } from "./words.ts";

const MAX_STATEMENTS = 40;

/**
 * The statements as they are written anew: moved, changed, taken away, added, each with the passages that it cites.
 * Saving has them checked; what somebody else saved meanwhile is not overwritten unasked.
 */
export default function StatementEditor({
  run,
  etag: openedWith,
  onDone,
}: {
  readonly run: Run;
  readonly etag: string;
  /** Undefined: nothing was saved. */
  readonly onDone: (outcomes: readonly EditOutcome[] | undefined) => void;
}) {
  const { t } = useTranslation();
  // As it was when it was opened: a list that is read again does not change what is being written.
  const [base] = useState({ statements: run.statements, etag: openedWith });
  const { drafts, change, cite, move, remove, add } = useStatementDrafts(base.statements);
  const [current, setCurrent] = useState<number>();
  const [place, setPlace] = useState<OpenPlace>();
  const isWide = useMatches({ base: false, lg: true });
  const { edit } = useRunSteps(run.id);
  const isStale = isProblem(edit.error) && edit.error.status === 412;
  const at = drafts.findIndex(({ key }) => key === current);
  const editing = drafts[at];
  const save = (etag: string) => {
    const sent = sentOf(drafts);
    edit.mutate(
      { body: { statements: sent }, etag },
      {
        onSuccess: ({ data }) => onDone(outcomesOf(sentOf(base.statements), sent, data.statements)),
      },
    );
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save(base.etag);
  };
  /** The page of a citation; without one, the first page of what was read. */
  const open = (key: number, citation: Citation | undefined) => {
    const editionId = citation?.editionId ?? run.editions[0]?.id;
    setCurrent(key);
    if (editionId !== undefined) setPlace({ editionId, page: citation?.pdfPage ?? 1, citation });
  };
  const page = place !== undefined && (
    <CitedPage
      key={place.editionId}
      place={place}
      onPlace={setPlace}
      onClose={() => setPlace(undefined)}
      citing={
        editing === undefined
          ? undefined
          : {
              statement: at + 1,
              cites: editing.citations.map(({ passageId }) => passageId),
              onCite: (citation) => cite(editing.key, citation),
            }
      }
    />
  );
  return (
    <Section title={t("newsroom.editing")} lead={t("newsroom.editingLead")}>
      <form onSubmit={submit}>
        <Refusal error={edit.error} stale={t("newsroom.staleEdit")} />
        {isStale && (
          <Group gap="xs" my="xs">
            <Button size="xs" onClick={() => save("*")}>
              {t("newsroom.takeMine")}
            </Button>
            <Button size="xs" variant="default" onClick={() => onDone(undefined)}>
              {t("newsroom.takeTheirs")}
            </Button>
          </Group>
        )}
        <div className={classes.review} data-beside={(isWide && place !== undefined) || undefined}>
          <ol className={classes.statements}>
            {drafts.map((draft, position) => (
              <li key={draft.key} data-current={draft.key === current || undefined}>
                <DraftFields
                  draft={draft}
                  number={position + 1}
                  isLast={position === drafts.length - 1}
                  language={run.language}
                  onFocus={() => setCurrent(draft.key)}
                  onChange={(part) => change(draft.key, part)}
                  onMove={(step) => move(position, position + step)}
                  onRemove={() => remove(draft.key)}
                  onOpen={(citation) => open(draft.key, citation)}
                  onSeek={() => open(draft.key, draft.citations[0])}
                />
                {!isWide && draft.key === current && page}
              </li>
            ))}
          </ol>
          {isWide && page}
        </div>
        <Group justify="space-between" mt="md">
          <Button
            variant="default"
            leftSection={<Icon name="plus" size={16} />}
            disabled={drafts.length >= MAX_STATEMENTS}
            onClick={() => setCurrent(add())}
          >
            {t("newsroom.addStatement")}
          </Button>
          <Group gap="xs">
            <Button variant="default" onClick={() => onDone(undefined)}>
              {t("action.cancel")}
            </Button>
            <Button
              type="submit"
              loading={edit.isPending}
              disabled={drafts.length === 0 || drafts.some(({ text }) => text.trim() === "")}
            >
              {t("newsroom.saveAndCheck")}
            </Button>
          </Group>
        </Group>
      </form>
    </Section>
  );
}

function DraftFields({
  draft,
  number,
  isLast,
  language,
  onFocus,
  onChange,
  onMove,
  onRemove,
  onOpen,
  onSeek,
}: {
  readonly draft: StatementDraft;
  readonly number: number;
  readonly isLast: boolean;
  readonly language: string;
  readonly onFocus: () => void;
  readonly onChange: (part: Partial<StatementDraft>) => void;
  readonly onMove: (step: 1 | -1) => void;
  readonly onRemove: () => void;
  readonly onOpen: (citation: Citation) => void;
  readonly onSeek: () => void;
}) {
  const { t } = useTranslation();
  const words = useNewsroomWords();
  const { text, citations } = draft;
  return (
    <>
      <Group justify="space-between" wrap="nowrap" gap={4} mb={4}>
        <Text size="xs" className="soft">
          {t("newsroom.statement", { number })}
        </Text>
        <Group gap={4} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={number === 1}
            aria-label={t("newsroom.moveUp", { number })}
            onClick={() => onMove(-1)}
          >
            <Icon name="up" size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={isLast}
            aria-label={t("newsroom.moveDown", { number })}
            onClick={() => onMove(1)}
          >
            <Icon name="down" size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t("newsroom.takeAway", { number })}
            onClick={onRemove}
          >
            <Icon name="close" size={16} />
          </ActionIcon>
        </Group>
      </Group>
      <Textarea
        aria-label={t("newsroom.statement", { number })}
        value={text}
        maxLength={1_000}
        autosize
        minRows={2}
        lang={language}
        onFocus={onFocus}
        onChange={({ currentTarget }) => onChange({ text: currentTarget.value })}
      />
      <ul className={classes.places} aria-label={t("newsroom.placesOf", { number })}>
        {citations.map((citation) => (
          <li key={citation.passageId} className={classes.placeDraft}>
            <button type="button" className={classes.chip} onClick={() => onOpen(citation)}>
              {citation.sourceName}, {words.day(citation.date)}, {words.page(citation)}
            </button>
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={t("newsroom.uncite", {
                page: citation.printedPage ?? citation.pdfPage,
                number,
              })}
              onClick={() => onChange({ citations: citations.filter((each) => each !== citation) })}
            >
              <Icon name="close" size={14} />
            </ActionIcon>
          </li>
        ))}
        <li>
          <Button size="compact-xs" variant="subtle" onClick={onSeek}>
            {t("newsroom.seek")}
          </Button>
        </li>
      </ul>
    </>
  );
}
