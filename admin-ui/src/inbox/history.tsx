import { Button } from "@mantine/core";
import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { isSameDay, useFormats } from "../parts/time.ts";
import { Entry } from "./entry.tsx";
import classes from "./inbox.module.css";
import { type useDesk, useHistory } from "./queries.ts";

/** Nearer to the end than this, what comes is followed. */
const NEAR_END_PX = 120;

/** What was said, oldest first; it stays at its end while one is there. */
export function History({
  conversationId,
  isWithPerson,
  desk,
  mayAct,
  onPassport,
}: {
  readonly conversationId: string;
  readonly isWithPerson: boolean;
  readonly desk: ReturnType<typeof useDesk>;
  readonly mayAct: boolean;
  readonly onPassport: (messageId: string) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const history = useHistory(conversationId);
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const heightBefore = useRef(0);
  const entries = history.data ?? [];
  const newest = entries.at(-1);
  // The bot answers nothing that a person has already spoken to.
  const lastByPerson = entries.findLastIndex(({ kind }) => kind === "reply" || kind === "phone");
  const mark = `${entries.length} ${newest?.id} ${newest === undefined ? "" : "parts" in newest && newest.parts.length}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when what is shown has grown
  useLayoutEffect(() => {
    const { current } = box;
    if (current === null) return;
    if (isAtEnd.current) current.scrollTop = current.scrollHeight;
    // What is put in above must not move what is read.
    else current.scrollTop += current.scrollHeight - heightBefore.current;
    heightBefore.current = current.scrollHeight;
  }, [mark]);

  if (history.isError && entries.length === 0) {
    return <Failure error={history.error} retry={() => history.refetch()} />;
  }
  if (history.isPending) return <LoadingRows />;
  return (
    <div
      ref={box}
      className={classes.messages}
      role="log"
      aria-label={t("inbox.history")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
      }}
    >
      {history.hasNextPage && (
        <Button
          variant="subtle"
          size="xs"
          style={{ alignSelf: "center" }}
          loading={history.isFetchingNextPage}
          onClick={() => {
            isAtEnd.current = false;
            void history.fetchNextPage();
          }}
        >
          {t("inbox.older")}
        </Button>
      )}
      {entries.length === 0 && <Empty icon="inbox" title={t("inbox.nothingSaid")} />}
      {entries.map((entry, at) => {
        const before = entries[at - 1];
        const isNewDay =
          before === undefined || !isSameDay(new Date(before.at), new Date(entry.at));
        return (
          <div key={entry.id} style={{ display: "contents" }}>
            {isNewDay && <div className={classes.day}>{formats.weekday(entry.at)}</div>}
            <Entry
              entry={entry}
              isAwaited={entry.state === "pending" && !isWithPerson && at > lastByPerson}
              desk={desk}
              mayAct={mayAct}
              onPassport={onPassport}
            />
          </div>
        );
      })}
    </div>
  );
}
