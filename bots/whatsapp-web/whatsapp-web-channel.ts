import type { Page } from "playwright-core";
import type {
  BotAccount,
  Channel,
  Connects,
  DownloadsFiles,
  HoldsSessions,
  Reconciles,
  SendOptions,
  SendOutcome,
  ShowsTyping,
} from "../../src/core/channel.ts";
import type { Clock } from "../../src/core/clock.ts";
import { PregoneroError } from "../../src/core/errors.ts";
import type { PhoneReplies } from "../../src/core/hand-over.ts";
import type { BotId } from "../../src/core/ids.ts";
import type { Logger } from "../../src/core/logger.ts";
import type { MediaFiles } from "../../src/core/media-files.ts";
import type { Metrics } from "../../src/core/metrics.ts";
import type { Receipts } from "../../src/core/receipt.ts";
import { type ChatMarks, SESSION_STATES, type SessionStore } from "../../src/core/session.ts";
import { countDrifts } from "./count-drifts.ts";
import type { PageReader } from "./detection/page-reader.ts";
import { createModulesEngine } from "./modules/modules-engine.ts";
import { render, type WhatsAppWebPart } from "./render.ts";
import { forgetProfile } from "./session/browser.ts";
import { createDomEngine } from "./session/dom-engine.ts";
import type { EngineMaker, HumanPauses } from "./session/engine.ts";
import { createHumanPauses } from "./session/pacing.ts";
import { createSession, type Session } from "./session/session.ts";

export type WhatsAppWebChannel = Channel &
  HoldsSessions &
  Reconciles &
  DownloadsFiles &
  ShowsTyping &
  Connects;

export interface WhatsAppWebChannelOptions {
  /** `https://web.whatsapp.com/`, or the stand-in. */
  readonly url: string;
  readonly chromiumPath: string;
  /** One folder per account is made here; whoever reads it is the account. */
  readonly profilesDirectory: string;
  readonly sessions: SessionStore;
  readonly marks: ChatMarks;
  readonly receipts: Receipts;
  /** Who writes from the phone itself takes the conversation over. */
  readonly phoneReplies: PhoneReplies;
  readonly files: MediaFiles;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Selector packs of the operator's, over the shipped ones. */
  readonly packsDirectory?: string | undefined;
  /** How a person types and hesitates; tests make it quick. */
  readonly pauses?: HumanPauses;
}

/** People read and write no faster; the account's budgets bind beyond it. */
const PACE = {
  privateChat: { intervalMs: 2_500, burst: 3 },
  groupChat: { intervalMs: 5_000, burst: 2 },
  bulk: { intervalMs: 20_000, burst: 1, batch: 1 },
} as const;

/** People send a question in pieces; longer than this they seldom pause between two. */
const BURST_WINDOW_MS = 2_500;

/** WhatsApp shows "typing…" for about 25 s after the last key (third-party observation). */
const TYPING_LASTS_MS = 10_000;

/**
 * WhatsApp Web in a browser that this process holds, any number of accounts, each with its own. Nothing of it is
 * loaded before the first session runs. To automate it is against WhatsApp's terms (docs/whatsapp-web.md).
 */
export function createWhatsAppWebChannel(options: WhatsAppWebChannelOptions): WhatsAppWebChannel {
  const sessions = new Map<BotId, Session>();
  const pauses = options.pauses ?? createHumanPauses({ random: Math.random, scale: 1 });

  return {
    name: "whatsapp-web",
    pace: PACE,
    burstWindowMs: BURST_WINDOW_MS,
    holdsSessions: true,
    typingLastsMs: TYPING_LASTS_MS,
    render,

    async poll(bot, accept, signal) {
      const onState = () => countStates(options.metrics, sessions);
      const maker = chooseEngine(bot);
      const session = createSession({
        ...options,
        bot,
        pauses,
        maker,
        makeReader: (page) => makeReader(page, bot, options),
        accept,
        signal,
        onState,
      });
      sessions.set(bot.botId, session);
      try {
        await session.run();
      } finally {
        if (sessions.get(bot.botId) === session) sessions.delete(bot.botId);
        countStates(options.metrics, sessions);
      }
    },

    async send(bot, chatKey, part, sendOptions) {
      return await onSession(sessions.get(bot.botId), sendOptions, (outgoing) =>
        outgoing.send(chatKey, part as WhatsAppWebPart, sendOptions),
      );
    },

    async reconcile(bot, chatKey, part, sendOptions) {
      const outgoing = sessions.get(bot.botId)?.outgoing();
      if (outgoing === undefined) return { kind: "unknown", reason: "not-held-here" };
      return await outgoing.reconcile(chatKey, part as WhatsAppWebPart, sendOptions);
    },

    async showTyping(bot, chatKey, signal) {
      try {
        await sessions.get(bot.botId)?.showTyping(chatKey, signal);
      } catch {
        // A courtesy: what follows tells whether the page works.
      }
    },

    async downloadFile(bot, fileKey, { maxBytes }) {
      const bytes = await options.files.read(bot.tenantId, bot.botId, fileKey);
      if (bytes === undefined) {
        throw new PregoneroError("media-gone", "The file is kept no longer", { status: 404 });
      }
      if (bytes.length > maxBytes) {
        const message = `The file has more than ${maxBytes} bytes`;
        throw new PregoneroError("media-too-large", message, { status: 413 });
      }
      return bytes;
    },

    // An account is known only once it is linked: nothing can be checked or prepared before.
    identify: async () => ({}),
    connect: async () => undefined,
    async disconnect(bot) {
      await forgetProfile(options.profilesDirectory, bot.botId);
    },

    async inspect(bot) {
      const report = await options.sessions.readReport(bot.tenantId, bot.botId);
      if (report === undefined) {
        return { isHealthy: false, evidence: "No process has taken the session up yet." };
      }
      return {
        isHealthy: report.state === "ready",
        evidence: `${report.state} since ${report.since}: ${report.evidence}`,
        ...(report.action !== undefined && { action: report.action }),
      };
    },
  };
}

/** Until the session has read what it remembers, nothing is sent; elsewhere it never is. */
async function onSession(
  session: Session | undefined,
  { signal }: SendOptions,
  send: (outgoing: NonNullable<ReturnType<Session["outgoing"]>>) => Promise<SendOutcome>,
): Promise<SendOutcome> {
  if (signal.aborted) return { kind: "refused", reason: "aborted", retry: "backoff" };
  if (session === undefined) {
    return { kind: "refused", reason: "not-held-here", retry: "backoff", scope: "bot" };
  }
  const outgoing = session.outgoing();
  if (outgoing !== undefined) return await send(outgoing);
  return { kind: "refused", reason: "session-starting", retry: "backoff", scope: "bot" };
}

/**
 * The detection is loaded with the first session: an installation without WhatsApp pays nothing. Selector packs are
 * read anew for each browser, so that a newer one is taken up by a restart of the session.
 */
async function makeReader(
  page: Page,
  bot: BotAccount,
  { clock, logger, metrics, packsDirectory }: WhatsAppWebChannelOptions,
): Promise<PageReader> {
  const { createPageReader } = await import("./detection/create-page-reader.ts");
  const { loadPacks } = await import("./detection/load-packs.ts");
  const onRefused = () => metrics.count("session_packs_refused_total");
  const packs = await loadPacks({ directory: packsDirectory, logger, onRefused });
  const ownNames = [bot.name, bot.settings.ownName ?? ""].filter((name) => name !== "");
  const { locale } = bot.settings;
  const options = { packs, logger, clock, ownNames, onDrift: countDrifts(metrics) };
  return createPageReader(page, { ...options, ...(locale !== undefined && { locale }) });
}

function chooseEngine({ settings }: BotAccount): EngineMaker {
  if (settings.engine === "modules") {
    return { name: "modules", needsDebuggingPort: true, make: createModulesEngine };
  }
  return { name: "dom", needsDebuggingPort: false, make: createDomEngine };
}

function countStates(metrics: Metrics, sessions: ReadonlyMap<BotId, Session>): void {
  const states = [...sessions.values()].map((session) => session.model()?.state);
  for (const state of SESSION_STATES) {
    const count = states.filter((each) => each === state).length;
    metrics.gauge("session_state", count, { state });
  }
}
