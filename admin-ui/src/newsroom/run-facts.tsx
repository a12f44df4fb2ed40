import { Anchor, NativeSelect, Paper, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { nameOf, usePeopleNames } from "../parts/people-names.ts";
import { LoadingRows } from "../parts/states.tsx";
import { useFormats } from "../parts/time.ts";
import { Coverage } from "./coverage.tsx";
import classes from "./newsroom.module.css";
import { isWorking, type Run, useNewsroomRights, useRuns, useSourceChoice } from "./queries.ts";
import runClasses from "./run.module.css";
import { useNewsroomWords } from "./words.ts";

const RunPages = lazy(() => import("./run-pages.tsx"));

/** Of what it was written, how much of that was read, what it cost, and who decided. */
export function RunFacts({
  run,
  other,
  onCompare,
}: {
  readonly run: Run;
  readonly other: string | undefined;
  readonly onCompare: (other: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const words = useNewsroomWords();
  const names = usePeopleNames();
  const person = (actor: string) => words.actor(nameOf(actor, names));
  const [showsPages, setShowsPages] = useState(false);
  const { review, spent, estimate } = run;
  const facts = [
    [
      t("newsroom.prompt"),
      <Link
        key="prompt"
        to="/newsroom/prompts/$promptId"
        params={{ promptId: run.promptId }}
        className={classes.plainLink}
      >
        {t("newsroom.promptVersion", { name: run.promptName, version: run.version })}
      </Link>,
    ],
    [
      t("newsroom.askedBy"),
      `${t(`newsroom.trigger.${run.trigger}`, { who: person(run.askedBy) })}, ${formats.long(run.askedAt)}`,
    ],
    [
      t("newsroom.cost"),
      estimate === null
        ? words.cost(spent.costMicroUsd)
        : t("newsroom.costOf", {
            spent: words.cost(spent.costMicroUsd),
            estimated: words.cost(estimate.costMicroUsd),
            calls: formats.number(spent.calls),
          }),
    ],
    ...(review === null
      ? []
      : [
          [
            t(`newsroom.decision.${review.decision}`),
            `${person(review.by)}, ${formats.long(review.at)}${
              review.reason === null ? "" : `: “${review.reason}”`
            }`,
          ] as const,
        ]),
  ] as const;
  return (
    <Paper className="sheet" p="md" component="section" aria-label={t("newsroom.aboutRun")}>
      <dl className={runClasses.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Coverage run={run} isBusy={isWorking(run)} />
      <Editions run={run} />
      {run.coverage.pages > 0 && (
        <details
          className={runClasses.details}
          onToggle={(event) => setShowsPages(event.currentTarget.open)}
        >
          <summary>{t("newsroom.whichPages")}</summary>
          {showsPages && (
            <Suspense fallback={<LoadingRows rows={1} />}>
              <RunPages run={run} />
            </Suspense>
          )}
        </details>
      )}
      <Beside run={run} other={other} onCompare={onCompare} />
    </Paper>
  );
}

const MOST_EDITIONS = 4;

function Editions({ run: { editions } }: { readonly run: Run }) {
  const { t } = useTranslation();
  const words = useNewsroomWords();
  const { mayRead } = useNewsroomRights();
  const sources = useSourceChoice();
  return (
    <ul className={runClasses.editions}>
      {editions.slice(0, MOST_EDITIONS).map(({ id, source, sourceName, date, documentName }) => {
        const sourceId = sources.data?.find(({ slug }) => slug === source)?.id;
        const name = `${sourceName}, ${words.day(date)}`;
        return (
          <li key={id}>
            {mayRead && sourceId !== undefined ? (
              <Link
                to="/gazettes/$sourceId/editions/$editionId"
                params={{ sourceId, editionId: id }}
                search={{}}
                className={classes.plainLink}
              >
                {name}
              </Link>
            ) : (
              <Anchor
                href={`/gazettes/${source}/${date}`}
                target="_blank"
                underline="always"
                c="inherit"
                inherit
              >
                {name}
              </Anchor>
            )}{" "}
            <Text size="xs" className="soft" component="span">
              {documentName}
            </Text>
          </li>
        );
      })}
      {editions.length > MOST_EDITIONS && (
        <li className="soft">
          {t("newsroom.moreEditions", { count: editions.length - MOST_EDITIONS })}
        </li>
      )}
    </ul>
  );
}

/** Another run of the prompt, of another version as a rule, to stand beside this one. */
function Beside({
  run,
  other,
  onCompare,
}: {
  readonly run: Run;
  readonly other: string | undefined;
  readonly onCompare: (other: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const runs = useRuns({ promptId: run.promptId, limit: 50 });
  const others = (runs.data ?? []).filter(
    ({ id, statementCount }) => id !== run.id && statementCount > 0,
  );
  if (others.length === 0 && other === undefined) return null;
  return (
    <NativeSelect
      mt="md"
      maw={460}
      label={t("newsroom.compareWith")}
      value={other ?? ""}
      data={[
        { value: "", label: t("newsroom.nothingBeside") },
        ...others.map(({ id, version, askedAt, state }) => ({
          value: id,
          label: `${t("newsroom.version", { version })} · ${formats.long(askedAt)} · ${t(`newsroom.state.${state}`)}`,
        })),
      ]}
      onChange={({ currentTarget: { value } }) => onCompare(value === "" ? undefined : value)}
    />
  );
}
