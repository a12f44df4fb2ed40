import { Alert, Button, Group, List, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { DELETE } from "../api/api.ts";
import { tellDone, tellFailure } from "../parts/tell.ts";
import type { ContactsFilter } from "./filter.ts";
import type { ContactDetail } from "./queries.ts";

/** Says what goes and what stays, and is not done by one click. */
export default function EraseDialog({
  contact,
  filter,
  onClose,
}: {
  readonly contact: ContactDetail;
  readonly filter: ContactsFilter;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [typed, setTyped] = useState("");
  const erase = useMutation({
    mutationFn: () =>
      DELETE("/api/v1/contacts/{contactId}", { params: { path: { contactId: contact.id } } }),
    onError: tellFailure,
    // Away first: what is read again is not there any more.
    onSuccess: async () => {
      tellDone(t("contacts.erased"));
      await navigate({ to: "/contacts", search: filter });
      await queries.invalidateQueries({ queryKey: ["contacts", "list"] });
    },
  });
  const word = t("contacts.eraseWord");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    erase.mutate();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("contacts.eraseTitle", { name: contact.name ?? t("contacts.nameless") })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{t("contacts.eraseGoes")}</Text>
          <List size="sm">
            <List.Item>{t("contacts.eraseChats", { count: contact.chats.length })}</List.Item>
            <List.Item>{t("contacts.eraseAliases", { count: contact.aliases.length })}</List.Item>
            <List.Item>{t("contacts.eraseConsents", { count: contact.consents.length })}</List.Item>
            <List.Item>{t("contacts.eraseNotes", { count: contact.noteCount })}</List.Item>
            <List.Item>{t("contacts.eraseRest")}</List.Item>
            {contact.parts.length > 0 && (
              <List.Item>{t("contacts.eraseParts", { count: contact.parts.length })}</List.Item>
            )}
          </List>
          <Alert color="red" variant="light">
            {t("contacts.eraseStays")}
          </Alert>
          <TextInput
            label={t("contacts.eraseType", { word })}
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button
              type="submit"
              color="red"
              disabled={typed.trim().toLowerCase() !== word.toLowerCase()}
              loading={erase.isPending}
            >
              {t("contacts.erase")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
