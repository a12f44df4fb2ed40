import { ActionIcon, Alert, Badge, Button, Group, Menu, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { GET } from "../api/api.ts";
import { Icon } from "../parts/icon.tsx";
import { saveFile } from "../parts/save-file.ts";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { tellDone, tellFailure } from "../parts/tell.ts";
import { useSigned } from "../shell/session.ts";
import { Aliases, Chats, Consents } from "./contact-cards.tsx";
import classes from "./contacts.module.css";
import { EditContact } from "./edit-contact.tsx";
import type { ContactsFilter } from "./filter.ts";
import { Merges } from "./merges.tsx";
import { type ContactDetail, useContact, useContactActions } from "./queries.ts";

const BlockDialog = lazy(() => import("./block-dialog.tsx"));
const MergeDialog = lazy(() => import("./merge-dialog.tsx"));
const EraseDialog = lazy(() => import("./erase-dialog.tsx"));

/** Everything that is known of a contact, and what may be done about it. */
export default function ContactPane({
  contactId,
  filter,
}: {
  readonly contactId: string;
  readonly filter: ContactsFilter;
}) {
  const { t } = useTranslation();
  const { role } = useSigned();
  const read = useContact(contactId);
  const mayChange = role === "owner" || role === "editor" || role === "agent";
  if (read.isError) return <Failure error={read.error} retry={() => read.refetch()} />;
  if (read.data === undefined) return <LoadingRows />;
  const { contact, etag } = read.data;
  return (
    <Stack p="md" gap="md">
      <Head contact={contact} filter={filter} mayChange={mayChange} />
      {contact.isBlocked && (
        <Alert color="red" variant="light" title={t("contacts.blocked")}>
          {contact.blockReason ?? t("contacts.blockedHint")}
        </Alert>
      )}
      {contact.consent === "refused" && (
        <Alert color="yellow" variant="light" title={t("contacts.consent.refused")}>
          {t("contacts.refusedHint")}
        </Alert>
      )}
      <div className={classes.cards}>
        <EditContact key={etag} contact={contact} etag={etag} mayChange={mayChange} />
        <Chats contact={contact} />
        <Aliases contact={contact} />
        <Consents contact={contact} />
        <Merges contact={contact} mayChange={mayChange} />
      </div>
    </Stack>
  );
}

function Head({
  contact,
  filter,
  mayChange,
}: {
  readonly contact: ContactDetail;
  readonly filter: ContactsFilter;
  readonly mayChange: boolean;
}) {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<"block" | "merge" | "erase">();
  const { unblock } = useContactActions(contact.id);
  const close = () => setDialog(undefined);
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <Group gap="xs" wrap="nowrap" miw={0}>
        <ActionIcon
          renderRoot={(props) => <Link to="/contacts" search={filter} {...props} />}
          variant="subtle"
          color="gray"
          aria-label={t("contacts.back")}
          hiddenFrom="sm"
        >
          <Icon name="back" />
        </ActionIcon>
        <div className="clamp">
          <Title order={1} size="h3" className="clamp">
            {contact.name ?? t("contacts.nameless")}
          </Title>
          <Group gap={6}>
            {contact.networkName !== null && contact.networkName !== contact.name && (
              <Text size="sm" className="soft">
                {t("contacts.networkName", { name: contact.networkName })}
              </Text>
            )}
            {contact.isAllowed && (
              <Badge size="sm" variant="light" color="teal" tt="none">
                {t("contacts.allowed")}
              </Badge>
            )}
          </Group>
        </div>
      </Group>
      {mayChange && (
        <Group gap="xs" wrap="nowrap">
          <Button
            renderRoot={(props) => <Link to="/campaigns" search={{ to: contact.id }} {...props} />}
            variant="default"
            size="sm"
            leftSection={<Icon name="send" size={16} />}
            visibleFrom="sm"
          >
            {t("contacts.write")}
          </Button>
          <PaneMenu contact={contact} onPick={setDialog} onUnblock={() => unblock.mutate()} />
        </Group>
      )}
      <Suspense fallback={null}>
        {dialog === "block" && <BlockDialog contact={contact} onClose={close} />}
        {dialog === "merge" && <MergeDialog contact={contact} onClose={close} />}
        {dialog === "erase" && <EraseDialog contact={contact} filter={filter} onClose={close} />}
      </Suspense>
    </Group>
  );
}

function PaneMenu({
  contact,
  onPick,
  onUnblock,
}: {
  readonly contact: ContactDetail;
  readonly onPick: (dialog: "block" | "merge" | "erase") => void;
  readonly onUnblock: () => void;
}) {
  const { t } = useTranslation();
  const { role } = useSigned();
  const exportAll = async () => {
    try {
      const params = { path: { contactId: contact.id } };
      const { data } = await GET("/api/v1/contacts/{contactId}/export", { params });
      const text = JSON.stringify(data, undefined, 2);
      saveFile(new Blob([text], { type: "application/json" }), `contact-${contact.id}.json`);
      tellDone(t("contacts.exported"));
    } catch (error) {
      tellFailure(error);
    }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="sm" aria-label={t("contacts.actions")}>
          <Icon name="more" size={18} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          hiddenFrom="sm"
          renderRoot={(props) => <Link to="/campaigns" search={{ to: contact.id }} {...props} />}
        >
          {t("contacts.write")}
        </Menu.Item>
        <Menu.Item onClick={() => onPick("merge")}>{t("contacts.merge")}</Menu.Item>
        {contact.isBlocked ? (
          <Menu.Item onClick={onUnblock}>{t("contacts.unblock")}</Menu.Item>
        ) : (
          <Menu.Item onClick={() => onPick("block")}>{t("contacts.block")}</Menu.Item>
        )}
        {role === "owner" && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => void exportAll()}>{t("contacts.exportOne")}</Menu.Item>
            <Menu.Item color="red" onClick={() => onPick("erase")}>
              {t("contacts.erase")}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
