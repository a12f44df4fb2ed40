import { useDisclosure, useHotkeys, useMediaQuery } from "@mantine/hooks";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useTitle } from "../parts/page.tsx";
import { Empty, LoadingRows } from "../parts/states.tsx";
import { ConversationList } from "./conversation-list.tsx";
import classes from "./inbox.module.css";
import { ListHead } from "./list-head.tsx";
import { useConversations } from "./queries.ts";

// What is not seen at once is loaded when it is.
const ConversationPane = lazy(() => import("./conversation-pane.tsx"));
const DetailsPane = lazy(() => import("./details-pane.tsx"));
const DetailsDrawer = lazy(() => import("./details-drawer.tsx"));
const ShortcutsHelp = lazy(() => import("./shortcuts-help.tsx"));

const IGNORED_IN = ["INPUT", "TEXTAREA", "SELECT"];

/** Three panes where there is room: the list, the conversation, what is known of it. On a phone one at a time. */
export function Inbox() {
  const { t } = useTranslation();
  useTitle(t("nav.inbox"));
  const { conversationId } = useParams({ strict: false });
  const filter = useSearch({ from: "/inbox" });
  const navigate = useNavigate();
  const list = useConversations(filter);
  const [isHelpOpen, help] = useDisclosure();
  const [areDetailsOpen, details] = useDisclosure();
  const [isFilteringOpen, setFiltering] = useState(0);
  const hasRoom = useMediaQuery("(min-width: 75em)") ?? true;
  const entries = list.data?.pages.flatMap(({ conversations }) => conversations) ?? [];

  const go = (step: 1 | -1) => {
    const at = entries.findIndex((entry) => entry.conversationId === conversationId);
    const next = entries[at === -1 ? 0 : at + step];
    if (next === undefined) return;
    void navigate({
      to: "/inbox/$conversationId",
      params: { conversationId: next.conversationId },
      search: filter,
    });
  };
  useHotkeys(
    [
      ["j", () => go(1)],
      ["k", () => go(-1)],
      ["/", () => setFiltering((count) => count + 1)],
      ["shift+?", help.open],
      ["?", help.open],
    ],
    IGNORED_IN,
  );

  return (
    <div className={classes.inbox} data-open={conversationId !== undefined}>
      <section className={classes.list} aria-label={t("inbox.list")}>
        <ListHead filter={filter} focusSearch={isFilteringOpen} onHelp={help.open} />
        <ConversationList list={list} entries={entries} filter={filter} selected={conversationId} />
      </section>
      <section className={classes.conversation} aria-label={t("inbox.conversation")}>
        {conversationId === undefined ? (
          <Empty icon="inbox" title={t("inbox.nothingOpen")}>
            {t("inbox.nothingOpenHint")}
          </Empty>
        ) : (
          <Suspense fallback={<LoadingRows />}>
            <ConversationPane
              key={conversationId}
              conversationId={conversationId}
              filter={filter}
              onDetails={hasRoom ? undefined : details.open}
            />
          </Suspense>
        )}
      </section>
      {conversationId !== undefined && hasRoom && (
        <aside className={classes.details} aria-label={t("inbox.details")}>
          <Suspense fallback={<LoadingRows rows={3} />}>
            <DetailsPane key={conversationId} conversationId={conversationId} />
          </Suspense>
        </aside>
      )}
      <Suspense fallback={null}>
        {areDetailsOpen && !hasRoom && conversationId !== undefined && (
          <DetailsDrawer conversationId={conversationId} onClose={details.close} />
        )}
        {isHelpOpen && <ShortcutsHelp onClose={help.close} />}
      </Suspense>
    </div>
  );
}
