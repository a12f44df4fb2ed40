import { setTimeout as pause } from "node:timers/promises";
import { isPregoneroError, PregoneroError } from "../../../src/core/errors.ts";
import type { ChatRow, PageChange } from "../detection/page-reader.ts";
import type { WhatsAppWebPart } from "../render.ts";
import type {
  Engine,
  EngineChat,
  EngineHost,
  EngineInbox,
  EngineOutcome,
  EngineTarget,
} from "./engine.ts";
import { openChat } from "./open-chat.ts";
import { waitFor } from "./pacing.ts";
import { createPageLock } from "./page-lock.ts";
import { type ListedChat, readListedChat, readOpenChat } from "./read-chat.ts";
import { createOwnSends, outcomeOfFailure, pageErrorCode } from "./send-outcomes.ts";
import { findPart, sendPart } from "./send-part.ts";

/** After a failure to read; the next change comes sooner, most of the time. */
const RETRY_MS = 1_000;
/** Chats that are remembered, before all of them are looked at anew. */
const MOST_REMEMBERED = 1_000;
const MOST_SHORT_READS = 3;
/** A message that comes while its chat is being left raises no badge: the chat is watched a little longer. */
const WATCHED_AFTER_MS = 60_000;
/** A tick that grows while its chat is closed is seen at the next visit: how long chats are visited for it, and how many in one pass. */
const VISITED_FOR_TICKS_MS = 10 * 60_000;
const MOST_VISITS = 5;
/** The slow pass lets what just came be read whole; of a stream that never ends it must hear the rest too. */
const MOST_PATIENCE_MS = 5_000;

interface Running {
  readonly host: EngineHost;
  readonly inbox: EngineInbox;
  readonly signal: AbortSignal;
  readonly stop: AbortController;
}

/** Reads and writes the page as a person would: opens chats, reads rows, types. */
export function createDomEngine(): Engine {
  const lock = createPageLock();
  const ownSends = createOwnSends();
  /** What the list showed of a chat when it was last read in this run: a badge that stays does not call again. */
  const handled = new Map<string, string>();
  /** How often a chat showed less than its badge promised, one time after the other. */
  const shortReads = new Map<string, number>();
  /** Chats that were open lately, and until when their previews are compared. */
  const watched = new Map<string, number>();
  /** Chats that we wrote to, and until when they are visited for the ticks. */
  const awaitingTicks = new Map<string, number>();
  let running: Running | undefined;
  /** What just came is being read: a few uses of the page, between which the slow pass would only be in the way. */
  let reading: Promise<void> | undefined;
  let hasListChanged = false;
  let hasOpenChanged = false;
  /** A list that is drawn as a whole, after the page was loaded anew, is no change within the list. */
  let isListAwaited = false;
  let wake = () => {};

  function onChange(change: PageChange): void {
    if (change.kind === "navigated") {
      isListAwaited = true;
      handled.clear();
    }
    if (change.kind !== "changed") return;
    hasListChanged ||= isListAwaited || change.areas.includes("chats");
    hasOpenChanged ||= change.areas.includes("conversation");
    wake();
  }

  async function readChanges(run: Running): Promise<void> {
    const { signal } = run;
    while (!signal.aborted) {
      if (!hasListChanged && !hasOpenChanged) await untilWoken(signal);
      if (signal.aborted) return;
      const [list, open] = [hasListChanged, hasOpenChanged];
      hasListChanged = false;
      hasOpenChanged = false;
      try {
        await readWhat(run, { list, open });
      } catch (error) {
        if (signal.aborted) return;
        hasListChanged ||= list;
        hasOpenChanged ||= open;
        noteFailure(run, error);
        await waitFor(RETRY_MS, signal);
      }
    }
  }

  async function readWhat(run: Running, changed: { list: boolean; open: boolean }): Promise<void> {
    let end = () => {};
    reading = new Promise((resolve) => {
      end = resolve;
    });
    try {
      if (changed.open) await lock.run(() => readOpenChat(portsOf(run), run.signal), run);
      if (changed.list) await readUnread(run);
    } finally {
      reading = undefined;
      end();
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

  async function readUnread(run: Running): Promise<void> {
    const chats = await lock.run(() => run.host.reader.chatsDrawn(run.signal), run);
    if (chats.length > 0) isListAwaited = false;
    forgetRead(chats);
    const now = Date.now();
    const isDue = (chat: EngineChat) =>
      isUnread(chat) || ((watched.get(nameOf(chat)) ?? 0) > now && run.inbox.needsReading(chat));
    await readAll(run, chats, isDue, false);
  }

  /** Whose badge is gone may write the same words again. */
  function forgetRead(chats: readonly ChatRow[]): void {
    const unread = new Set(chats.filter(isUnread).map(toHandledKey));
    for (const key of handled.keys()) {
      if (!key.endsWith("\n0") && !unread.has(key)) handled.delete(key);
    }
  }

  async function readAll(
    run: Running,
    chats: readonly ChatRow[],
    isDue: (chat: EngineChat) => boolean,
    isThorough: boolean,
  ): Promise<void> {
    const shared = sharedTitles(chats);
    const due = chats
      .filter(isConversation)
      .map((chat) => withSharing(chat, shared))
      .filter(isDue);
    const elsewhere = chats.find(({ title }) => !shared.has(title));
    // Who has waited longest stands lowest.
    for (const listed of due.reverse()) {
      await lock.run(async () => {
        const chat = await asListedNow(run, listed);
        if (isDue(chat)) await readOne(run, { chat, elsewhere, isThorough });
      }, run);
    }
  }

  /** While others were read this one may have been too, or more was written in it: a badge that is gone promises nothing. */
  async function asListedNow({ host, signal }: Running, listed: EngineChat): Promise<EngineChat> {
    const drawn = await host.reader.chatsDrawn(signal);
    const named = drawn.filter((chat) => isConversation(chat) && chat.title === listed.title);
    const isSame = (chat: EngineChat) =>
      chat.unreadCount === listed.unreadCount && chat.preview === listed.preview;
    const [first] = named;
    if (first === undefined || named.some(isSame)) return listed;
    const isTitleShared = listed.isTitleShared === true || named.length > 1;
    return { ...first, ...(isTitleShared && { isTitleShared }) };
  }

  /** Chats that cannot be opened or read now must not keep the others waiting. */
  async function readOne(run: Running, listed: ListedChat): Promise<void> {
    const { chat, isThorough } = listed;
    const key = toHandledKey(chat);
    const shown = `${chat.unreadCount} ${chat.preview ?? ""}`;
    if (!isThorough && handled.get(key) === shown) return;
    try {
      const read = await readListedChat(portsOf(run), listed, run.signal);
      if (read === "short" && mayLookAgain(key)) {
        // Opening it took its badge away: nothing but this would bring us back.
        hasListChanged = true;
        wake();
      } else {
        if (read === "short") {
          const promised = chat.unreadCount ?? 0;
          run.host.logger.warn("chat-shows-less-than-its-badge", {
            botId: run.host.bot.botId,
            promised,
          });
        }
        handled.set(key, shown);
        shortReads.delete(key);
      }
      watched.set(nameOf(chat), Date.now() + WATCHED_AFTER_MS);
      if (handled.size > MOST_REMEMBERED) handled.clear();
      if (watched.size > MOST_REMEMBERED) watched.clear();
    } catch (error) {
      if (run.signal.aborted || !isPregoneroError(error, "chat-not-found")) throw error;
      noteFailure(run, error);
    }
  }

  /** A badge that promises what never comes is left to the slow pass. */
  function mayLookAgain(key: string): boolean {
    const count = (shortReads.get(key) ?? 0) + 1;
    shortReads.set(key, count);
    return count < MOST_SHORT_READS;
  }

  /** Opening it took its badge away: nothing but this would bring us back before the slow pass. */
  function readSoon(target: EngineTarget): void {
    watched.set(nameOf(target), Date.now() + WATCHED_AFTER_MS);
    hasListChanged = true;
    wake();
  }

  /** Runs `work` in the chat, once it is open and proven to be it. */
  async function inChat(
    target: EngineTarget,
    signal: AbortSignal,
    isUrgent: boolean,
    work: (run: Running) => Promise<EngineOutcome>,
  ): Promise<EngineOutcome> {
    const run = running;
    if (run === undefined) return { kind: "not-sent", reason: "page-gone" };
    let hasBegun = false;
    try {
      return await lock.run(
        async () => {
          const opened = await openChat(run.host.reader, target, signal);
          if (opened === "behind") readSoon(target);
          if (opened !== "open") return { kind: "not-sent", reason: opened };
          if (await run.host.reader.isRestricted()) {
            return { kind: "not-sent", reason: "restricted" };
          }
          hasBegun = true;
          watched.set(nameOf(target), Date.now() + WATCHED_AFTER_MS);
          return await work(run);
        },
        { signal: AbortSignal.any([signal, run.signal]), isUrgent },
      );
    } catch (error) {
      return outcomeOfFailure(error, { hasBegun, signal });
    }
  }

  return {
    name: "dom",

    async start(host, inbox, signal) {
      const stop = new AbortController();
      const run = { host, inbox, stop, signal: AbortSignal.any([signal, stop.signal]) };
      running = run;
      await host.reader.watch(onChange, run.signal);
      void readChanges(run);
    },

    async reconcile(signal) {
      const run = running;
      if (run === undefined) return;
      const both = { ...run, signal: AbortSignal.any([signal, run.signal]) };
      const others = {
        areWaiting: () => lock.length > 0 || reading !== undefined,
        giveWay: (giving: AbortSignal | undefined) =>
          lock.giveWay(
            giving,
            reading && Promise.race([reading, pause(MOST_PATIENCE_MS, undefined, { ref: false })]),
          ),
      };
      const chats = await lock.run(
        () => run.host.reader.chats({ others, signal: both.signal }),
        both,
      );
      const now = Date.now();
      for (const [name, untilMs] of awaitingTicks) if (untilMs < now) awaitingTicks.delete(name);
      const visited = new Set([...awaitingTicks.keys()].slice(-MOST_VISITS));
      const isDue = (chat: EngineChat) =>
        isUnread(chat) || run.inbox.needsReading(chat) || visited.has(nameOf(chat));
      await readAll(both, chats, isDue, true);
    },

    async send(target, part: WhatsAppWebPart, signal) {
      const outcome = await inChat(target, signal, true, async ({ host }) => {
        await host.pauses.hesitate(signal);
        return await sendPart(host, part, signal);
      });
      if (outcome.kind === "sent")
        awaitingTicks.set(nameOf(target), Date.now() + VISITED_FOR_TICKS_MS);
      hasOpenChanged = true;
      wake();
      return ownSends.note(outcome);
    },

    async findSent(target, part, since, signal) {
      const outcome = await inChat(target, signal, true, ({ host }) =>
        findPart(host, part, {
          lastReadIds: target.lastReadIds,
          since,
          isTaken: (id) => ownSends.has(id),
          signal,
        }),
      );
      return ownSends.note(outcome);
    },

    async showTyping(target, signal) {
      // Whoever waits for the page has something to say or to hear: a courtesy does not go before them.
      if (lock.isHeld) return;
      await inChat(target, signal, false, async ({ host }) => {
        await host.reader.composer().click({ timeout: 2_000 });
        await host.page.keyboard.press("Space");
        await host.page.keyboard.press("Backspace");
        return { kind: "unknown", reason: "typing" };
      });
    },

    async download(row, options) {
      if (running === undefined) throw new PregoneroError("media-gone", "No page is open");
      // Called while the chat's rows are being taken in, so by the holder of the page.
      return await running.host.reader.download(row, options);
    },

    async canary() {
      if (running === undefined)
        return { isReadable: false, failures: ["the engine is not started"] };
      return await running.host.reader.canary();
    },

    async stop() {
      running?.stop.abort();
      running = undefined;
      handled.clear();
      watched.clear();
      shortReads.clear();
    },
  };
}

function nameOf({ jid, title }: EngineChat): string {
  return jid ?? title;
}

function toHandledKey(chat: EngineChat): string {
  return `${nameOf(chat)}\n${chat.unreadCount}`;
}

function portsOf({ host, inbox }: Running) {
  return { reader: host.reader, inbox };
}

function isConversation(chat: ChatRow): boolean {
  return chat.isConversation && !chat.isSelf;
}

function isUnread(chat: EngineChat): boolean {
  return (chat.unreadCount ?? 0) > 0 && chat.isConversation !== false && chat.isSelf !== true;
}

function sharedTitles(chats: readonly ChatRow[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { title } of chats) (seen.has(title) ? shared : seen).add(title);
  return shared;
}

function withSharing(chat: ChatRow, shared: ReadonlySet<string>): EngineChat {
  return shared.has(chat.title) ? { ...chat, isTitleShared: true } : chat;
}

function noteFailure({ host }: Running, error: unknown): void {
  host.logger.warn("page-not-read", { botId: host.bot.botId, code: pageErrorCode(error) });
}
