import { Badge, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ownPath } from "./post-link.ts";
import { type Citation, type Statement, useNewsroomRights } from "./queries.ts";
import classes from "./review.module.css";
import { useNewsroomWords } from "./words.ts";

/** The claims of a text, each with the places that bear it out; a place opens the page of the gazette. */
export function Statements({
  statements,
  language,
  open,
  onOpen,
  children,
}: {
  readonly statements: readonly Statement[];
  readonly language: string;
  readonly open: Citation | undefined;
  readonly onOpen: (citation: Citation) => void;
  /** Below the statement whose place is open, where there is no room beside it. */
  readonly children?: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <ol className={classes.statements} aria-label={t("newsroom.statementsOf")}>
      {statements.map((statement, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what is read here is never moved
        <li key={at} data-unsupported={!statement.isSupported || undefined}>
          <Text component="p" m={0} lang={language} className={classes.claim}>
            {statement.text}
          </Text>
          <Origin statement={statement} />
          <Places citations={statement.citations} number={at + 1} open={open} onOpen={onOpen} />
          {open !== undefined && statement.citations.includes(open) && children}
        </li>
      ))}
    </ol>
  );
}

export function Origin({ statement }: { readonly statement: Statement }) {
  const { t } = useTranslation();
  const { origin, isSupported } = statement;
  if (origin === "model" && isSupported) return null;
  return (
    <div className={classes.origins}>
      {origin !== "model" && (
        <Badge variant="light" color="blue" tt="none">
          {t(`newsroom.origin.${origin}`)}
        </Badge>
      )}
      {!isSupported && (
        <Badge variant="light" color="orange" tt="none">
          {t("newsroom.unsupported")}
        </Badge>
      )}
    </div>
  );
}

function Places({
  citations,
  number,
  open,
  onOpen,
}: {
  readonly citations: readonly Citation[];
  readonly number: number;
  readonly open: Citation | undefined;
  readonly onOpen: (citation: Citation) => void;
}) {
  const { t } = useTranslation();
  const words = useNewsroomWords();
  const { mayRead } = useNewsroomRights();
  if (citations.length === 0) return null;
  return (
    <ul className={classes.places} aria-label={t("newsroom.placesOf", { number })}>
      {citations.map((citation) => {
        const name = `${citation.sourceName}, ${words.day(citation.date)}, ${words.page(citation)}`;
        return (
          <li key={citation.passageId}>
            {mayRead ? (
              <button
                type="button"
                className={classes.chip}
                aria-pressed={citation === open}
                title={citation.quote}
                onClick={() => onOpen(citation)}
              >
                {name}
              </button>
            ) : (
              <a
                className={classes.chip}
                href={ownPath(citation.link)}
                target="_blank"
                rel="noreferrer"
              >
                {name}
              </a>
            )}
          </li>
        );
      })}
    </ul>
  );
}
