import { Badge, Button, Group, Menu, Paper, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { GET } from "../api/api.ts";
import type { Bot } from "../api/types.ts";
import { withWords } from "../i18n/i18n.ts";
import { Icon } from "../parts/icon.tsx";
import { Page } from "../parts/page.tsx";
import { Empty, Failure, LoadingRows } from "../parts/states.tsx";
import { useFormats, useNow } from "../parts/time.ts";
import { useSigned } from "../shell/session.ts";
import { AssistantChoice } from "./assistant-choice.tsx";
import { BotPicture } from "./bot-picture.tsx";
import { SessionCard } from "./session-card.tsx";

const AddBot = lazy(() => import("./add-bot.tsx"));
const BotHealth = lazy(() => withWords(import("./bot-health.tsx"), "health"));
const RemoveBot = lazy(() => import("./remove-bot.tsx"));

const STATE_COLORS: Readonly<Record<string, string>> = {
  ready: "green",
  starting: "blue",
  connecting: "blue",
  "waiting-for-scan": "yellow",
  degraded: "yellow",
  conflict: "orange",
  restricted: "red",
  "logged-out": "red",
  "needs-adapter": "red",
  parked: "gray",
  stopped: "gray",
};

/** The bots of the tenant, how each stands, and the way to add one. */
export function Bots() {
  const { t } = useTranslation();
  const { role } = useSigned();
  const mayChange = role === "owner" || role === "editor";
  const [isAdding, adding] = useDisclosure();
  const bots = useQuery({
    queryKey: ["bots"],
    queryFn: async () => (await GET("/api/v1/bots")).data.bots,
  });
  return (
    <Page
      title={t("nav.bots")}
      lead={t("bots.lead")}
      actions={
        mayChange && (
          <Button leftSection={<Icon name="plus" size={17} />} onClick={adding.open}>
            {t("bots.add")}
          </Button>
        )
      }
    >
      {bots.isError && <Failure error={bots.error} retry={() => bots.refetch()} />}
      {bots.isPending && <LoadingRows height={96} rows={3} />}
      {bots.data?.length === 0 && (
        <Empty icon="bots" title={t("bots.none")}>
          {t("bots.noneHint")}
        </Empty>
      )}
      <Stack>
        {bots.data?.map((bot) => (
          <BotCard key={bot.id} bot={bot} mayChange={mayChange} />
        ))}
      </Stack>
      <Suspense fallback={null}>{isAdding && <AddBot onClose={adding.close} />}</Suspense>
    </Page>
  );
}

function BotCard({ bot, mayChange }: { readonly bot: Bot; readonly mayChange: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const now = useNow(30_000);
  const [isRemoving, setRemoving] = useState(false);
  const { session } = bot;
  const isWhatsAppWeb = bot.channel === "whatsapp-web";
  return (
    <Paper p="md" className="sheet" component="section" aria-label={bot.name}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <BotPicture bot={bot} />
        <div style={{ minWidth: 0, flex: 1 }}>
          <Title order={2} size="h5">
            {bot.name}
          </Title>
          <Text size="sm" className="soft">
            {t(`channel.${bot.channel}`, { defaultValue: bot.channel })}
            {bot.username !== null && ` · @${bot.username}`}
          </Text>
          {bot.channel === "web-chat" && (
            <Text size="sm" component="a" href={`/chat/${bot.key}`} target="_blank" c="inherit">
              {t("bots.openChat")}
            </Text>
          )}
        </div>
        <Group gap="xs" wrap="nowrap">
          {bot.needsCredentials && (
            <Badge variant="light" color="red" tt="none">
              {t("bots.needsCredentials")}
            </Badge>
          )}
          {bot.pauses.length > 0 && (
            <Badge variant="light" color="yellow" tt="none" title={bot.pauses[0]?.reason}>
              {t("bots.paused")}
            </Badge>
          )}
          {session !== null && (
            <Badge variant="light" color={STATE_COLORS[session.state] ?? "gray"} tt="none">
              {t(`session.${session.state}`, { defaultValue: session.state })}
            </Badge>
          )}
          {mayChange && (
            <Menu position="bottom-end">
              <Menu.Target>
                <Button
                  variant="subtle"
                  color="gray"
                  size="compact-md"
                  aria-label={t("bots.more", { name: bot.name })}
                >
                  <Icon name="more" />
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {bot.channel === "web-chat" && (
                  <Menu.Item
                    renderRoot={(props) => (
                      <Link to="/bots/$botId/web-chat" params={{ botId: bot.id }} {...props} />
                    )}
                  >
                    {t("bots.looks")}
                  </Menu.Item>
                )}
                <Menu.Item color="red" onClick={() => setRemoving(true)}>
                  {t("bots.remove")}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
      </Group>
      {session !== null && (
        <Text size="sm" mt="xs">
          {session.evidence}{" "}
          <Text component="span" size="xs" className="soft">
            {formats.ago(session.checkedAt, now)}
          </Text>
        </Text>
      )}
      {!isWhatsAppWeb && (
        <Suspense fallback={null}>
          <BotHealth botId={bot.id} />
        </Suspense>
      )}
      {mayChange && !bot.needsCredentials && <AssistantChoice bot={bot} />}
      {isWhatsAppWeb && mayChange && !bot.needsCredentials && <SessionCard botId={bot.id} />}
      <Suspense fallback={null}>
        {isRemoving && <RemoveBot bot={bot} onClose={() => setRemoving(false)} />}
      </Suspense>
    </Paper>
  );
}
