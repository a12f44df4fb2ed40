import { isPregoneroError, PregoneroError } from "../../../src/core/errors.ts";
import type { WhatsAppWebPart } from "../render.ts";
import { toListDigest } from "../session/chat-book.ts";
import type {
  Engine,
  EngineHost,
  EngineInbox,
  EngineOutcome,
  EngineTarget,
} from "../session/engine.ts";
import { waitFor } from "../session/pacing.ts";
import { createPageLock } from "../session/page-lock.ts";
import { createOwnSends, outcomeOfFailure, pageErrorCode } from "../session/send-outcomes.ts";
import { NOT_INJECTED } from "./in-page.ts";
import { attachLibrary, type Library } from "./library.ts";
import { createModulesPage, type ModulesPage } from "./modules-page.ts";
import { findChat, findPart, type SendPorts, sendPart } from "./send-part.ts";
import { type ListedChat, toChatJid } from "./to-row.ts";

/** Enough for what came since the last look; as many as the other engine reads when the mark is further back. */
const FEW_ROWS = 50;
const MOST_ROWS = 500;
const RETRY_MS = 1_000;
/** Each attempt to get into a page leaves something there, so a page that is strange is not tried at every look. */
const ATTACH_AGAIN_MS = 30_000;
/** Whatever happens to a message. What it was, its chat tells. */
const EVENTS = [
  "message_create",
  "message_edit",
  "message_ack",
  "message_revoke_everyone",
  "message_ciphertext",
] as const;

interface Running {
  readonly host: EngineHost;
  readonly inbox: EngineInbox;
  readonly signal: AbortSignal;
  readonly stop: AbortController;
}

/**
 * Reads and writes through WhatsApp's own modules, by whatsapp-web.js in the tab that the session has open. An event
 * only says that a chat changed, which is then read from its mark on: an event that is lost delays a message until
 * the chat's next one, or until the slow pass.
 */
export function createModulesEngine(): Engine {
  const lock = createPageLock();
  const ownSends = createOwnSends();
  /** Chats of which an event told, by jid. */
  const changed = new Set<string>();
  let library: Library | undefined;
  let page: ModulesPage | undefined;
  let attaching: Promise<ModulesPage> | undefined;
  let refused: { readonly error: unknown; readonly untilMs: number } | undefined;
  let running: Running | undefined;
  let wake = () => {};

  /** The page, with the library in it: it is put in anew after the page was loaded anew. */
  async function attachedPage(host: EngineHost): Promise<ModulesPage> {
    if (page !== undefined && !(await page.failures()).includes(NOT_INJECTED)) return page;
    if (refused !== undefined && Date.now() < refused.untilMs) throw refused.error;
    attaching ??= attach(host).finally(() => {
      attaching = undefined;
    });
    try {
      return await attaching;
    } catch (error) {
      refused = { error, untilMs: Date.now() + ATTACH_AGAIN_MS };
      throw error;
    }
  }

  /** One connection for as long as the tab lives: what the library hung into it knows no other. */
  async function attach(host: EngineHost): Promise<ModulesPage> {
    if (library === undefined) {
      const made = await attachLibrary(host);
      for (const event of EVENTS) made.client.on(event, noteEvent);
      host.page.once("close", () => void made.disconnect());
      library = made;
    }
    await library.inject();
    page = createModulesPage(library, host);
    return page;
  }

  function noteEvent(message: unknown): void {
    changed.add(toChatJid(message) ?? "");
    wake();
  }

  async function readChanges(run: Running): Promise<void> {
    const { signal } = run;
    while (!signal.aborted) {
      if (changed.size === 0) await untilWoken(signal);
      if (signal.aborted) return;
      try {
        await readDue(run, (chat) => isNamed(chat));
      } catch (error) {
        if (signal.aborted) return;
        const code = pageErrorCode(error);
        run.host.logger.warn("page-not-read", { botId: run.host.bot.botId, code });
        await waitFor(RETRY_MS, signal);
      }
    }
  }

  function untilWoken(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      wake = () => {
        signal.removeEventListener("abort", wake);
        resolve();
      };
      signal.addEventListener("abort", wake, { once: true });
    });
  }

  function isNamed({ jid, phone }: ListedChat): boolean {
    return changed.has(jid) || (phone !== undefined && changed.has(`${phone}@c.us`));
  }

  async function readDue(run: Running, isDue: (chat: ListedChat) => boolean): Promise<void> {
    const from = page;
    if (from === undefined) return changed.clear();
    const named = new Set(changed);
    const chats = await lock.run(() => from.chats(), run);
    const due = chats.filter((chat) => isDue(chat) || run.inbox.needsReading(chat));
    // What an event tells from here on may come too late for these readings.
    for (const jid of named) changed.delete(jid);
    try {
      for (const chat of due) await lock.run(() => readChat(run, from, chat), run);
    } catch (error) {
      for (const jid of named) changed.add(jid);
      throw error;
    }
  }

  function withPage(
    target: EngineTarget,
    signal: AbortSignal,
    work: (ports: SendPorts, chat: ListedChat) => Promise<EngineOutcome>,
  ): Promise<EngineOutcome> {
    const run = running;
    if (run === undefined || library === undefined || page === undefined) {
      return Promise.resolve({ kind: "not-sent", reason: "page-gone" });
    }
    const ports = { host: run.host, library, page };
    return inTurn(run, ports, target, signal, (chat) => work(ports, chat));
  }

  async function inTurn(
    run: Running,
    { page: current, host }: SendPorts,
    target: EngineTarget,
    signal: AbortSignal,
    work: (chat: ListedChat) => Promise<EngineOutcome>,
  ): Promise<EngineOutcome> {
    let hasBegun = false;
    try {
      return await lock.run(
        async () => {
          const chat = findChat(await current.chats(), target);
          if (chat === undefined) return { kind: "not-sent", reason: "chat-not-found" };
          if (await host.reader.isRestricted()) return { kind: "not-sent", reason: "restricted" };
          hasBegun = true;
          return ownSends.note(await work(chat));
        },
        { signal: AbortSignal.any([signal, run.signal]), isUrgent: true },
      );
    } catch (error) {
      return outcomeOfFailure(error, { hasBegun, signal });
    }
  }

  return {
    name: "modules",

    async start(host, inbox, signal) {
      const stop = new AbortController();
      const run = { host, inbox, stop, signal: AbortSignal.any([signal, stop.signal]) };
      running = run;
      try {
        await attachedPage(host);
      } catch (error) {
        // The canary tells it, and tries again.
        host.logger.warn("modules-not-attached", { botId: host.bot.botId, error });
      }
      void readChanges(run);
    },

    async reconcile(signal) {
      const run = running;
      if (run === undefined) return;
      const both = { ...run, signal: AbortSignal.any([signal, run.signal]) };
      await readDue(both, isNamed);
    },

    send: (target, part: WhatsAppWebPart, signal) =>
      withPage(target, signal, (ports, chat) => sendPart(ports, chat, part, signal)),

    findSent: (target, part, since, signal) =>
      withPage(target, signal, (ports, chat) =>
        findPart(ports.page, chat, part, { since, isTaken: (id) => ownSends.has(id) }),
      ),

    async showTyping(target) {
      const from = page;
      if (from === undefined || lock.isHeld) return;
      const chat = findChat(await from.chats(), target);
      if (chat !== undefined) await from.attend(chat.jid);
    },

    async download(row, options) {
      if (page === undefined) throw new PregoneroError("media-gone", "No page is open");
      return await page.download(row, options);
    },

    async canary() {
      if (running === undefined) {
        return { isReadable: false, failures: ["the engine is not started"] };
      }
      try {
        const before = page;
        const attached = await attachedPage(running.host);
        // What came while it was out of the page no event tells.
        if (attached !== before) noteEvent(undefined);
        const failures = await attached.failures();
        return { isReadable: failures.length === 0, failures };
      } catch (error) {
        const why = isPregoneroError(error)
          ? error.message
          : "the library did not get into the page";
        const missing = (await page?.failures()) ?? [];
        return { isReadable: false, failures: [`modules: ${why}`, ...missing] };
      }
    },

    async stop() {
      running?.stop.abort();
      running = undefined;
      changed.clear();
    },
  };
}

/** Hands over a chat from its mark on; where the mark is not among the newest messages, it is looked for further up. */
async function readChat({ inbox }: Running, page: ModulesPage, chat: ListedChat): Promise<void> {
  let limit = Math.min(MOST_ROWS, FEW_ROWS + chat.unreadCount);
  let rows = await page.rows(chat.jid, limit);
  const target = await inbox.locate(chat, idsOf(rows));
  if (target === undefined) return;
  const known = new Set(target.lastReadIds);
  const hasMet = () => rows.some(({ canonicalId }) => known.has(canonicalId));
  if (known.size > 0 && !hasMet() && rows.length >= limit) {
    limit = MOST_ROWS;
    rows = await page.rows(chat.jid, limit);
  }
  await inbox.take(target, {
    rows,
    isComplete: hasMet() || rows.length < limit,
    unreadCount: chat.unreadCount,
    listDigest: toListDigest(chat),
  });
}

function idsOf(rows: Awaited<ReturnType<ModulesPage["rows"]>>): readonly string[] {
  return rows.map(({ canonicalId }) => canonicalId);
}
