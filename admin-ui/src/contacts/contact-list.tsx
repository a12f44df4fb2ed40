import { Badge, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { LongList, longListRow, rowParts } from "../parts/long-list.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats, useNow } from "../parts/time.ts";
import type { ContactsFilter } from "./filter.ts";
import type { Contact, useContacts } from "./queries.ts";

const ROW_PX = 64;
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
      <LongList
        items={entries}
        rowPx={ROW_PX}
        keyOf={({ id }) => id}
        selectedKey={selected}
        more={list}
      >
        {(entry) => <Row entry={entry} filter={filter} />}
      </LongList>
    </>
  );
}

/** Of those that pass by, each is drawn once. */
const Row = memo(function Row({
  entry,
  filter,
}: {
  readonly entry: Contact;
  readonly filter: ContactsFilter;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(60_000);
  const { tags } = entry;
  return (
    <Link
      to="/contacts/$contactId"
      params={{ contactId: entry.id }}
      search={filter}
      className={longListRow}
    >
      <div className={rowParts.line}>
        <div className={rowParts.title}>{entry.name ?? t("contacts.nameless")}</div>
        {entry.lastSeenAt !== null && (
          <time className={rowParts.small} dateTime={entry.lastSeenAt}>
            {formats.brief(entry.lastSeenAt, now)}
          </time>
        )}
      </div>
      <div className={rowParts.foot}>
        <div className={rowParts.smallCut}>{t(`contacts.consent.${entry.consent}`)}</div>
        {tags.slice(0, SHOWN_TAGS).map((tag) => (
          <Badge key={tag} size="xs" variant="light" color="gray" tt="none">
            {tag}
          </Badge>
        ))}
        {tags.length > SHOWN_TAGS && (
          <span className={rowParts.small}>+{tags.length - SHOWN_TAGS}</span>
        )}
        {entry.isBlocked && (
          <Badge size="xs" variant="light" color="red" tt="none">
            {t("contacts.blocked")}
          </Badge>
        )}
      </div>
    </Link>
  );
});
