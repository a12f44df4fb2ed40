import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone } from "../parts/tell.ts";
import { ContactName } from "./contact-name.tsx";
import { ContactPicker } from "./contact-picker.tsx";
import { type ContactDetail, useContact, useContactActions } from "./queries.ts";

/** Chooses who is the same person, and says beforehand what comes of it. */
export default function MergeDialog({
  contact,
  onClose,
}: {
  readonly contact: ContactDetail;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [other, setOther] = useState<string>();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("contacts.mergeTitle", { name: contact.name ?? t("contacts.nameless") })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {other === undefined ? (
        <Stack>
          <Text size="sm">{t("contacts.mergeHint")}</Text>
          {contact.probablySame.map((id) => (
            <Group key={id} justify="space-between">
              <Text size="sm">
                {t("contacts.probablySame")} <ContactName contactId={id} />
              </Text>
              <Button size="xs" onClick={() => setOther(id)}>
                {t("contacts.choose")}
              </Button>
            </Group>
          ))}
          <ContactPicker
            label={t("contacts.mergeWith")}
            without={[contact.id, ...contact.parts]}
            action={t("contacts.choose")}
            onPick={({ id }) => setOther(id)}
          />
        </Stack>
      ) : (
        <MergePreview
          contact={contact}
          from={other}
          onBack={() => setOther(undefined)}
          onClose={onClose}
        />
      )}
    </Modal>
  );
}

function MergePreview({
  contact,
  from,
  onBack,
  onClose,
}: {
  readonly contact: ContactDetail;
  readonly from: string;
  readonly onBack: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const read = useContact(from);
  const { merge } = useContactActions(contact.id);
  if (read.isError) return <Failure error={read.error} retry={() => read.refetch()} />;
  if (read.data === undefined) return <LoadingRows rows={3} />;
  const other = read.data.contact;
  const newTags = other.tags.filter((tag) => !contact.tags.includes(tag));
  const newFields = Object.keys(other.fields).filter((name) => !(name in contact.fields));
  const isRefused = contact.consent === "refused" || other.consent === "refused";
  const confirm = () =>
    merge.mutate(from, {
      onSuccess: () => {
        tellDone(t("contacts.merged"));
        onClose();
      },
    });
  return (
    <Stack>
      <Text size="sm">
        {t("contacts.mergeBecomes", {
          from: other.name ?? t("contacts.nameless"),
          into: contact.name ?? t("contacts.nameless"),
        })}
      </Text>
      <List size="sm">
        <List.Item>
          {t("contacts.mergeChats", { count: contact.chats.length + other.chats.length })}
        </List.Item>
        <List.Item>
          {t("contacts.mergeAliases", { count: contact.aliases.length + other.aliases.length })}
        </List.Item>
        {newTags.length > 0 && (
          <List.Item>{t("contacts.mergeTags", { tags: newTags.join(", ") })}</List.Item>
        )}
        {newFields.length > 0 && (
          <List.Item>{t("contacts.mergeFields", { fields: newFields.join(", ") })}</List.Item>
        )}
        {(contact.isBlocked || other.isBlocked) && (
          <List.Item>{t("contacts.mergeBlocked")}</List.Item>
        )}
        {isRefused && <List.Item>{t("contacts.mergeRefused")}</List.Item>}
        <List.Item>{t("contacts.mergeUndo")}</List.Item>
      </List>
      <Group justify="flex-end">
        <Button variant="default" onClick={onBack}>
          {t("contacts.mergeOther")}
        </Button>
        <Button loading={merge.isPending} onClick={confirm}>
          {t("contacts.merge")}
        </Button>
      </Group>
    </Stack>
  );
}
