import { ActionIcon, Menu, Text, Tooltip } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation } from "../api/types.ts";
import { withWords } from "../i18n/i18n.ts";
import { Icon } from "../parts/icon.tsx";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { useEverWanted } from "../parts/use-ever-wanted.ts";
import { useSigned } from "../shell/session.ts";
import { Composer, type ComposerMode } from "./composer.tsx";
import type { InboxFilter } from "./filter.ts";
import { History } from "./history.tsx";
import { DEFAULT_MINUTES, HoldBar } from "./hold-bar.tsx";
import classes from "./inbox.module.css";
import { useConversation, useDesk, useMarkSeen } from "./queries.ts";

const PassportDrawer = lazy(() => withWords(import("./passport-drawer.tsx"), "passport"));

const IGNORED_IN = ["INPUT", "TEXTAREA", "SELECT"];

/** One conversation: who has it, what was said, and what one says. */
export default function ConversationPane({
  conversationId,
  filter,
  onDetails,
}: {
  readonly conversationId: string;
  readonly filter: InboxFilter;
  /** Undefined: the details stand beside it. */
  readonly onDetails: (() => void) | undefined;
}) {
  const { role } = useSigned();
  const mayAct = role === "owner" || role === "agent";
  const conversation = useConversation(conversationId);
  const desk = useDesk(conversationId);
  const [mode, setMode] = useState<ComposerMode>("reply");
  const [focus, setFocus] = useState(0);
  const [passport, setPassport] = useState<string>();
  const showsPassports = useEverWanted(passport !== undefined);
  useMarkSeen(conversation.data, mayAct);
  const write = (as: ComposerMode) => {
    setMode(as);
    setFocus((count) => count + 1);
  };
  useHotkeys(
    mayAct
      ? [
          ["r", () => write("reply")],
          ["n", () => write("note")],
          ["t", () => desk.claim.mutate(DEFAULT_MINUTES)],
        ]
      : [],
    IGNORED_IN,
  );

  if (conversation.isError) {
    return <Failure error={conversation.error} retry={() => conversation.refetch()} />;
  }
  if (conversation.data === undefined) return <LoadingRows />;
  return (
    <>
      <Bar
        conversation={conversation.data}
        filter={filter}
        desk={desk}
        mayAct={mayAct}
        onDetails={onDetails}
      />
      <HoldBar conversation={conversation.data} desk={desk} mayAct={mayAct} />
      <History
        conversationId={conversationId}
        isWithPerson={conversation.data.state === "with-person"}
        desk={desk}
        mayAct={mayAct}
        onPassport={setPassport}
      />
      {mayAct && (
        <Composer
          conversation={conversation.data}
          desk={desk}
          mode={mode}
          onMode={setMode}
          focus={focus}
        />
      )}
      <Suspense fallback={null}>
        {showsPassports && (
          <PassportDrawer
            conversationId={conversationId}
            messageId={passport}
            onClose={() => setPassport(undefined)}
          />
        )}
      </Suspense>
    </>
  );
}

function Bar({
  conversation,
  filter,
  desk,
  mayAct,
  onDetails,
}: {
  readonly conversation: Conversation;
  readonly filter: InboxFilter;
  readonly desk: ReturnType<typeof useDesk>;
  readonly mayAct: boolean;
  readonly onDetails: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const { person } = useSigned();
  const { assignee, state } = conversation;
  const isMine = assignee?.personId === person.id;
  return (
    <header className={classes.bar}>
      <ActionIcon
        renderRoot={(props) => <Link to="/inbox" search={filter} {...props} />}
        variant="subtle"
        color="gray"
        size="lg"
        hiddenFrom="sm"
        aria-label={t("inbox.back")}
      >
        <Icon name="back" />
      </ActionIcon>
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text fw={600} truncate component="h1" fz="md" m={0}>
          {conversation.contact?.name ?? t("inbox.nameless")}
        </Text>
        <Text size="xs" className="soft" truncate>
          {t(`channel.${conversation.bot.channel}`)} · {conversation.bot.name}
          {assignee !== null && ` · ${t("inbox.assignedTo", { name: assignee.name ?? "?" })}`}
        </Text>
      </div>
      {onDetails !== undefined && (
        <Tooltip label={t("inbox.details")}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t("inbox.details")}
            onClick={onDetails}
          >
            <Icon name="person" />
          </ActionIcon>
        </Tooltip>
      )}
      {mayAct && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("inbox.more")}>
              <Icon name="more" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => desk.assign.mutate(isMine ? null : person.id)}>
              {t(isMine ? "inbox.unassign" : "inbox.assignMe")}
            </Menu.Item>
            <Menu.Item onClick={() => desk.setState.mutate(state === "closed" ? "open" : "closed")}>
              {t(state === "closed" ? "inbox.reopen" : "inbox.close")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </header>
  );
}
