import { Alert, Anchor, Drawer, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { EditionActions } from "./edition-actions.tsx";
import { Changes, Files, Tries } from "./edition-history.tsx";
import classes from "./gazettes.module.css";
import { type Edition, type Source, useEdition, useRights } from "./queries.ts";
import { Screenshot } from "./screenshot.tsx";
import { StateMark } from "./state-mark.tsx";
import { useGazetteTimes, useReasonWords } from "./words.ts";

/** The edition of one day: where it stands and why, what one may do, its files, and everything that happened. */
export default function EditionDrawer({
  source,
  date,
  today,
  mayChange,
  onClose,
}: {
  readonly source: Source;
  /** Undefined: none is open. */
  readonly date: string | undefined;
  readonly today: string;
  readonly mayChange: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const times = useGazetteTimes(source.timeZone);
  return (
    <Drawer
      opened={date !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={date === undefined ? "" : `${source.name} · ${times.long(date)}`}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {date !== undefined && (
        <Day key={date} source={source} date={date} today={today} mayChange={mayChange} />
      )}
    </Drawer>
  );
}

interface DayProps {
  readonly source: Source;
  readonly date: string;
  readonly today: string;
  readonly mayChange: boolean;
}

function Day(props: DayProps) {
  const { t } = useTranslation();
  const { source, date, today, mayChange } = props;
  const read = useEdition(source, date);
  if (read.isError) return <Failure error={read.error} retry={() => void read.refetch()} />;
  if (read.data === undefined) return <LoadingRows rows={4} />;
  const edition = read.data;
  return (
    <Stack gap="lg">
      {edition === null ? (
        <Text size="sm">{t(date > today ? "gazettes.liesAhead" : "gazettes.nobodyLooked")}</Text>
      ) : (
        <Standing source={source} edition={edition} />
      )}
      {mayChange && date <= today && (
        <EditionActions source={source} date={date} edition={edition} />
      )}
      {edition !== null && (
        <>
          <Files source={source} edition={edition} />
          <Changes source={source} edition={edition} />
          <Tries source={source} edition={edition} />
        </>
      )}
    </Stack>
  );
}

function Standing({ source, edition }: { readonly source: Source; readonly edition: Edition }) {
  const { t } = useTranslation();
  const times = useGazetteTimes(source.timeZone);
  const words = useReasonWords();
  const { mayOwn } = useRights();
  const { state, reason, date } = edition;
  const isRead = state === "collected" || state === "corrected";
  const said = words(reason);
  const facts = [
    [t("gazettes.fact.expectedAt"), edition.expectedAt],
    [t("gazettes.fact.lateAt"), isRead ? null : edition.lateAt],
    [t("gazettes.fact.closesAt"), isRead ? null : edition.closesAt],
    [t(isRead ? "gazettes.fact.recheckAt" : "gazettes.fact.nextAt"), edition.nextAttemptAt],
    [t("gazettes.fact.changedAt"), edition.changedAt],
  ] as const;
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <StateMark state={state} />
        {isRead && (
          <Group gap="md">
            {mayOwn && (
              <Link
                to="/newsroom/prompts"
                search={{ source: source.slug, date }}
                className={classes.link}
              >
                <Text size="sm" component="span">
                  {t("gazettes.toPrompts")}
                </Text>
              </Link>
            )}
            {source.isPublic && (
              <Anchor href={`/gazettes/${source.slug}/${date}`} target="_blank" size="sm">
                {t("gazettes.publicPage")}
              </Anchor>
            )}
          </Group>
        )}
      </Group>
      {reason !== null && (
        <Alert color={isRead ? "gray" : "yellow"} variant="light" title={said}>
          {reason.detail !== said && (
            <Text size="xs" lang="en" style={{ overflowWrap: "anywhere" }}>
              {reason.detail}
            </Text>
          )}
        </Alert>
      )}
      <Screenshot source={source} edition={edition} />
      <ReadingProgress edition={edition} />
      <dl className={classes.facts}>
        {facts.flatMap(([name, at]) =>
          at === null
            ? []
            : [
                <dt key={`${name} name`}>{name}</dt>,
                <dd key={name} className="tabular">
                  {times.at(at)}
                </dd>,
              ],
        )}
      </dl>
      <Text size="xs" className="soft">
        {t("gazettes.clockOf", { zone: source.timeZone })}
      </Text>
    </Stack>
  );
}

/** Page by page, while a file of it is read. */
function ReadingProgress({ edition }: { readonly edition: Edition }) {
  const { t } = useTranslation();
  if (edition.state !== "collecting") return null;
  const current = edition.tries.find(({ endedAt }) => endedAt === null);
  const pages = current?.pages ?? null;
  const told =
    pages === null
      ? t("gazettes.beingCollected")
      : t(current?.step?.startsWith("recognise") ? "gazettes.recognising" : "gazettes.reading", {
          done: pages.done,
          total: pages.total,
        });
  return (
    <div role="status">
      <Title order={3} size="h6" mb={6}>
        {told}
      </Title>
      <Progress
        aria-label={told}
        value={pages === null ? 100 : (100 * pages.done) / Math.max(1, pages.total)}
        animated={pages === null}
      />
    </div>
  );
}
