import { Alert, Button, Group, Progress, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { textOf } from "../parts/form-dialog.tsx";
import { Section } from "../parts/section.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { dayAfter, EDITION_STATES, type EditionState, isTrouble } from "./calendar-grid.ts";
import classes from "./gazettes.module.css";
import {
  type Backfill,
  isRunning,
  type Source,
  useBackfillActions,
  useBackfills,
} from "./queries.ts";
import { StateMark } from "./state-mark.tsx";
import { useGazetteTimes } from "./words.ts";

/** Older ones are a page of history that nobody turns. */
const MOST_SHOWN = 5;

/** Days that have passed, asked for in a range: how far each range is, and what came of it. */
export default function Backfills({
  source,
  today,
  mayAsk,
}: {
  readonly source: Source;
  readonly today: string;
  readonly mayAsk: boolean;
}) {
  const { t } = useTranslation();
  const list = useBackfills(source.id);
  const hasNone = list.data?.length === 0;
  if (hasNone && !mayAsk) return null;
  return (
    <Section title={t("backfill.title")} lead={t("backfill.lead")}>
      <Stack>
        {mayAsk && <Ask source={source} today={today} />}
        {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
        {list.isPending && <LoadingRows rows={1} />}
        {list.data !== undefined && list.data.length > 0 && (
          <ul className={classes.plain}>
            {list.data.slice(0, MOST_SHOWN).map((backfill) => (
              <li key={backfill.id} className={classes.entry}>
                <Range source={source} backfill={backfill} mayCancel={mayAsk} />
              </li>
            ))}
          </ul>
        )}
      </Stack>
    </Section>
  );
}

function Ask({ source, today }: { readonly source: Source; readonly today: string }) {
  const { t } = useTranslation();
  const { ask } = useBackfillActions(source);
  const [from, setFrom] = useState(dayAfter(today, -7));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    ask.mutate({ from: textOf(form, "from"), until: textOf(form, "until") });
  };
  const field = { type: "date", max: today, required: true, withAsterisk: false } as const;
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {ask.error !== null && (
          <Alert color="red" variant="light" role="alert">
            {ask.error.message}
          </Alert>
        )}
        <Group align="flex-end" gap="sm">
          <TextInput
            {...field}
            name="from"
            label={t("backfill.from")}
            value={from}
            onChange={({ currentTarget }) => setFrom(currentTarget.value)}
          />
          <TextInput
            {...field}
            name="until"
            label={t("backfill.until")}
            defaultValue={today}
            min={from}
          />
          <Button type="submit" loading={ask.isPending}>
            {t("backfill.ask")}
          </Button>
        </Group>
        {source.isPaused && (
          <Text size="sm" className="soft">
            {t("gazettes.pausedNote")}
          </Text>
        )}
      </Stack>
    </form>
  );
}

function Range({
  source,
  backfill,
  mayCancel,
}: {
  readonly source: Source;
  readonly backfill: Backfill;
  readonly mayCancel: boolean;
}) {
  const { t } = useTranslation();
  const times = useGazetteTimes(source.timeZone);
  const { cancel } = useBackfillActions(source);
  const { from, until, total, settled, askedAt, cancelledAt, counts } = backfill;
  const goesOn = isRunning(backfill);
  const came = EDITION_STATES.flatMap((state) => {
    const count = counts[state] ?? 0;
    return count > 0 ? [{ state, count }] : [];
  });
  return (
    <Stack gap={8}>
      <Group justify="space-between" gap="xs">
        <div>
          <Text size="sm" fw={600}>
            {t("backfill.range", { from: times.medium(from), until: times.medium(until) })}
          </Text>
          <Text size="xs" className="soft tabular" role="status">
            {total === 0 ? t("backfill.empty") : t("backfill.progress", { settled, count: total })}
            {" · "}
            {cancelledAt === null ? times.at(askedAt) : t("backfill.cancelled")}
          </Text>
        </div>
        {goesOn && mayCancel && (
          <Button
            size="xs"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate(backfill.id)}
          >
            {t("backfill.cancel")}
          </Button>
        )}
      </Group>
      {total > 0 && (
        <>
          <Progress.Root size="lg">
            {came
              .filter(({ state }) => colorOf(state) !== undefined)
              .map(({ state, count }) => (
                <Progress.Section
                  key={state}
                  value={(100 * count) / total}
                  color={colorOf(state) ?? "gray"}
                  striped={state === "collecting"}
                  animated={state === "collecting"}
                  aria-label={`${t(`gazettes.state.${state}`)}: ${count}`}
                />
              ))}
          </Progress.Root>
          <Group gap={6}>
            {came.map(({ state, count }) => (
              <StateMark key={state} state={state} count={count} />
            ))}
          </Group>
        </>
      )}
    </Stack>
  );
}

/** Undefined: it is still to come, and the bar is empty there. */
function colorOf(state: EditionState): string | undefined {
  if (state === "collected" || state === "corrected") return "green";
  if (state === "collecting") return "blue";
  if (state === "late") return "yellow";
  return isTrouble(state) ? "red" : undefined;
}
