import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { rangesOf } from "./page-ranges.ts";
import { type Run, useRunPages } from "./queries.ts";
import classes from "./run.module.css";
import { useNewsroomWords } from "./words.ts";

type LedgerPage = Schema<"PromptRunPage">;

const STATES = [
  "read",
  "unread",
  "blank",
  "left-out",
] as const satisfies readonly LedgerPage["state"][];

/** The page ledger: of each document, which pages were read and which were not, by colour and in words. */
export default function RunPages({ run }: { readonly run: Run }) {
  const words = useNewsroomWords();
  const read = useRunPages(run.id);
  if (read.isError) return <Failure error={read.error} retry={() => void read.refetch()} />;
  if (read.data === undefined) return <LoadingRows rows={2} />;
  return run.editions.map(({ id, sourceName, date, documentName }) => (
    <section key={id} className={classes.ledger} aria-label={`${sourceName}, ${words.day(date)}`}>
      <Text size="sm" fw={600}>
        {sourceName}, {words.day(date)}
        <Text size="xs" className="soft" component="span" ml={6}>
          {documentName}
        </Text>
      </Text>
      <Ledger pages={(read.data ?? []).filter(({ editionId }) => editionId === id)} />
    </section>
  ));
}

function Ledger({ pages }: { readonly pages: readonly LedgerPage[] }) {
  const { t } = useTranslation();
  return (
    <>
      <div className={classes.ledgerStrip} aria-hidden="true">
        {pages.map(({ page, state }) => (
          <span key={page} className={classes.ledgerPage} data-state={state} title={String(page)} />
        ))}
      </div>
      <ul className={classes.editions}>
        {STATES.map((state) => {
          const own = pages.filter((each) => each.state === state).map(({ page }) => page);
          return (
            own.length > 0 && (
              <li key={state}>
                <b>{t(`newsroom.ledger.${state}`)}:</b> {rangesOf(own)}
              </li>
            )
          );
        })}
      </ul>
    </>
  );
}
