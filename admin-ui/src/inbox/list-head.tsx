import { ActionIcon, Group, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../parts/icon.tsx";
import { CHANNELS, type InboxFilter, readFilter, VIEWS } from "./filter.ts";

const TYPING_PAUSE_MS = 300;

/** What the list shows: a view, a channel, words. */
export function ListHead({
  filter,
  focusSearch,
  onHelp,
}: {
  readonly filter: InboxFilter;
  /** Puts the cursor into the search whenever it grows. */
  readonly focusSearch: number;
  readonly onHelp: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState(filter.q ?? "");
  useEffect(() => {
    if (focusSearch > 0) search.current?.focus();
  }, [focusSearch]);

  const change = (part: InboxFilter) =>
    void navigate({ to: ".", search: (known) => readFilter({ ...known, ...part }) });
  const look = useDebouncedCallback((q: string) => change({ q: q.trim() }), TYPING_PAUSE_MS);

  return (
    <Group p="sm" gap="xs">
      <TextInput
        ref={search}
        flex={1}
        type="search"
        aria-label={t("inbox.search")}
        placeholder={t("inbox.search")}
        leftSection={<Icon name="search" size={17} />}
        value={words}
        onChange={({ currentTarget }) => {
          setWords(currentTarget.value);
          look(currentTarget.value);
        }}
      />
      <ActionIcon
        title={t("shortcuts.title")}
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t("shortcuts.title")}
        onClick={onHelp}
        visibleFrom="sm"
      >
        <Icon name="keyboard" />
      </ActionIcon>
      <Group gap="xs" wrap="nowrap" w="100%">
        <NativeSelect
          flex={1}
          size="xs"
          aria-label={t("inbox.view")}
          data={VIEWS.map((value) => ({ value, label: t(`inbox.view.${value}`) }))}
          value={filter.view ?? "all"}
          onChange={({ currentTarget: { value } }) =>
            change({ view: VIEWS.find((each) => each === value) })
          }
        />
        <NativeSelect
          flex={1}
          size="xs"
          aria-label={t("inbox.channel")}
          data={[
            { value: "", label: t("inbox.anyChannel") },
            ...CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) })),
          ]}
          value={filter.channel ?? ""}
          onChange={({ currentTarget: { value } }) =>
            change({ channel: CHANNELS.find((each) => each === value) })
          }
        />
      </Group>
    </Group>
  );
}
