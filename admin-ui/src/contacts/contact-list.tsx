import { Badge, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats, useNow } from "../parts/time.ts";
import classes from "./contacts.module.css";
import type { ContactsFilter } from "./filter.ts";
import type { Contact, useContacts } from "./queries.ts";

/** As `.row` has it. */
const ROW_PX = 64;
const READ_AHEAD_ROWS = 20;
const SHOWN_TAGS = 2;

/** Two hundred thousand contacts cost what the screen shows of them. */
export function ContactList({
  list,
  entries,
  filter,
  isSearched,
  selected,
}: {
  readonly list: ReturnType<typeof useContacts>;
  readonly entries: readonly Contact[];
  readonly filter: ContactsFilter;
  readonly isSearched: boolean;
  readonly selected: string | undefined;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
    getItemKey: (at) => entries[at]?.id ?? at,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= entries.length - READ_AHEAD_ROWS) {
      void fetchNextPage();
    }
  }, [last, entries.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const selectedAt = entries.findIndex(({ id }) => id === selected);
  useEffect(() => {
    if (selectedAt >= 0) rows.scrollToIndex(selectedAt, { align: "auto" });
  }, [selectedAt, rows]);

  if (list.isError && entries.length === 0) {
    return <Failure error={list.error} retry={() => list.refetch()} />;
  }
  if (list.isPending) return <LoadingRows height={44} />;
  if (entries.length === 0) {
    const isFiltered = isSearched || Object.keys(filter).length > 0;
    return (
      <Empty icon="contacts" title={t(isFiltered ? "contacts.noMatch" : "contacts.empty")}>
        {t(isFiltered ? "contacts.noMatchHint" : "contacts.emptyHint")}
      </Empty>
    );
  }
  const count = list.data?.pages[0]?.count;
  return (
    <>
      {count !== undefined && count > entries.length && (
        <Text size="xs" className="soft" px="md" pb="xs">
          {t("contacts.someOf", {
            shown: formats.number(entries.length),
            all: formats.number(count),
          })}
        </Text>
      )}
      <div ref={box} className={classes.rows}>
        <ul className={classes.places} style={{ height: rows.getTotalSize() }}>
          {shown.map(({ index, start, key }) => {
            const entry = entries[index];
            return (
              entry !== undefined && <Row key={key} entry={entry} filter={filter} start={start} />
            );
          })}
        </ul>
      </div>
    </>
  );
}

function Row({
  entry,
  filter,
  start,
}: {
  readonly entry: Contact;
  readonly filter: ContactsFilter;
  readonly start: number;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(60_000);
  const { tags } = entry;
  return (
    <li>
      <Link
        to="/contacts/$contactId"
        params={{ contactId: entry.id }}
        search={filter}
        className={classes.row}
        style={{ transform: `translateY(${start}px)` }}
      >
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Text size="sm" fw={600} truncate>
            {entry.name ?? t("contacts.nameless")}
          </Text>
          {entry.lastSeenAt !== null && (
            <Text size="xs" className="soft tabular" component="time" dateTime={entry.lastSeenAt}>
              {formats.brief(entry.lastSeenAt, now)}
            </Text>
          )}
        </Group>
        <Group gap={6} mt={3} wrap="nowrap">
          <Text size="xs" className="soft" truncate flex={1}>
            {t(`contacts.consent.${entry.consent}`)}
          </Text>
          {tags.slice(0, SHOWN_TAGS).map((tag) => (
            <Badge key={tag} size="xs" variant="light" color="gray" tt="none">
              {tag}
            </Badge>
          ))}
          {tags.length > SHOWN_TAGS && (
            <Text size="xs" className="soft">
              +{tags.length - SHOWN_TAGS}
            </Text>
          )}
          {entry.isBlocked && (
            <Badge size="xs" variant="light" color="red" tt="none">
              {t("contacts.blocked")}
            </Badge>
          )}
        </Group>
      </Link>
    </li>
  );
}
