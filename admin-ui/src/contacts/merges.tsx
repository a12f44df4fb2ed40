import { Button, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { tellDone } from "../parts/tell.ts";
import { useFormats } from "../parts/time.ts";
import { Card } from "./contact-cards.tsx";
import { ContactName } from "./contact-name.tsx";
import classes from "./contacts.module.css";
import { type ContactDetail, useContactActions, useMerges } from "./queries.ts";

/** What was joined with this contact, each of which can be taken apart; and who is probably the same person. */
export function Merges({
  contact,
  mayChange,
}: {
  readonly contact: ContactDetail;
  readonly mayChange: boolean;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const merges = useMerges(contact.id);
  const { part } = useContactActions(contact.id);
  const standing = (merges.data ?? []).filter(({ undoneAt }) => undoneAt === null);
  if (standing.length === 0 && contact.probablySame.length === 0) return null;
  return (
    <Card title={t("contacts.merges")}>
      <ul className={classes.plain}>
        {standing.map((merge) => (
          <li key={merge.id}>
            <Group justify="space-between">
              <Text size="sm">{t("contacts.mergedAt", { at: formats.long(merge.mergedAt) })}</Text>
              {mayChange && (
                <Button
                  size="xs"
                  variant="default"
                  loading={part.isPending}
                  onClick={() =>
                    part.mutate(merge.id, { onSuccess: () => tellDone(t("contacts.parted")) })
                  }
                >
                  {t("contacts.part")}
                </Button>
              )}
            </Group>
          </li>
        ))}
        {contact.probablySame.map((id) => (
          <li key={id}>
            <Text size="sm">
              {t("contacts.probablySame")}{" "}
              <Link
                className={classes.name}
                to="/contacts/$contactId"
                params={{ contactId: id }}
                search={{}}
              >
                <ContactName contactId={id} />
              </Link>
            </Text>
          </li>
        ))}
      </ul>
    </Card>
  );
}
