import { Badge, Code, Group, Paper, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../parts/time.ts";
import { useSigned } from "../shell/session.ts";
import classes from "./contacts.module.css";
import type { ContactDetail } from "./queries.ts";

export function Card({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <Paper p="md" className="sheet" component="section" aria-label={title}>
      <Title order={2} size="h5" mb="sm">
        {title}
      </Title>
      {children}
    </Paper>
  );
}

/** Where they wrote; the conversations open in the inbox, for whoever may read them. */
export function Chats({ contact }: { readonly contact: ContactDetail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { role } = useSigned();
  return (
    <Card title={t("contacts.chats")}>
      {contact.chats.length === 0 && (
        <Text size="sm" className="soft">
          {t("contacts.noChats")}
        </Text>
      )}
      <ul className={classes.plain}>
        {contact.chats.map((chat) => (
          <li key={chat.conversationId}>
            <Group gap={6}>
              {role === "editor" ? (
                <Text size="sm">{chat.botName}</Text>
              ) : (
                <Text
                  size="sm"
                  className={classes.name}
                  renderRoot={(props) => (
                    <Link
                      to="/inbox/$conversationId"
                      params={{ conversationId: chat.conversationId }}
                      {...props}
                    />
                  )}
                >
                  {chat.botName}
                </Text>
              )}
              {!chat.isReachable && (
                <Badge size="xs" color="red" variant="light" tt="none">
                  {t("contacts.unreachable")}
                </Badge>
              )}
              {!chat.takesBroadcasts && (
                <Badge size="xs" color="yellow" variant="light" tt="none">
                  {t("contacts.noBroadcasts")}
                </Badge>
              )}
            </Group>
            <Text size="xs" className="soft">
              {t(`channel.${chat.channel as "telegram"}`, { defaultValue: chat.channel })}
              {chat.lastSeenAt !== null && ` · ${formats.long(chat.lastSeenAt)}`}
            </Text>
          </li>
        ))}
      </ul>
      {contact.noteCount > 0 && (
        <Text size="sm" className="soft" mt="sm">
          {t("contacts.notes", { count: contact.noteCount })}
        </Text>
      )}
    </Card>
  );
}

export function Aliases({ contact }: { readonly contact: ContactDetail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Card title={t("contacts.aliases")}>
      <ul className={classes.plain}>
        {contact.aliases.map((alias) => (
          <li key={`${alias.channel} ${alias.kind} ${alias.value} ${alias.since}`}>
            <Code>{alias.value ?? t("contacts.sealed")}</Code>
            <Text size="xs" className="soft">
              {t(`channel.${alias.channel as "telegram"}`, { defaultValue: alias.channel })}
              {" · "}
              {t("contacts.since", { day: formats.day(alias.since) })}
            </Text>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Every word on broadcasts, the last one first: it is the one that counts. */
export function Consents({ contact }: { readonly contact: ContactDetail }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const entries = [...contact.consents].sort((a, b) => b.givenAt.localeCompare(a.givenAt));
  return (
    <Card title={t("contacts.consents")}>
      {entries.length === 0 && (
        <Text size="sm" className="soft">
          {t("contacts.noConsents")}
        </Text>
      )}
      <ul className={classes.plain}>
        {entries.map((entry) => (
          <li key={`${entry.givenAt} ${entry.state} ${entry.actor}`}>
            <Group gap={6}>
              <Badge
                size="sm"
                variant="light"
                tt="none"
                color={entry.state === "granted" ? "green" : "yellow"}
              >
                {t(`contacts.consent.${entry.state as "granted"}`, { defaultValue: entry.state })}
              </Badge>
              <Text size="xs" className="soft tabular">
                {formats.long(entry.givenAt)}
              </Text>
            </Group>
            <Text size="xs" className="soft">
              {[
                t(`contacts.how.${entry.how as "staff"}`, { defaultValue: entry.how }),
                entry.channel === null
                  ? undefined
                  : t(`channel.${entry.channel as "telegram"}`, { defaultValue: entry.channel }),
                entry.evidence ?? undefined,
              ]
                .filter((part) => part !== undefined)
                .join(" · ")}
            </Text>
          </li>
        ))}
      </ul>
    </Card>
  );
}
