import { systemClock } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { startTelegramStandIn } from "../../test/stand-ins/telegram/start-stand-in.ts";
import { type ChannelBench, describeChannel } from "../conformance.ts";
import { toBotAccount } from "./__fixtures__/bot-account.ts";
import type { TelegramPart } from "./render.ts";
import { MAX_TEXT_LENGTH } from "./split-text.ts";
import { createTelegramChannel } from "./telegram-channel.ts";

const CHAT = 4711;
const GROUP = -4711;
const SUPERGROUP = -1_000_000_000_001;

/** grammY on the wire to the stand-in, which enforces the Bot API's rules. */
async function open(): Promise<ChannelBench> {
  const standIn = await startTelegramStandIn();
  const account = standIn.addBot();
  const bot = toBotAccount(account);
  const user = standIn.user(CHAT);
  user.open();
  const channel = createTelegramChannel({
    apiRoot: standIn.apiRoot,
    logger: silentLogger,
    clock: systemClock,
  });
  const onSend = (effect: Parameters<typeof standIn.faults.add>[0]["effect"]) => {
    standIn.faults.add({ method: "sendMessage", effect });
  };
  let updateId = 1;
  const genuine = (text: string) => ({
    headers: { "x-telegram-bot-api-secret-token": bot.secrets.webhookSecret },
    rawBody: Buffer.from(
      JSON.stringify({
        update_id: updateId++,
        message: {
          message_id: updateId,
          date: 1_700_000_000,
          chat: { id: CHAT, type: "private" },
          from: { id: CHAT, is_bot: false, first_name: "Ana" },
          text,
        },
      }),
    ),
  });
  const withSecret = (secret: string | readonly string[] | undefined) => ({
    ...genuine("hola"),
    headers: { "x-telegram-bot-api-secret-token": secret },
  });
  const secret = bot.secrets.webhookSecret ?? "";
  return {
    channel,
    bot,
    chatKey: String(CHAT),
    maxTextLength: MAX_TEXT_LENGTH,
    textOf: (part) => {
      const own = part as TelegramPart;
      return own.kind === "text" ? own.text : own.caption;
    },
    delivered: () => standIn.sent(CHAT).map((message) => message.text),
    arrange: {
      "too-many-requests": () =>
        onSend({
          kind: "refuse",
          code: 429,
          description: "Too Many Requests: retry after 3",
          parameters: { retry_after: 3 },
        }),
      blocked: () => user.block(),
      "bad-format": () =>
        onSend({
          kind: "refuse",
          code: 400,
          description: "Bad Request: can't parse entities: unsupported",
        }),
      "error-after-accepting": () =>
        onSend({ kind: "server-error", status: 500, isAccepted: true }),
      "answer-lost": () => onSend({ kind: "drop", isAccepted: true }),
      unreachable: () => standIn.close(),
      "never-answers": () => onSend({ kind: "black-hole", isAccepted: true }),
      "credentials-revoked": () => standIn.revoke(account),
      "chat-moved": () => {
        const group = standIn.group(GROUP);
        group.addBot(account, user);
        group.migrate(SUPERGROUP);
        onSend({
          kind: "refuse",
          code: 400,
          description: "Bad Request: group chat was upgraded to a supergroup chat",
          parameters: { migrate_to_chat_id: SUPERGROUP },
        });
      },
    },
    webhook: {
      genuine,
      forged: {
        missing: withSecret(undefined),
        empty: withSecret(""),
        "another of the same length": withSecret(secret.replace(/./g, "a")),
        "a prefix": withSecret(secret.slice(0, -1)),
        longer: withSecret(`${secret}a`),
        "sent twice": withSecret([secret, secret]),
      },
    },
    say: (text) => {
      user.send(text);
    },
    close: () => standIn.close(),
  };
}

describeChannel("telegram", open);
