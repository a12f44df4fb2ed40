import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { type ContactDetail, useContactActions } from "./queries.ts";

export default function BlockDialog({
  contact,
  onClose,
}: {
  readonly contact: ContactDetail;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { block } = useContactActions(contact.id);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get("reason")).trim();
    block.mutate(reason, { onSuccess: onClose });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("contacts.blockTitle", { name: contact.name ?? t("contacts.nameless") })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{t("contacts.blockHint")}</Text>
          <TextInput
            name="reason"
            label={t("contacts.blockReason")}
            maxLength={500}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" color="red" loading={block.isPending}>
              {t("contacts.block")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
