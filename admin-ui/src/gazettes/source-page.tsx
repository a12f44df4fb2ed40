import { Alert, Button, Group, Menu, Stack, Text } from "@mantine/core";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { Page } from "../parts/page.tsx";
import { Section } from "../parts/section.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellFailure } from "../parts/tell.ts";
import { useEverWanted } from "../parts/use-ever-wanted.ts";
import { fillAddress } from "./address.ts";
import { Calendar } from "./calendar.tsx";
import { todayIn } from "./calendar-grid.ts";
import classes from "./gazettes.module.css";
import {
  type Source,
  useChangeSource,
  useGazetteEvents,
  usePresets,
  useRights,
  useSource,
} from "./queries.ts";
import { SourceBadges } from "./source-card.tsx";
import { useGazetteTimes } from "./words.ts";

const Backfills = lazy(() => import("./backfills.tsx"));
const ChangeSettings = lazy(() => import("./change-settings.tsx"));
const EditionDrawer = lazy(() => import("./edition-drawer.tsx"));
const PauseDialog = lazy(() => import("./pause-dialog.tsx"));
const RemoveDialog = lazy(() => import("./remove-dialog.tsx"));

/** One gazette: its calendar, each of its editions, and the days that are made up for. */
export function SourcePage() {
  const { sourceId } = useParams({ from: "/gazettes/$sourceId" });
  const read = useSource(sourceId);
  useGazetteEvents();
  if (read.isError) return <Failure error={read.error} retry={() => void read.refetch()} />;
  if (read.data === undefined) return <LoadingRows height={90} />;
  return <Shown key={sourceId} source={read.data.source} />;
}

function Shown({ source }: { readonly source: Source }) {
  const { t } = useTranslation();
  const { mayChange } = useRights();
  const search = useSearch({ from: "/gazettes/$sourceId" });
  const navigate = useNavigate();
  const today = todayIn(source.timeZone, Date.now());
  const month = search.month ?? search.date?.slice(0, 7) ?? today.slice(0, 7);
  const wasOpen = useEverWanted(search.date !== undefined);
  const go = (to: { readonly month: string; readonly date?: string }) =>
    void navigate({
      to: "/gazettes/$sourceId",
      params: { sourceId: source.id },
      search: to,
      resetScroll: false,
      replace: to.date === undefined && search.date === undefined,
    });
  const may = mayChange(source);
  return (
    <Page title={source.name} actions={may && <Actions source={source} />}>
      <Text size="sm" mb="md" mt={-12}>
        <Link to="/gazettes" className={classes.link}>
          {t("gazettes.back")}
        </Link>
      </Text>
      <Stack gap="lg">
        <Facts source={source} />
        {source.isPaused && <Paused source={source} mayResume={may} />}
        <Section title={t("gazettes.calendar")} lead={t("gazettes.calendarLead")}>
          <Calendar
            source={source}
            month={month}
            today={today}
            open={search.date}
            onMonth={(to) => go({ month: to })}
            onOpen={(date) => go({ month: date.slice(0, 7), date })}
          />
        </Section>
        <Suspense fallback={<LoadingRows rows={1} height={90} />}>
          <Backfills source={source} today={today} mayAsk={may} />
        </Suspense>
      </Stack>
      <Suspense fallback={null}>
        {wasOpen && (
          <EditionDrawer
            source={source}
            date={search.date}
            today={today}
            mayChange={may}
            onClose={() => go({ month })}
          />
        )}
      </Suspense>
    </Page>
  );
}

function Facts({ source }: { readonly source: Source }) {
  const { t } = useTranslation();
  const times = useGazetteTimes(source.timeZone);
  const { settings, lastCollectedOn, country, timeZone } = source;
  const { url } = settings.locator;
  const today = todayIn(timeZone, Date.now());
  return (
    <Stack gap={6}>
      <Group gap="sm">
        <SourceBadges source={source} />
        <Text size="sm">
          {lastCollectedOn === null
            ? t("gazettes.neverCollected")
            : `${t("gazettes.last")} ${times.medium(lastCollectedOn)} (${times.age(lastCollectedOn)})`}
        </Text>
      </Group>
      <Text size="sm" className="soft" style={{ overflowWrap: "anywhere" }}>
        {country} · {settings.weekdays.map((day) => times.weekday(day)).join(", ")} ·{" "}
        {t("gazettes.dueAt", { at: settings.expectedAt })} · {timeZone}
        <br />
        {t(`gazettes.kind.${settings.locator.kind}`)}
        {typeof url === "string" && `: ${fillAddress(url, today)}`}
      </Text>
    </Stack>
  );
}

function Paused({ source, mayResume }: { readonly source: Source; readonly mayResume: boolean }) {
  const { t } = useTranslation();
  const change = useChangeSource(source);
  const { pauseReason, preset } = source;
  const presets = usePresets();
  // What a preset says of itself is known in the reader's language; what a person wrote stays as it is.
  const doubt = presets.data?.find(({ name }) => name === preset)?.doubt;
  const reason =
    pauseReason !== null && pauseReason === doubt
      ? t(`gazettes.doubt.${preset as "dof"}`, { defaultValue: pauseReason })
      : pauseReason;
  return (
    <Alert color="yellow" variant="light" title={t("gazettes.isPaused")}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{reason ?? t("gazettes.isPausedHint")}</Text>
        {mayResume && (
          <Button
            size="xs"
            loading={change.isPending}
            onClick={() => change.mutate({ body: { isPaused: false } }, { onError: tellFailure })}
          >
            {t("gazettes.resume")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

function Actions({ source }: { readonly source: Source }) {
  const { t } = useTranslation();
  const [isChanging, setChanging] = useState(false);
  const [isPausing, setPausing] = useState(false);
  const [isRemoving, setRemoving] = useState(false);
  const wasChanging = useEverWanted(isChanging);
  return (
    <Group gap="xs">
      <Button variant="default" onClick={() => setChanging(true)}>
        {t("gazettes.settings")}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="xs" aria-label={t("gazettes.more")}>
            <Icon name="more" />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {!source.isPaused && (
            <Menu.Item onClick={() => setPausing(true)}>{t("gazettes.pause")}</Menu.Item>
          )}
          <Menu.Item color="red" onClick={() => setRemoving(true)}>
            {t("gazettes.remove")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense fallback={null}>
        {wasChanging && (
          <ChangeSettings source={source} isOpen={isChanging} onClose={() => setChanging(false)} />
        )}
      </Suspense>
      <Suspense fallback={null}>
        {isPausing && <PauseDialog source={source} onClose={() => setPausing(false)} />}
        {isRemoving && <RemoveDialog source={source} onClose={() => setRemoving(false)} />}
      </Suspense>
    </Group>
  );
}
