import type { WebhookToPaste } from "../webhook-to-paste.ts";
import type {
  AddBotInput,
  AddedBot,
  BotView,
  CommandContext,
  CommandPorts,
  Output,
} from "./ports.ts";
import { table } from "./terminal.ts";

/** What a person accepts before an account of WhatsApp Web is automated. */
export const WHATSAPP_WEB_WARNING = [
  "Automating WhatsApp Web is against WhatsApp's terms of service. WhatsApp may restrict or ban the number at",
  "any time and without notice, and nothing here hides what it is: use a number that you can afford to lose.",
  "The supported road is the WhatsApp Cloud API: pregonero bot add whatsapp-cloud",
].join("\n");

export async function addBotCommand(
  ports: Pick<CommandPorts, "addBot">,
  input: AddBotInput,
  context: CommandContext,
  out: Output,
): Promise<AddedBot> {
  const bot = await ports.addBot(input, context);
  const username = bot.username === undefined ? "" : ` (${showUsername(bot)})`;
  const then =
    bot.channel === "whatsapp-web"
      ? ""
      : " It answers as soon as a running `pregonero start` has noticed it.";
  out.result(`Added ${bot.channel} bot "${bot.name}"${username}, id ${bot.botId}.${then}`);
  if (bot.webhook !== undefined) out.result(describeWebhook(bot.webhook));
  return bot;
}

export async function listBotsCommand(
  ports: Pick<CommandPorts, "listBots">,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const bots = await ports.listBots({}, context);
  if (bots.length === 0) {
    out.progress("There is no bot yet. Add one with: pregonero bot add telegram --token TOKEN");
  } else {
    out.result(table([["ID", "CHANNEL", "NAME", "USER NAME", "STATE"], ...bots.map(botRow)]));
  }
  return 0;
}

export async function removeBotCommand(
  ports: Pick<CommandPorts, "removeBot">,
  input: { readonly bot: string },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const bot = await ports.removeBot(input, context);
  out.result(
    `Removed ${bot.channel} bot "${bot.name}". What was still queued for it will not be sent.`,
  );
  if (bot.channel === "whatsapp-web") {
    out.result("On the phone, also remove it: WhatsApp → Linked devices.");
  }
  return 0;
}

function describeWebhook({ url, path, verifyToken }: WebhookToPaste): string {
  return [
    "",
    "At Meta (App dashboard → WhatsApp → Configuration → Webhook), paste:",
    `  Callback URL   ${url ?? `https://YOUR-ADDRESS${path}`}`,
    `  Verify token   ${verifyToken}`,
    "then subscribe to the field `messages`.",
    ...(url === undefined
      ? ["Meta reaches an https address only: set PUBLIC_URL to yours (docs/configuration.md)."]
      : []),
  ].join("\n");
}

function botRow(bot: BotView): string[] {
  return [
    bot.botId,
    bot.channel,
    bot.name,
    showUsername(bot),
    bot.needsCredentials ? "needs credentials" : (bot.sessionState ?? ""),
  ];
}

/** WhatsApp knows an account by its number, which takes no @. */
function showUsername({ channel, username = "" }: BotView): string {
  return channel === "telegram" && username !== "" ? `@${username}` : username;
}
