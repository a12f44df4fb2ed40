import { Button, Group, Loader, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { POST } from "../api/api.ts";
import { Icon } from "../parts/icon.tsx";
import classes from "./contacts.module.css";
import type { Contact } from "./queries.ts";

const TYPING_PAUSE_MS = 300;
const SHOWN = 6;

/** Finds a contact by words of a name or by an identifier, to do something with it. */
export function ContactPicker({
  label,
  without,
  action,
  onPick,
}: {
  readonly label: string;
  /** Ids that are not offered. */
  readonly without: readonly string[];
  readonly action: string;
  readonly onPick: (contact: Contact) => void;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [words] = useDebouncedValue(typed.trim(), TYPING_PAUSE_MS);
  const found = useQuery({
    queryKey: ["contacts", "pick", words],
    enabled: words !== "",
    queryFn: async () => {
      const body = { search: words, limit: SHOWN + without.length };
      return (await POST("/api/v1/contacts/search", { body })).data.contacts;
    },
  });
  const shown = (found.data ?? []).filter(({ id }) => !without.includes(id)).slice(0, SHOWN);
  return (
    <Stack gap="xs">
      <TextInput
        type="search"
        label={label}
        placeholder={t("contacts.search")}
        leftSection={<Icon name="search" size={17} />}
        rightSection={found.isFetching ? <Loader size="xs" /> : undefined}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        error={found.isError ? t("state.failed") : undefined}
      />
      {found.data !== undefined && shown.length === 0 && (
        <Text size="sm" className="soft">
          {t("contacts.noMatch")}
        </Text>
      )}
      <ul className={classes.plain}>
        {shown.map((contact) => (
          <li key={contact.id}>
            <Group justify="space-between" wrap="nowrap">
              <div className="clamp">
                <Text size="sm" className="clamp">
                  {contact.name ?? t("contacts.nameless")}
                </Text>
                <Text size="xs" className="soft clamp">
                  {[t(`contacts.consent.${contact.consent}`), ...contact.tags].join(" · ")}
                </Text>
              </div>
              <Button
                size="xs"
                variant="default"
                aria-label={`${action}: ${contact.name ?? t("contacts.nameless")}`}
                onClick={() => {
                  setTyped("");
                  onPick(contact);
                }}
              >
                {action}
              </Button>
            </Group>
          </li>
        ))}
      </ul>
    </Stack>
  );
}
