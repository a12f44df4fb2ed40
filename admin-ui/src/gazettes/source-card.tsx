import { Badge, Group, Paper, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type CalendarDay, type DayState, stateOf, todayIn } from "./calendar-grid.ts";
import classes from "./gazettes.module.css";
import type { Source } from "./queries.ts";
import { useGazetteTimes } from "./words.ts";

/** One source: whose it is, its last edition, and how the month goes. */
export function SourceCard({
  source,
  days,
}: {
  readonly source: Source;
  /** Of late; empty until they are there. */
  readonly days: readonly CalendarDay[];
}) {
  const { t } = useTranslation();
  const times = useGazetteTimes(source.timeZone);
  const { lastCollectedOn } = source;
  return (
    <Paper
      className={`sheet ${classes.card}`}
      renderRoot={(props) => (
        <Link to="/gazettes/$sourceId" params={{ sourceId: source.id }} search={{}} {...props} />
      )}
    >
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <Title order={2} size="h4" style={{ overflowWrap: "anywhere" }}>
          {source.name}
        </Title>
        <SourceBadges source={source} />
      </Group>
      <Text size="sm" className="soft">
        {source.country} · {t("gazettes.dueAt", { at: source.settings.expectedAt })} ·{" "}
        {source.timeZone}
      </Text>
      <Text size="sm" mt="sm" mb={8}>
        {lastCollectedOn === null ? (
          t("gazettes.neverCollected")
        ) : (
          <>
            {t("gazettes.last")} <b>{times.medium(lastCollectedOn)}</b>{" "}
            <span className="soft">({times.age(lastCollectedOn)})</span>
          </>
        )}
      </Text>
      <MonthStrip source={source} days={days} />
    </Paper>
  );
}

export function SourceBadges({ source }: { readonly source: Source }) {
  const { t } = useTranslation();
  return (
    <Group gap={6} wrap="nowrap" flex="none">
      {source.isPaused && (
        <Badge variant="light" color="yellow" tt="none">
          {t("gazettes.paused")}
        </Badge>
      )}
      <Badge variant="light" color={source.isPublic ? "blue" : "brick"} tt="none">
        {t(source.isPublic ? "gazettes.public" : "gazettes.own")}
      </Badge>
    </Group>
  );
}

/** Nobody looked for one, or nobody could yet. */
const NOT_DUE: readonly DayState[] = ["none", "ahead", "unasked", "not-published"];

/** The days of this month in a row, told in a sentence to who does not see them. */
function MonthStrip({
  source: { timeZone },
  days,
}: {
  readonly source: Source;
  readonly days: readonly CalendarDay[];
}) {
  const { t } = useTranslation();
  const times = useGazetteTimes(timeZone);
  const today = todayIn(timeZone, Date.now());
  const month = today.slice(0, 7);
  const shown = days
    .filter(({ date }) => date.startsWith(month))
    .map((day) => ({ date: day.date, state: stateOf(day, today) }));
  const due = shown.filter(({ state }) => !NOT_DUE.includes(state));
  const good = due.filter(({ state }) => state === "collected" || state === "corrected");
  return (
    <>
      <div className={classes.strip} aria-hidden="true">
        {shown.map(({ date, state }) => (
          <span key={date} className={`${classes.state} ${classes.tick}`} data-state={state} />
        ))}
      </div>
      {shown.length > 0 && (
        <Text size="xs" className="soft" mt={6}>
          {t("gazettes.ofMonth", {
            good: good.length,
            due: due.length,
            month: times.month(month),
          })}
        </Text>
      )}
    </>
  );
}
