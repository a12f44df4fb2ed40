import {
  Alert,
  Button,
  Group,
  Modal,
  NativeSelect,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { LoadingRows } from "../parts/states.tsx";
import { useFormats } from "../parts/time.ts";
import {
  type Prompt,
  type Run,
  type RunRequest,
  useEstimate,
  useSourceChoice,
  useStartRun,
} from "./queries.ts";
import { Refusal } from "./refusal.tsx";
import classes from "./run.module.css";
import { useKeyOf } from "./use-key-of.ts";
import { useNewsroomWords } from "./words.ts";

const TYPING_MS = 400;

/** A prompt is run by hand on an edition that is chosen by source and date; what it will cost is said before. */
export default function RunDialog({
  prompt,
  source: wantedSource,
  date: wantedDate,
  onClose,
  onStarted,
}: {
  readonly prompt: Prompt;
  readonly source?: string | undefined;
  readonly date?: string | undefined;
  readonly onClose: () => void;
  readonly onStarted: (run: Run) => void;
}) {
  const { t } = useTranslation();
  const [source, setSource] = useState(wantedSource ?? "");
  const [from, setFrom] = useState(wantedDate ?? "");
  const [until, setUntil] = useState("");
  const [version, setVersion] = useState(prompt.version);
  const keyOf = useKeyOf();
  const known = useSourceChoice();
  const start = useStartRun(prompt.id, (run) => {
    onClose();
    onStarted(run);
  });
  const requestOf = (first: string, last: string): RunRequest => ({
    ...(source !== "" && { source }),
    ...(first !== "" && { from: first }),
    ...(first !== "" && last > first && { until: last }),
    ...(version !== prompt.version && { version }),
  });
  const request = requestOf(from, until);
  // A year is typed figure by figure, and each of them makes a date.
  const [first] = useDebouncedValue(from, TYPING_MS);
  const [last] = useDebouncedValue(until, TYPING_MS);
  const estimate = useEstimate(prompt.id, requestOf(first, last));
  const nameOf = (slug: string) => known.data?.find((each) => each.slug === slug)?.name ?? slug;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    start.mutate({ body: request, key: keyOf(request) });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t("newsroom.runOf", { name: prompt.name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
            <NativeSelect
              label={t("newsroom.source")}
              value={source}
              data={[
                { value: "", label: t("newsroom.allSources") },
                ...prompt.sources.map((slug) => ({ value: slug, label: nameOf(slug) })),
              ]}
              onChange={({ currentTarget }) => setSource(currentTarget.value)}
            />
            <NativeSelect
              label={t("newsroom.versionToRun")}
              value={String(version)}
              data={Array.from({ length: prompt.version }, (_, at) => String(prompt.version - at))}
              onChange={({ currentTarget }) => setVersion(Number(currentTarget.value))}
            />
            <TextInput
              type="date"
              label={t("newsroom.from")}
              description={t("newsroom.fromHint")}
              value={from}
              onChange={({ currentTarget }) => setFrom(currentTarget.value)}
            />
            <TextInput
              type="date"
              label={t("newsroom.until")}
              description={t("newsroom.untilHint")}
              value={until}
              min={from}
              disabled={from === ""}
              onChange={({ currentTarget }) => setUntil(currentTarget.value)}
            />
          </SimpleGrid>
          <section aria-label={t("newsroom.estimate")} aria-live="polite">
            {estimate.isError && (
              <Alert color="yellow" variant="light" title={t("newsroom.noEstimate")}>
                {estimate.error.message}
              </Alert>
            )}
            {estimate.isPending && <LoadingRows rows={1} height={110} />}
            {estimate.data !== undefined && <Estimate {...estimate.data} />}
          </section>
          <Refusal error={start.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button
              type="submit"
              loading={start.isPending}
              disabled={estimate.data === undefined || first !== from || last !== until}
            >
              {t("newsroom.run")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

const MOST_EDITIONS = 6;

function Estimate({ estimate, editions }: NonNullable<ReturnType<typeof useEstimate>["data"]>) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const words = useNewsroomWords();
  const figures = [
    [t("newsroom.cost"), words.cost(estimate.costMicroUsd)],
    [t("newsroom.pages"), number(estimate.pages)],
    [t("newsroom.acts"), number(estimate.acts)],
    [t("newsroom.calls"), number(estimate.calls)],
    [t("newsroom.tokens"), number(estimate.inputTokens + estimate.outputTokens)],
    [t("newsroom.model"), estimate.model ?? t("newsroom.noModel")],
  ] as const;
  return (
    <div className={classes.estimate}>
      <dl className={classes.figures}>
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Text size="sm" mt="xs">
        {t("newsroom.reads", { count: estimate.documents })}
      </Text>
      <ul className={classes.editions}>
        {editions
          .slice(0, MOST_EDITIONS)
          .map(({ id, sourceName, date, documentName, pageCount }) => (
            <li key={id}>
              {sourceName}, {words.day(date)} ·{" "}
              <span className="soft">
                {documentName}, {t("newsroom.pageCount", { count: pageCount })}
              </span>
            </li>
          ))}
        {editions.length > MOST_EDITIONS && (
          <li className="soft">
            {t("newsroom.moreEditions", { count: editions.length - MOST_EDITIONS })}
          </li>
        )}
      </ul>
    </div>
  );
}
