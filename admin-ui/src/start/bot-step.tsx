import {
  Alert,
  Anchor,
  Badge,
  Button,
  Group,
  PasswordInput,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Bot } from "../api/types.ts";
import { useTenant } from "../shell/tenant.ts";
import { useAddBot, useBots } from "./queries.ts";

/** Where people write: a web chat in one click, Telegram with a token, WhatsApp where its own wizards are. */
export default function BotStep() {
  const { t } = useTranslation();
  const bots = useBots();
  const all = bots.data ?? [];
  return (
    <Stack gap="lg">
      {all.length > 0 && (
        <Stack
          component="ul"
          gap="xs"
          m={0}
          p={0}
          style={{ listStyle: "none" }}
          aria-label={t("start.bots")}
        >
          {all.map((bot) => (
            <BotLine key={bot.id} bot={bot} />
          ))}
        </Stack>
      )}
      {!all.some(({ channel }) => channel === "web-chat") && <AddWebChat />}
      <AddTelegram />
      <section aria-labelledby="start-whatsapp">
        <Title order={3} size="h5" id="start-whatsapp">
          WhatsApp
        </Title>
        <Text size="sm" className="soft" mb="xs">
          {t("start.whatsappHint")}
        </Text>
        <Button variant="default" renderRoot={(props) => <Link to="/bots" {...props} />}>
          {t("start.whatsapp")}
        </Button>
      </section>
    </Stack>
  );
}

function BotLine({ bot }: { readonly bot: Bot }) {
  const { t } = useTranslation();
  return (
    <li>
      <Group gap="xs">
        <Text fw={600}>{bot.name}</Text>
        <Badge variant="light" color="green" tt="none">
          {t(`channel.${bot.channel}`, { defaultValue: bot.channel })}
        </Badge>
        {bot.username !== null && <Text size="sm">@{bot.username}</Text>}
        {bot.channel === "web-chat" && (
          <>
            <Anchor
              size="sm"
              href={`/chat/${bot.key}`}
              target="_blank"
              rel="noreferrer"
              underline="always"
              c="inherit"
            >
              {t("bots.openChat")}
            </Anchor>
            <Link
              to="/bots/$botId/web-chat"
              params={{ botId: bot.id }}
              style={{ color: "inherit" }}
            >
              <Text size="sm" span>
                {t("bots.looks")}
              </Text>
            </Link>
          </>
        )}
      </Group>
    </li>
  );
}

function AddWebChat() {
  const { t } = useTranslation();
  const tenant = useTenant();
  const add = useAddBot();
  const name = tenant.data?.name ?? "Pregonero";
  return (
    <section aria-labelledby="start-web-chat">
      <Title order={3} size="h5" id="start-web-chat">
        {t("channel.web-chat")}
      </Title>
      <Text size="sm" className="soft" mb="xs">
        {t("start.webChatHint")}
      </Text>
      <Refused error={add.error} />
      <Button loading={add.isPending} onClick={() => add.mutate({ channel: "web-chat", name })}>
        {t("start.webChat")}
      </Button>
    </section>
  );
}

function AddTelegram() {
  const { t } = useTranslation();
  const add = useAddBot();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const token = String(new FormData(form).get("token")).trim();
    add.mutate({ channel: "telegram", name: "", token }, { onSuccess: () => form.reset() });
  };
  return (
    <section aria-labelledby="start-telegram">
      <Title order={3} size="h5" id="start-telegram">
        Telegram
      </Title>
      <Text size="sm" className="soft" mb="xs">
        {t("bots.telegramHow")}{" "}
        <Anchor
          size="sm"
          href="https://t.me/BotFather"
          target="_blank"
          rel="noreferrer"
          underline="always"
        >
          @BotFather
        </Anchor>
      </Text>
      <Refused error={add.error} />
      {add.data !== undefined && (
        <Alert color="green" variant="light" role="status" mb="xs">
          {t("bots.added", { name: add.data.name })}
        </Alert>
      )}
      <form onSubmit={submit}>
        <Group gap="xs" align="flex-end">
          <PasswordInput
            flex="1 1 220px"
            maw={420}
            name="token"
            label={t("bots.token")}
            autoComplete="off"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
          />
          <Button type="submit" variant="default" loading={add.isPending}>
            {t("bots.check")}
          </Button>
        </Group>
      </form>
    </section>
  );
}

function Refused({ error }: { readonly error: Error | null }) {
  if (error === null) return null;
  return (
    <Alert color="red" variant="light" role="alert" mb="xs">
      {error.message}
    </Alert>
  );
}
