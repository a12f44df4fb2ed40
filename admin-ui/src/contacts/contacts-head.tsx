import { ActionIcon, Group, Menu, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";
import { CHANNELS } from "../inbox/filter.ts";
import { Icon } from "../parts/icon.tsx";
import { useSigned } from "../shell/session.ts";
import classes from "./contacts.module.css";
import { CONSENTS, type ContactsFilter, readContactsFilter } from "./filter.ts";
import { useSegments } from "./queries.ts";

const TYPING_PAUSE_MS = 300;

/** Search and filters of the list, and the files that go in and out. */
export function ContactsHead({
  search,
  filter,
  onWords,
  onImport,
  onExport,
}: {
  readonly search: RefObject<HTMLInputElement | null>;
  readonly filter: ContactsFilter;
  readonly onWords: (words: string) => void;
  readonly onImport: () => void;
  readonly onExport: () => void;
}) {
  const { t } = useTranslation();
  const { role } = useSigned();
  const look = useDebouncedCallback((words: string) => onWords(words.trim()), TYPING_PAUSE_MS);
  const isOwner = role === "owner";
  return (
    <Group p="sm" gap="xs">
      <TextInput
        ref={search}
        flex={1}
        type="search"
        aria-label={t("contacts.search")}
        placeholder={t("contacts.search")}
        leftSection={<Icon name="search" size={17} />}
        onChange={({ currentTarget }) => look(currentTarget.value)}
      />
      {(isOwner || role === "editor") && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("contacts.files")}>
              <Icon name="more" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={onImport}>{t("contacts.import")}</Menu.Item>
            {isOwner && <Menu.Item onClick={onExport}>{t("contacts.export")}</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      )}
      <Filters filter={filter} />
    </Group>
  );
}

function Filters({ filter }: { readonly filter: ContactsFilter }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const segments = useSegments();
  const [tag, setTag] = useState(filter.tag ?? "");
  const change = (part: Readonly<Record<string, unknown>>) =>
    void navigate({ to: ".", search: (known) => readContactsFilter({ ...known, ...part }) });
  const changeTag = useDebouncedCallback(
    (wanted: string) => change({ tag: wanted.trim() }),
    TYPING_PAUSE_MS,
  );
  return (
    <div className={classes.filters}>
      <NativeSelect
        size="xs"
        aria-label={t("contacts.channel")}
        data={[
          { value: "", label: t("contacts.anyChannel") },
          ...CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) })),
        ]}
        value={filter.channel ?? ""}
        onChange={({ currentTarget: { value } }) => change({ channel: value })}
      />
      <NativeSelect
        size="xs"
        aria-label={t("contacts.consent")}
        data={[
          { value: "", label: t("contacts.anyConsent") },
          ...CONSENTS.map((value) => ({ value, label: t(`contacts.consent.${value}`) })),
        ]}
        value={filter.consent ?? ""}
        onChange={({ currentTarget: { value } }) => change({ consent: value })}
      />
      <NativeSelect
        size="xs"
        aria-label={t("contacts.standing")}
        data={[
          { value: "", label: t("contacts.anyStanding") },
          { value: "true", label: t("contacts.onlyBlocked") },
          { value: "false", label: t("contacts.notBlocked") },
        ]}
        value={filter.blocked ?? ""}
        onChange={({ currentTarget: { value } }) => change({ blocked: value })}
      />
      <NativeSelect
        size="xs"
        aria-label={t("contacts.segment")}
        data={[
          { value: "", label: t("contacts.anySegment") },
          ...(segments.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={filter.segment ?? ""}
        onChange={({ currentTarget: { value } }) => change({ segment: value })}
      />
      <TextInput
        size="xs"
        aria-label={t("contacts.tag")}
        placeholder={t("contacts.tag")}
        leftSection={<Icon name="tag" size={15} />}
        value={tag}
        onChange={({ currentTarget: { value } }) => {
          setTag(value);
          changeTag(value);
        }}
      />
    </div>
  );
}
