import { Badge, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation } from "../api/types.ts";
import { Icon } from "../parts/icon.tsx";
import { LongList, longListRow, rowParts } from "../parts/long-list.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats, useNow } from "../parts/time.ts";
import type { InboxFilter } from "./filter.ts";
import type { useConversations } from "./queries.ts";

const ROW_PX = 84;

/** Ten thousand rows cost what the screen shows of them. */
export function ConversationList({
  list,
  entries,
  filter,
  selected,
}: {
  readonly list: ReturnType<typeof useConversations>;
  readonly entries: readonly Conversation[];
  readonly filter: InboxFilter;
  readonly selected: string | undefined;
}) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  if (list.isError && entries.length === 0) {
    return <Failure error={list.error} retry={() => list.refetch()} />;
  }
  if (list.isPending) return <LoadingRows height={60} />;
  if (entries.length === 0) {
    const isFiltered = Object.keys(filter).length > 0;
    return (
      <Empty icon="inbox" title={t(isFiltered ? "inbox.noMatch" : "inbox.empty")}>
        {t(isFiltered ? "inbox.noMatchHint" : "inbox.emptyHint")}
      </Empty>
    );
  }
  return (
    <LongList
      items={entries}
      rowPx={ROW_PX}
      keyOf={({ conversationId }) => conversationId}
      selectedKey={selected}
      more={list}
    >
      {(entry) => <Row entry={entry} filter={filter} now={now} />}
    </LongList>
  );
}

/** Of those that pass by, each is drawn once. */
const Row = memo(function Row({
  entry,
  filter,
  now,
}: {
  readonly entry: Conversation;
  readonly filter: InboxFilter;
  readonly now: number;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const isUnread = entry.unread > 0;
  return (
    <Link
      to="/inbox/$conversationId"
      params={{ conversationId: entry.conversationId }}
      search={filter}
      className={longListRow}
    >
      <div className={rowParts.line}>
        <div className={rowParts.title} data-strong={isUnread}>
          {entry.contact?.name ?? t("inbox.nameless")}
        </div>
        <time className={rowParts.small} dateTime={entry.lastMessageAt}>
          {formats.brief(entry.lastMessageAt, now)}
        </time>
      </div>
      <div className={rowParts.smallCut} data-strong={isUnread}>
        {entry.excerpt ?? t("inbox.noText")}
      </div>
      <div className={rowParts.foot}>
        <div className={rowParts.smallCut}>
          {t(`channel.${entry.bot.channel}`)} · {entry.bot.name}
        </div>
        {entry.hasTrouble && (
          <Text c="red" component="span" title={t("inbox.trouble")}>
            <Icon name="warning" size={15} />
          </Text>
        )}
        <StateBadge entry={entry} />
        {isUnread && (
          <Badge
            size="sm"
            variant="filled"
            circle={entry.unread < 10}
            aria-label={t("inbox.unread", { count: entry.unread })}
          >
            {entry.unread}
          </Badge>
        )}
      </div>
    </Link>
  );
});

export function StateBadge({ entry }: { readonly entry: Conversation }) {
  const { t } = useTranslation();
  if (entry.state === "open") return null;
  const colors = { "waiting-for-person": "yellow", "with-person": "teal", closed: "gray" } as const;
  return (
    <Badge size="xs" variant="light" color={colors[entry.state]} autoContrast tt="none">
      {t(`conversation.${entry.state}`)}
    </Badge>
  );
}
