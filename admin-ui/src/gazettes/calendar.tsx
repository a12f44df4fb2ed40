import { ActionIcon, Button, Group, Text, Title, VisuallyHidden } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import {
  type CalendarDay,
  countStates,
  type DayState,
  dayByKey,
  monthAfter,
  sameDayIn,
  stateOf,
  weeksOf,
} from "./calendar-grid.ts";
import classes from "./gazettes.module.css";
import { type Source, useCalendar } from "./queries.ts";
import { StateIcon, StateMark } from "./state-mark.tsx";
import { useGazetteTimes, useReasonWords } from "./words.ts";

interface CalendarProps {
  readonly source: Source;
  /** `2026-11`. */
  readonly month: string;
  /** By the gazette's clock. */
  readonly today: string;
  /** The day whose edition is open. */
  readonly open: string | undefined;
  readonly onMonth: (month: string) => void;
  readonly onOpen: (date: string) => void;
}

/** The editions of a month: a grid, and on a telephone a list. */
export function Calendar(props: CalendarProps) {
  const { t } = useTranslation();
  const { source, month, today, onMonth } = props;
  const times = useGazetteTimes(source.timeZone);
  const calendar = useCalendar(source, month);
  const isNarrow = useMediaQuery("(max-width: 48em)", undefined, {
    getInitialValueInEffect: false,
  });
  const days = calendar.data?.days;
  return (
    <>
      <Group justify="space-between" mb="sm" wrap="nowrap">
        <Group gap="xs" wrap="nowrap">
          <ActionIcon
            variant="default"
            size="lg"
            aria-label={t("gazettes.monthBefore")}
            onClick={() => onMonth(monthAfter(month, -1))}
          >
            <Icon name="back" />
          </ActionIcon>
          <ActionIcon
            variant="default"
            size="lg"
            aria-label={t("gazettes.monthAfter")}
            onClick={() => onMonth(monthAfter(month, 1))}
          >
            <Icon name="forward" />
          </ActionIcon>
          <Title order={3} size="h4" aria-live="polite" className={classes.monthName}>
            {times.month(month)}
          </Title>
        </Group>
        <Button
          size="xs"
          flex="none"
          variant="default"
          disabled={month === today.slice(0, 7)}
          onClick={() => onMonth(today.slice(0, 7))}
        >
          {t("gazettes.today")}
        </Button>
      </Group>
      {calendar.isError && <Failure error={calendar.error} retry={() => void calendar.refetch()} />}
      {calendar.isPending && isNarrow && <LoadingRows rows={8} height={40} />}
      {!calendar.isError && !isNarrow && <MonthGrid {...props} days={days} />}
      {days !== undefined && isNarrow && <MonthList {...props} days={days} />}
      {days !== undefined && (
        <ul className={classes.legend} aria-label={t("gazettes.legend")}>
          {countStates(days, today).map(([state, count]) => (
            <li key={state}>
              <StateMark state={state} count={count} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** One stop of the Tab key: arrows, Home, End, Page Up and Page Down walk through the days, and over months. */
function MonthGrid({
  source,
  month,
  today,
  open,
  days,
  onMonth,
  onOpen,
}: CalendarProps & { readonly days: readonly CalendarDay[] | undefined }) {
  const { t } = useTranslation();
  const times = useGazetteTimes(source.timeZone);
  const words = useReasonWords();
  const [wanted, setWanted] = useState(open ?? (today.startsWith(month) ? today : `${month}-01`));
  const current = wanted.startsWith(month) ? wanted : sameDayIn(month, wanted);
  const cell = useRef<HTMLButtonElement>(null);
  const isWalking = useRef(false);
  // Once the month that a key led to is drawn.
  useEffect(() => {
    if (!isWalking.current || current !== wanted) return;
    isWalking.current = false;
    cell.current?.focus();
  });
  const byDate = new Map(days?.map((day) => [day.date, day]));
  const walk = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const to = dayByKey(current, event.key);
    if (to === undefined) return;
    event.preventDefault();
    isWalking.current = true;
    setWanted(to);
    if (!to.startsWith(month)) onMonth(to.slice(0, 7));
  };
  return (
    <table className={classes.month}>
      <caption>
        <VisuallyHidden>{t("gazettes.calendarKeys")}</VisuallyHidden>
      </caption>
      <thead>
        <tr>
          {[1, 2, 3, 4, 5, 6, 7].map((day) => (
            <th key={day} scope="col">
              {times.weekday(day)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(month).map((week) => (
          <tr key={week.find((date) => date !== undefined)}>
            {placesOf(week).map(({ key, date }) => {
              if (date === undefined) return <td key={key} />;
              const day = byDate.get(date);
              const edition = day?.edition ?? null;
              return (
                <td key={key}>
                  <DayButton
                    date={date}
                    state={day === undefined ? undefined : stateOf(day, today)}
                    label={times.long(date)}
                    reason={edition === null ? undefined : words(edition.reason)}
                    isToday={date === today}
                    isOpen={date === open}
                    reference={date === current ? cell : undefined}
                    onKeyDown={walk}
                    onOpen={() => {
                      setWanted(date);
                      onOpen(date);
                    }}
                  />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function placesOf(week: readonly (string | undefined)[]) {
  return week.map((date, at) => ({ key: date ?? `none-${at}`, date }));
}

function DayButton({
  date,
  state,
  label,
  reason,
  isToday,
  isOpen,
  reference,
  onKeyDown,
  onOpen,
}: {
  readonly date: string;
  /** Undefined: not known yet. */
  readonly state: DayState | undefined;
  readonly label: string;
  readonly reason: string | undefined;
  readonly isToday: boolean;
  readonly isOpen: boolean;
  /** Of the one stop of the Tab key. */
  readonly reference: RefObject<HTMLButtonElement | null> | undefined;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onOpen: () => void;
}) {
  const { t } = useTranslation();
  const word = state === undefined ? undefined : t(`gazettes.state.${state}`);
  return (
    <button
      type="button"
      ref={reference}
      className={`${classes.state} ${classes.day}`}
      data-state={state ?? "none"}
      tabIndex={reference === undefined ? -1 : 0}
      aria-current={isToday ? "date" : undefined}
      aria-pressed={isOpen}
      title={reason}
      onKeyDown={onKeyDown}
      onClick={onOpen}
    >
      <span className={`${classes.number} ${isToday ? classes.today : ""}`}>
        {Number(date.slice(8))}
      </span>
      <VisuallyHidden>{`, ${label}. `}</VisuallyHidden>
      {state !== undefined && state !== "none" && (
        <span className={classes.word}>
          <StateIcon state={state} />
          {word}
        </span>
      )}
    </button>
  );
}

/** Days with an edition, the newest first; those to come are left out. */
function MonthList({
  source,
  today,
  days,
  onOpen,
}: CalendarProps & { readonly days: readonly CalendarDay[] }) {
  const { t } = useTranslation();
  const times = useGazetteTimes(source.timeZone);
  const words = useReasonWords();
  const shown = days
    .map((day) => ({ ...day, state: stateOf(day, today) }))
    .filter(({ state }) => state !== "none" && state !== "ahead")
    .reverse();
  if (shown.length === 0) {
    return (
      <Text size="sm" className="soft" py="md">
        {t("gazettes.emptyMonth")}
      </Text>
    );
  }
  return (
    <ul className={classes.plain}>
      {shown.map(({ date, state, edition }) => (
        <li key={date}>
          <button type="button" className={classes.row} onClick={() => onOpen(date)}>
            <span className={classes.rowDay}>
              <Text size="sm" fw={date === today ? 700 : 500} component="span" display="block">
                {times.brief(date)}
              </Text>
              {edition !== null && edition.reason !== null && (
                <Text size="xs" className="soft" component="span" display="block">
                  {words(edition.reason)}
                </Text>
              )}
            </span>
            <StateMark state={state} />
          </button>
        </li>
      ))}
    </ul>
  );
}
