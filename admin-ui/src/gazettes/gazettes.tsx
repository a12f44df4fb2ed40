import { Button, SimpleGrid, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { Page } from "../parts/page.tsx";
import { Section } from "../parts/section.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useEverWanted } from "../parts/use-ever-wanted.ts";
import { type CalendarDay, todayIn, troubledDays } from "./calendar-grid.ts";
import classes from "./gazettes.module.css";
import { type Source, useGazetteEvents, useRecentDays, useRights, useSources } from "./queries.ts";
import { SourceCard } from "./source-card.tsx";
import { StateMark } from "./state-mark.tsx";
import { useGazetteTimes, useReasonWords } from "./words.ts";

const AddSource = lazy(() => import("./add-source.tsx"));

/** More are seen in the calendars. */
const MOST_TROUBLES = 8;

/** The gazettes whose editions are collected, and what of them a person should look at. */
export function Gazettes() {
  const { t } = useTranslation();
  const { mayOwn, mayPublic } = useRights();
  const sources = useSources();
  const [isAdding, setAdding] = useState(false);
  const wasAdding = useEverWanted(isAdding);
  useGazetteEvents();
  const mayAdd = mayOwn || mayPublic;
  const add = (
    <Button leftSection={<Icon name="plus" size={17} />} onClick={() => setAdding(true)}>
      {t("gazettes.add")}
    </Button>
  );
  return (
    <Page title={t("nav.gazettes")} lead={t("gazettes.lead")} actions={mayAdd && add}>
      {sources.isError && <Failure error={sources.error} retry={() => void sources.refetch()} />}
      {sources.isPending && <LoadingRows height={120} rows={3} />}
      {sources.data?.length === 0 && (
        <Empty icon="documents" title={t("gazettes.none")}>
          {t(mayAdd ? "gazettes.noneHint" : "gazettes.noneToRead")}
        </Empty>
      )}
      {sources.data !== undefined && sources.data.length > 0 && (
        <SourceList sources={sources.data} />
      )}
      <Suspense fallback={null}>
        {wasAdding && (
          <AddSource
            isOpen={isAdding}
            known={sources.data ?? []}
            onClose={() => setAdding(false)}
          />
        )}
      </Suspense>
    </Page>
  );
}

function SourceList({ sources }: { readonly sources: readonly Source[] }) {
  const recent = useRecentDays(sources);
  const now = Date.now();
  const listed = sources.map((source) => {
    const days = recent.get(source.id) ?? [];
    return { source, days, troubles: troubledDays(days, todayIn(source.timeZone, now)) };
  });
  // What somebody should look at comes first, then what is one's own.
  const rank = ({ source, troubles }: (typeof listed)[number]) =>
    (troubles.length > 0 ? 0 : 2) + (source.isPublic ? 1 : 0);
  const ordered = [...listed].sort(
    (one, other) => rank(one) - rank(other) || one.source.name.localeCompare(other.source.name),
  );
  const troubles = ordered
    .flatMap(({ source, troubles: days }) => days.map((day) => ({ source, day })))
    .sort((one, other) => other.day.date.localeCompare(one.day.date));
  return (
    <Stack gap="lg">
      {troubles.length > 0 && <Troubles troubles={troubles} />}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        {ordered.map(({ source, days }) => (
          <SourceCard key={source.id} source={source} days={days} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

interface Trouble {
  readonly source: Source;
  readonly day: CalendarDay & { readonly edition: NonNullable<CalendarDay["edition"]> };
}

function Troubles({ troubles }: { readonly troubles: readonly Trouble[] }) {
  const { t } = useTranslation();
  const others = troubles.length - MOST_TROUBLES;
  return (
    <Section title={t("gazettes.troubles")} lead={t("gazettes.troublesLead")}>
      <ul className={classes.plain}>
        {troubles.slice(0, MOST_TROUBLES).map(({ source, day }) => (
          <li key={`${source.id} ${day.date}`}>
            <TroubleRow source={source} day={day} />
          </li>
        ))}
      </ul>
      {others > 0 && (
        <Text size="sm" className="soft" mt="xs">
          {t("gazettes.moreTroubles", { count: others })}
        </Text>
      )}
    </Section>
  );
}

function TroubleRow({ source, day: { date, edition } }: Trouble) {
  const times = useGazetteTimes(source.timeZone);
  const words = useReasonWords();
  return (
    <Link
      to="/gazettes/$sourceId"
      params={{ sourceId: source.id }}
      search={{ month: date.slice(0, 7), date }}
      className={classes.trouble}
    >
      <span className={classes.troubleTold}>
        <StateMark state={edition.state} />
        <Text size="sm" component="span" className={classes.troubleText}>
          <b>{source.name}</b>, {times.spoken(date)}
          <Text size="sm" className="soft" component="span" display="block">
            {words(edition.reason)}
          </Text>
        </Text>
      </span>
      <Icon name="forward" size={16} />
    </Link>
  );
}
