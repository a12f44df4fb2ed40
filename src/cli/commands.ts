import path from "node:path";
import type { Answer } from "../core/answer.ts";
import type { ApiKeys } from "../core/api-keys.ts";
import type { AssistantAdmin } from "../core/assistant.ts";
import type { AuditSeals } from "../core/audit-seals.ts";
import type { BotAdmin, BotRegistry } from "../core/bot-registry.ts";
import type { BotAccount } from "../core/channel.ts";
import type { Clock } from "../core/clock.ts";
import type { DeadLetterChange, DeadLetters } from "../core/dead-letters.ts";
import type { Documents } from "../core/documents.ts";
import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import { asId, type MessageId, type TenantId } from "../core/ids.ts";
import type { KeyRotation } from "../core/key-rotation.ts";
import type { PassportEvent } from "../core/passport.ts";
import type { Passport, Passports } from "../core/passport-reader.ts";
import type { Plans } from "../core/plans.ts";
import type { QuestionAnswerer } from "../core/question.ts";
import type { Spending } from "../core/spending.ts";
import { downloadPdf } from "../gazette/download.ts";
import { DEFAULT_LIMITS } from "../gazette/extract/limits.ts";
import type { Ingest } from "../gazette/ingest.ts";
import type { SourceAdmin } from "../newsroom/collection/source-admin.ts";
import type { PromptAdmin } from "../newsroom/prompts/prompt-admin.ts";
import type { PromptRunAdmin } from "../newsroom/prompts/run-admin.ts";
import type { PublishingDesk } from "../newsroom/publishing/publishing-desk.ts";
import type { SessionDesk } from "../session-desk.ts";
import { webhookToPaste } from "../webhook-to-paste.ts";
import type { CheckResult } from "./doctor/check.ts";
import { documentCommands } from "./document.ts";
import { isUrl } from "./ingest.ts";
import { keyCommands } from "./key-commands.ts";
import { planCommands } from "./plan.ts";
import type { AskInput, BotView, CommandContext, CommandPorts, PassportView } from "./ports.ts";
import { promptCommands } from "./prompt.ts";
import { publishCommands } from "./publish.ts";
import { sessionCommands, withSessionStates } from "./session-commands.ts";
import { sourceCommands } from "./source.ts";
import { type UserInstallation, userCommands } from "./user-commands.ts";

/** What the commands need of an opened installation; `src/main.ts` provides it. */
export interface Installation extends UserInstallation {
  /** The tenant that the command line acts for. */
  readonly tenantId: TenantId;
  readonly answerer: QuestionAnswerer;
  readonly newMessageId: () => MessageId;
  /** Keeps the passport of a question, answered or not. */
  readonly record: (
    tenantId: TenantId,
    messageId: MessageId,
    events: readonly PassportEvent[],
  ) => Promise<void>;
  readonly ingest: Ingest;
  /** Slugs of the gazettes that can be named with --source. */
  readonly sourceSlugs: readonly string[];
  readonly passports: Pick<Passports, "find">;
  readonly deadLetters: DeadLetters;
  readonly bots: Pick<BotRegistry, "list" | "listRefused">;
  readonly botAdmin: BotAdmin;
  readonly assistants: AssistantAdmin;
  readonly documents: Documents;
  readonly sources: SourceAdmin;
  readonly publishing: PublishingDesk;
  readonly access: { readonly plans: Plans };
  readonly promptFeatures: { readonly prompts: PromptAdmin; readonly runs: PromptRunAdmin };
  readonly spending: Pick<
    Spending,
    "listBudgets" | "setBudget" | "topUp" | "balance" | "listSpending"
  >;
  /** Who makes changes, for the audit log. */
  readonly actor: string;
  readonly apiKeys: Pick<ApiKeys, "create" | "list" | "revoke">;
  readonly examine: (signal: AbortSignal) => Promise<readonly CheckResult[]>;
  readonly auditSeals: Pick<AuditSeals, "verify">;
  readonly keyRotation: KeyRotation;
  readonly clock: Clock;
  readonly sessionDesk: SessionDesk;
  readonly site: { readonly url: string | undefined };
  readonly config: {
    readonly mode: "embedded" | "server";
    readonly publicUrl: string | undefined;
  };
}

/** The commands, carried out by this process. */
export function createCommands(installation: Installation): CommandPorts {
  const { tenantId, apiKeys, botAdmin, passports, spending, deadLetters, actor } = installation;
  const ownBots = () => installation.bots.list().filter((bot) => bot.tenantId === tenantId);
  const refusedBots = () =>
    installation.bots.listRefused().filter((bot) => bot.tenantId === tenantId);
  return {
    ask: (input, context) => ask(installation, input, context),
    async ingest({ location, source, date, documentName }, { signal, onProgress }) {
      const slug = source ?? guessSource(location, installation.sourceSlugs);
      if (isUrl(location)) onProgress({ step: "download" });
      const fetched = isUrl(location) ? await fetchDocument(location, signal) : undefined;
      const name = documentName ?? fetched?.documentName;
      const result = await installation.ingest(
        {
          document: fetched === undefined ? { filePath: location } : { bytes: fetched.bytes },
          source: slug,
          ...(date === undefined ? {} : { publishedOn: date }),
          ...(name === undefined ? {} : { documentName: name }),
        },
        { signal, onProgress },
      );
      return { source: slug, ...result };
    },
    passport: async ({ id }) => (await passports.find(tenantId, id)).map(toPassportView),
    listBots: async () => [
      ...refusedBots().map((bot) => ({ ...toBotView(bot), needsCredentials: true })),
      ...(await withSessionStates(installation.sessionDesk, ownBots(), toBotView)),
    ],
    async addBot({ channel, name, secrets = {}, settings = {} }, { signal }) {
      const bot = await botAdmin.add(tenantId, { channel, name, secrets, settings }, signal);
      return { ...toBotView(bot), webhook: webhookToPaste(bot, installation.config.publicUrl) };
    },
    ...sessionCommands({
      desk: installation.sessionDesk,
      actor,
      find: (wanted) => findBot(ownBots(), wanted),
      view: toBotView,
      // The embedded database serves one process: while a command has it, no server runs.
      canBeHeld: installation.config.mode === "server" || actor === "server",
      siteUrl: () => installation.site.url,
    }),
    async removeBot({ bot: wanted }, { signal }) {
      const bot = findBot([...ownBots(), ...refusedBots()], wanted);
      await botAdmin.remove(tenantId, bot.botId, signal);
      return toBotView(bot);
    },
    ...keyCommands({ apiKeys, tenantId, clock: installation.clock }),
    listDeadLetters: async () =>
      (await deadLetters.list(tenantId)).map(({ name, receivedAt, ...letter }) => ({
        messageId: letter.messageId,
        bot: name,
        reason: letter.reason,
        attempts: letter.attempts,
        receivedAt: receivedAt.toISOString(),
      })),
    retryDeadLetter: async ({ id }) =>
      expectDone(id, await deadLetters.retry(tenantId, asId(id), actor)),
    dropDeadLetter: async ({ id }) =>
      expectDone(id, await deadLetters.drop(tenantId, asId(id), actor)),
    ...assistantCommands(installation, ownBots),
    ...documentCommands(installation),
    ...sourceCommands(installation),
    ...publishCommands(installation),
    ...planCommands({ ...installation, plans: installation.access.plans }),
    ...promptCommands(installation),
    async showSpending() {
      const [budgets, balance, models] = await Promise.all([
        spending.listBudgets(tenantId),
        spending.balance(tenantId),
        spending.listSpending(tenantId),
      ]);
      return { budgets, balance, models };
    },
    async setBudget({ period, limit }) {
      await spending.setBudget(tenantId, period, limit, installation.actor);
      return {};
    },
    topUp: async ({ amount }) => ({
      balance: await spending.topUp(tenantId, amount, installation.actor),
    }),
    ...userCommands(installation),
    verifyAudit: ({ head }, { signal }) => installation.auditSeals.verify(head, signal),
    keyStatus: async (_input, { signal }) => ({
      currentKeyId: installation.keyRotation.currentKeyId,
      columns: await installation.keyRotation.status(signal),
    }),
    rotateKeys: (_input, { signal, onProgress }) =>
      installation.keyRotation.rotate(signal, ({ column, resealed }) =>
        onProgress({ step: column, done: resealed }),
      ),
    doctor: (_input, { signal }) => installation.examine(signal),
  };
}

function assistantCommands(
  { tenantId, assistants, actor }: Installation,
  ownBots: () => readonly BotAccount[],
): Pick<
  CommandPorts,
  "listAssistants" | "saveAssistant" | "removeAssistant" | "useAssistant" | "listModels"
> {
  return {
    listAssistants: () => assistants.list(tenantId),
    saveAssistant: ({ name, draft }) => assistants.save(tenantId, name, draft, actor),
    async removeAssistant({ name }) {
      await assistants.remove(tenantId, name, actor);
      return {};
    },
    async useAssistant({ bot: wanted, name }) {
      const bot = findBot(ownBots(), wanted);
      await assistants.use(tenantId, bot.botId, name, actor);
      return toBotView(bot);
    },
    listModels: () => assistants.listModels(tenantId),
  };
}

async function ask(
  { tenantId, answerer, newMessageId, record, clock }: Installation,
  input: AskInput,
  { signal }: CommandContext,
): Promise<Answer> {
  const messageId = newMessageId();
  const events: PassportEvent[] = [];
  const note = (kind: PassportEvent["kind"], detail: PassportEvent["detail"]) => {
    events.push({ kind, detail, at: clock.now() });
  };
  note("received", { channel: "command-line" });
  try {
    const result = await answerer.answer(
      {
        tenantId,
        messageId,
        text: input.question,
        language: undefined,
        sources: input.source === undefined ? [] : [input.source],
        date: input.date,
        history: [],
        note,
      },
      signal,
    );
    note("answered", { model: result.answer.model, abstained: result.answer.abstained });
    return result.answer;
  } catch (error) {
    note("failed", { code: isPregoneroError(error) ? error.code : "internal" });
    throw error;
  } finally {
    await record(tenantId, messageId, events);
  }
}

/** For the whole download of a document that an operator named: a slow official site is no error. */
const MAX_DOWNLOAD_SECONDS = 120;

function fetchDocument(url: string, signal: AbortSignal) {
  const maxSeconds = MAX_DOWNLOAD_SECONDS;
  const { maxBytes } = DEFAULT_LIMITS;
  return downloadPdf(url, { signal, maxBytes, maxSeconds, allowPrivateNetworks: true });
}

/** `BOE-S-2024-92.pdf` is of `boe`, `CR_LaGaceta_220.pdf` of `la-gaceta`: the longest slug in the name wins. */
export function guessSource(location: string, slugs: readonly string[]): string {
  const squeeze = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const name = squeeze(path.basename(location));
  const found = slugs
    .filter((slug) => name.includes(squeeze(slug)))
    .sort((one, other) => other.length - one.length);
  if (found[0] !== undefined) return found[0];
  throw new PregoneroError(
    "source-missing",
    `The name of ${path.basename(location)} does not tell which gazette it is. Say so with --source, one of: ${slugs.join(", ")}.`,
  );
}

function expectDone(id: string, change: DeadLetterChange): Record<string, never> {
  if (change === "done") return {};
  throw change === "erased"
    ? new PregoneroError(
        "dead-letter-erased",
        `Message ${id} has no text any more: its person was forgotten. Settle it with: pregonero dead-letter drop ${id}`,
      )
    : new PregoneroError(
        "dead-letter-unknown",
        `No message ${id} was given up. Take the id from: pregonero dead-letter list`,
      );
}

function findBot(bots: readonly BotAccount[], wanted: string): BotAccount {
  const found = bots.filter((bot) => {
    const username = bot.settings.username;
    return [bot.botId, bot.botKey, bot.name, username, `@${username}`].includes(wanted);
  });
  if (found.length === 1 && found[0] !== undefined) return found[0];
  const problem = found.length === 0 ? "No bot is called" : "More than one bot is called";
  throw new PregoneroError(
    "bot-unknown",
    `${problem} "${wanted}". Take the id from: pregonero bot list`,
  );
}

function toBotView(bot: BotAccount): BotView {
  return {
    botId: bot.botId,
    botKey: bot.botKey,
    channel: bot.channel,
    name: bot.name,
    username: bot.settings.username,
  };
}

function toPassportView(passport: Passport): PassportView {
  const { messageId, botId, conversationId, state, deadReason, events, parts } = passport;
  return {
    messageId,
    botId,
    conversationId,
    state,
    deadReason,
    events: events.map(({ kind, at, detail }) => ({ kind, at: at.toISOString(), detail })),
    parts,
  };
}
