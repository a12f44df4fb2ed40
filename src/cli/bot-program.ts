import { type Command, InvalidArgumentError, Option } from "commander";
import { CHANNELS, type ChannelName } from "../core/channel.ts";
import { systemClock } from "../core/clock.ts";
import { PregoneroError } from "../core/errors.ts";
import type { SessionRequest } from "../core/session.ts";
import { phoneNumber } from "../session-request.ts";
import { sessionSettings } from "../session-settings.ts";
import { addBotCommand, listBotsCommand, removeBotCommand, WHATSAPP_WEB_WARNING } from "./bot.ts";
import type { AddBotInput, CommandContext, CommandPorts, Output } from "./ports.ts";
import {
  askSessionCommand,
  linkCommand,
  screenshotCommand,
  showSessionCommand,
} from "./session.ts";

type Run = (
  command: string,
  work: (ports: CommandPorts, context: CommandContext) => Promise<number>,
) => Promise<void>;

/** What is asked of the person at the terminal. */
export interface Asks {
  /** One secret per label, none of them echoed; undefined for what was left empty. From a pipe: one a line. */
  readonly readSecrets: (labels: readonly string[]) => Promise<readonly (string | undefined)[]>;
  /** Undefined: nobody is there to answer. */
  readonly confirm: (question: string) => Promise<boolean | undefined>;
}

/** As commander gives them. */
interface AddOptions {
  readonly token?: string;
  readonly name: string;
  readonly engine?: string;
  readonly phone?: string;
  readonly acceptTermsRisk?: true;
  readonly wait: boolean;
  readonly phoneNumberId?: string;
  readonly businessAccountId?: string;
  readonly set?: readonly string[];
}

/** `bot …`: the bots, and the sessions of those that are one. */
export function addBots(program: Command, run: Run, out: Output, asks: Asks): void {
  const bot = program.command("bot").description("the bots that people write to");
  addAdd(bot, run, out, asks);
  bot
    .command("list")
    .action(() => run("bot list", (ports, context) => listBotsCommand(ports, context, out)));
  bot
    .command("remove")
    .argument("<bot>", "id, name or @username")
    .action((name: string) =>
      run("bot remove", (ports, context) => removeBotCommand(ports, { bot: name }, context, out)),
    );
  addSessions(bot, run, out, asks);
}

function addAdd(bot: Command, run: Run, out: Output, asks: Asks): void {
  bot
    .command("add")
    .description("connect a bot; secrets that are not given are asked for, and not shown")
    .addArgument(bot.createArgument("<channel>").choices([...CHANNELS]))
    .option("--name <name>", "for lists; default: as the network calls it", "")
    .option("--token <token>", "telegram: as @BotFather gave it")
    .addOption(
      new Option("--engine <engine>", "whatsapp-web: how the page is read").choices([
        "dom",
        "modules",
      ]),
    )
    .option("--phone <number>", "whatsapp-web: link by a pairing code for this number", toPhone)
    .option("--accept-terms-risk", "whatsapp-web: the number may be banned, and you know it")
    .option("--set <name=value>", "whatsapp-web: pacing and language; again for another", collect)
    .option("--no-wait", "whatsapp-web: do not wait for the code and the scan")
    .option("--phone-number-id <id>", "whatsapp-cloud: of the number, from Meta's API setup page")
    .option("--business-account-id <id>", "whatsapp-cloud: then we subscribe to its webhooks")
    .action(async (channel: ChannelName, chosen: AddOptions) => {
      const input = await prepare(channel, chosen, out, asks);
      await run("bot add", async (ports, context) => {
        const { botId } = await addBotCommand(ports, input, context, out);
        if (channel !== "whatsapp-web") return 0;
        return startLinking(ports, { botId, ...chosen }, context, out);
      });
    });
}

/** What the network needs to know of the account, asked for where it is secret. */
async function prepare(
  channel: ChannelName,
  { name, token, engine, set, acceptTermsRisk, phoneNumberId, businessAccountId }: AddOptions,
  out: Output,
  asks: Asks,
): Promise<AddBotInput> {
  if (channel === "telegram") {
    const [secret] = token === undefined ? await asks.readSecrets(["Token"]) : [token];
    return { channel, name, secrets: secret === undefined ? {} : { token: secret } };
  }
  if (channel === "whatsapp-web") {
    const settings = { ...parseSettings(set ?? []), engine: engine ?? "dom" };
    await requireAcceptedRisk(acceptTermsRisk === true, out, asks);
    return { channel, name, settings };
  }
  if (channel === "whatsapp-cloud") {
    if (phoneNumberId === undefined) {
      throw usage(
        "A whatsapp-cloud bot needs --phone-number-id, from Meta's page WhatsApp → API Setup.",
      );
    }
    const [accessToken, appSecret] = await asks.readSecrets(["Access token", "App secret"]);
    if (accessToken === undefined || appSecret === undefined) {
      throw usage(
        "A whatsapp-cloud bot needs an access token and the app's secret: type them, or pipe them in, one a line.",
      );
    }
    const settings = { phoneNumberId, ...(businessAccountId && { businessAccountId }) };
    return { channel, name, secrets: { accessToken, appSecret }, settings };
  }
  return { channel, name };
}

async function requireAcceptedRisk(isAccepted: boolean, out: Output, asks: Asks): Promise<void> {
  out.progress(WHATSAPP_WEB_WARNING);
  if (isAccepted || (await asks.confirm("Add it all the same? Type yes: "))) return;
  throw usage("Nothing was added. Say that you accept the risk with --accept-terms-risk.");
}

/** The bot is there; its session starts in whichever process holds it. */
async function startLinking(
  ports: CommandPorts,
  { botId, phone, wait }: Pick<AddOptions, "phone" | "wait"> & { readonly botId: string },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { canBeHeld } = await ports.readSession({ bot: botId }, context);
  const how = `pregonero bot link ${botId}${phone === undefined ? "" : " --phone NUMBER"}`;
  if (!canBeHeld) {
    out.result(`Now start Pregonero (pregonero start), then link the phone with: ${how}`);
    return 0;
  }
  if (!wait) {
    out.result(`Link the phone with: ${how}`);
    return 0;
  }
  out.progress("The browser starts … Ctrl-C leaves; the bot stays.");
  return linkCommand(ports, { bot: botId, phone, clock: systemClock }, context, out);
}

function addSessions(bot: Command, run: Run, out: Output, asks: Asks): void {
  const clock = systemClock;
  bot
    .command("session")
    .description("the state of a WhatsApp Web session, what it was seen by, and what to do")
    .argument("<bot>")
    .option("--json", "for machines")
    .action((name: string, { json = false }: { json?: boolean }) =>
      run("bot session", (ports, context) =>
        showSessionCommand(ports, { bot: name, json, clock }, context, out),
      ),
    );
  bot
    .command("link")
    .description("show the code that links the phone, here and on a page")
    .argument("<bot>")
    .option("--phone <number>", "link by a pairing code for this number", toPhone)
    .action((name: string, { phone }: { phone?: string }) =>
      run("bot link", (ports, context) =>
        linkCommand(ports, { bot: name, phone, clock }, context, out),
      ),
    );
  bot
    .command("screenshot")
    .description("what the session's page shows")
    .argument("<bot>")
    .requiredOption("-o, --output <file.png>")
    .option("--redacted", "black out text and names")
    .action((name: string, { output, redacted }: { output: string; redacted?: true }) => {
      const input = { bot: name, isRedacted: redacted === true, file: output };
      return run("bot screenshot", (ports, context) =>
        screenshotCommand(ports, input, context, out),
      );
    });
  for (const [name, kind, description] of REQUESTS) {
    bot
      .command(name)
      .description(description)
      .argument("<bot>")
      .action((wanted: string) =>
        run(`bot ${name}`, (ports, context) =>
          askSessionCommand(ports, { bot: wanted, request: { kind } }, context, out),
        ),
      );
  }
  addLogOut(bot, run, out, asks);
}

const REQUESTS: readonly (readonly [
  string,
  Exclude<SessionRequest["kind"], "log-out" | "screenshot" | "pairing-code">,
  string,
])[] = [
  ["restart", "restart", "end the session's browser and start it again"],
  ["resume", "resume", "wake a session that is parked or stopped"],
  ["stop", "stop", "end the session's browser; what waits to be sent is kept"],
  ["use-here", "use-here", "take the account back from another window or computer"],
];

function addLogOut(bot: Command, run: Run, out: Output, asks: Asks): void {
  bot
    .command("log-out")
    .description("unlink the account: the phone must scan a code again")
    .argument("<bot>")
    .option("--yes", "do not ask")
    .action(async (wanted: string, { yes }: { yes?: true }) => {
      const question = `Unlink ${wanted}? Its phone must scan a code again. Type yes: `;
      if (yes !== true && !(await asks.confirm(question))) {
        throw usage("Nothing was unlinked. Say so with --yes.");
      }
      await run("bot log-out", (ports, context) =>
        askSessionCommand(ports, { bot: wanted, request: { kind: "log-out" } }, context, out),
      );
    });
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function parseSettings(given: readonly string[]): Readonly<Record<string, string>> {
  const pairs = given.map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, Math.max(at, 0)), pair.slice(at + 1)] as const;
  });
  const settings = sessionSettings.safeParse(Object.fromEntries(pairs));
  if (settings.success) return Object.fromEntries(pairs);
  const [issue] = settings.error.issues;
  throw usage(
    `--set ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is not valid"}. Known: ${Object.keys(sessionSettings.shape).join(", ")}.`,
  );
}

function toPhone(text: string): string {
  const phone = phoneNumber.safeParse(text);
  if (phone.success) return phone.data;
  throw new InvalidArgumentError("It must be a number with its country code, as +50688880000.");
}

function usage(message: string): PregoneroError {
  return new PregoneroError("usage", message);
}
