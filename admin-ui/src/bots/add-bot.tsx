import {
  Alert,
  Anchor,
  Button,
  Checkbox,
  Code,
  List,
  Modal,
  PasswordInput,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { newKey, POST } from "../api/api.ts";
import { CHANNELS, type ChannelName } from "../inbox/filter.ts";

type Draft = Schema<"AddBotRequest">;

/** The way in for each channel: what it needs, what it costs, and whether it worked. */
export default function AddBot({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("bots.add")}
      size="lg"
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Wizard onClose={onClose} />
    </Modal>
  );
}

function Wizard({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [channel, setChannel] = useState<ChannelName>("telegram");
  // Of what stands in the form now: sent twice after a break, it is one bot.
  const key = useRef(newKey());
  const isAnother = () => {
    key.current = newKey();
  };
  const add = useMutation({
    mutationFn: async (body: Draft) => {
      const headers = { "Idempotency-Key": key.current };
      // Telegram and Meta are asked whether the token is right.
      return (await POST("/api/v1/bots", { headers, body, timeoutMs: 60_000 })).data;
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["bots"] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    add.mutate(toDraft(channel, new FormData(event.currentTarget)));
  };
  if (add.data !== undefined) {
    const { name, username, webhook } = add.data;
    return (
      <Stack>
        <Alert color="green" variant="light" role="status" title={t("bots.added", { name })}>
          {username !== null && `@${username}`}
        </Alert>
        {webhook !== null && (
          <>
            <Text size="sm">{t("bots.webhook")}</Text>
            <Text size="sm">
              URL <Code>{webhook.url ?? webhook.path}</Code>
            </Text>
            <Text size="sm">
              Verify token <Code>{webhook.verifyToken}</Code>
            </Text>
          </>
        )}
        {channel === "whatsapp-web" && <Text size="sm">{t("bots.nowScan")}</Text>}
        <Button onClick={onClose}>{t("action.close")}</Button>
      </Stack>
    );
  }
  return (
    <form onSubmit={submit} onChange={isAnother}>
      <Stack>
        <SegmentedControl
          aria-label={t("bots.channel")}
          fullWidth
          orientation="horizontal"
          value={channel}
          onChange={(value) => {
            add.reset();
            isAnother();
            setChannel(CHANNELS.find((each) => each === value) ?? "telegram");
          }}
          data={CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) }))}
          size="xs"
        />
        {add.error !== null && (
          <Alert color="red" variant="light" role="alert">
            {add.error.message}
          </Alert>
        )}
        <TextInput
          name="name"
          label={t("bots.name")}
          description={channel === "web-chat" ? undefined : t("bots.nameHint")}
          maxLength={100}
          required={channel === "web-chat"}
          withAsterisk={false}
        />
        <Needs channel={channel} />
        <Button type="submit" loading={add.isPending}>
          {t(channel === "telegram" || channel === "whatsapp-cloud" ? "bots.check" : "bots.add")}
        </Button>
      </Stack>
    </form>
  );
}

function Needs({ channel }: { readonly channel: ChannelName }) {
  const { t } = useTranslation();
  const secret = { required: true, withAsterisk: false, autoComplete: "off" } as const;
  const toggle = { "aria-label": t("signIn.showPassword") };
  switch (channel) {
    case "web-chat":
      return null;
    case "telegram":
      return (
        <>
          <Text size="sm">
            {t("bots.telegramHow")}{" "}
            <Anchor
              href="https://t.me/BotFather"
              target="_blank"
              rel="noreferrer"
              size="sm"
              underline="always"
            >
              @BotFather
            </Anchor>
          </Text>
          <PasswordInput
            name="token"
            label={t("bots.token")}
            visibilityToggleButtonProps={toggle}
            {...secret}
          />
        </>
      );
    case "whatsapp-web":
      return (
        <>
          <Alert color="yellow" variant="light">
            {t("bots.termsRisk")}
          </Alert>
          <Checkbox name="acceptTermsRisk" required label={t("bots.acceptRisk")} />
        </>
      );
    case "whatsapp-cloud":
      return (
        <>
          <List size="sm" type="ordered">
            <List.Item>{t("bots.cloud1")}</List.Item>
            <List.Item>{t("bots.cloud2")}</List.Item>
            <List.Item>{t("bots.cloud3")}</List.Item>
          </List>
          <TextInput
            name="phoneNumberId"
            label="Phone number ID"
            inputMode="numeric"
            pattern="\d{5,25}"
            {...secret}
          />
          <TextInput
            name="businessAccountId"
            label={t("bots.businessAccount")}
            inputMode="numeric"
            pattern="\d{5,25}"
          />
          <PasswordInput
            name="accessToken"
            label="Access token"
            visibilityToggleButtonProps={toggle}
            {...secret}
          />
          <PasswordInput
            name="appSecret"
            label="App secret"
            visibilityToggleButtonProps={toggle}
            {...secret}
          />
        </>
      );
  }
}

function toDraft(channel: ChannelName, form: FormData): Draft {
  const field = (name: string) => String(form.get(name) ?? "").trim();
  const name = field("name");
  switch (channel) {
    case "telegram":
      return { channel, name, token: field("token") };
    case "web-chat":
      return { channel, name };
    case "whatsapp-web":
      return { channel, name, acceptTermsRisk: true };
    case "whatsapp-cloud":
      return {
        channel,
        name,
        phoneNumberId: field("phoneNumberId"),
        accessToken: field("accessToken"),
        appSecret: field("appSecret"),
        ...(field("businessAccountId") !== "" && { businessAccountId: field("businessAccountId") }),
      };
  }
}
