import { createHash, randomUUID } from "node:crypto";
import type { ChatMark } from "../../../src/core/session.ts";
import type { EngineChat, EngineTarget } from "./engine.ts";
import { keyOfWriter } from "./group-writers.ts";

/** Ids kept per chat (`ChatMark.lastReadIds`). */
const MOST_IDS = 50;
/** A chat that is renamed keeps its last names: a page of another era may still show one. */
const MOST_TITLES = 3;
/** What the account itself remembers is kept as a mark, under a key that no chat has. */
const ACCOUNT_KEY = "@account";

/** One chat as the book has it. */
export interface BookedChat {
  readonly chatKey: string;
  readonly title: string;
  readonly kind: EngineChat["kind"];
  readonly lastReadIds: readonly string[];
  readonly listDigest: string | undefined;
  /** When its first message was taken in; undefined: this chat never wrote to us. */
  readonly wroteAt: Date | undefined;
  /** When we first wrote to it. */
  readonly answeredAt: Date | undefined;
}

interface Entry {
  readonly chatKey: string;
  aliases: readonly string[];
  lastReadIds: readonly string[];
  listDigest: string | undefined;
}

/**
 * Which conversation a chat on the page is. A key is given once and stays, however the chat is named later: by jid,
 * lid, phone or title only. Two chats of one title are never taken for each other: where nothing else tells them
 * apart, the messages in them must.
 */
export function createChatBook(marks: readonly ChatMark[]) {
  const entries = new Map<string, Entry>();
  const changed = new Set<string>();
  for (const mark of marks) {
    const { chatKey, aliases, lastReadIds, listDigest } = mark;
    entries.set(chatKey, { chatKey, aliases, lastReadIds, listDigest });
  }
  const account = entries.get(ACCOUNT_KEY) ?? newEntry(ACCOUNT_KEY);
  entries.delete(ACCOUNT_KEY);

  function put(entry: Entry): Entry {
    entries.set(entry.chatKey, entry);
    changed.add(entry.chatKey);
    return entry;
  }

  function find(
    chat: EngineChat,
    seenIds: readonly string[] | undefined,
  ): Entry | "open-first" | undefined {
    const strong = strongAliases(chat);
    const all = [...entries.values()];
    const byId = all.find(({ aliases }) => strong.some((alias) => aliases.includes(alias)));
    if (byId !== undefined) return byId;
    const seen = new Set(seenIds);
    const agreeing = all.filter((entry) => !contradicts(entry, strong));
    const byMessages = agreeing.find(({ lastReadIds }) => lastReadIds.some((id) => seen.has(id)));
    if (byMessages !== undefined) return byMessages;
    const named = agreeing.filter(({ aliases }) => aliases.includes(`title:${chat.title}`));
    if (named.length === 0) return undefined;
    const [only] = named;
    if (named.length === 1 && only !== undefined && chat.isTitleShared !== true) return only;
    if (seenIds === undefined) return "open-first";
    // Of several chats with this title, one that was never read may be this one.
    return named.find(({ lastReadIds }) => lastReadIds.length === 0);
  }

  return {
    /** Undefined: only an open conversation can tell (`seenIds`) which of several chats it is. */
    locate(chat: EngineChat, seenIds?: readonly string[]): EngineTarget | undefined {
      const found = find(chat, seenIds);
      if (found === "open-first") return undefined;
      if (found === undefined && seenIds === undefined && chat.isTitleShared === true) {
        if (strongAliases(chat).length === 0) return undefined;
      }
      const entry = found ?? put(newEntry(chat.jid ?? chat.phone ?? `chat-${randomUUID()}`));
      const aliases = mergeAliases(entry.aliases, chat);
      if (aliases.join("\n") !== entry.aliases.join("\n")) {
        entry.aliases = aliases;
        changed.add(entry.chatKey);
      }
      const target = toTarget(entry);
      const kind = chat.kind === "unknown" ? target.kind : chat.kind;
      return { ...target, ...chat, kind, chatKey: entry.chatKey };
    },
    get(chatKey: string): BookedChat | undefined {
      const entry = entries.get(chatKey);
      return entry && toBooked(entry);
    },
    target(chatKey: string): EngineTarget | undefined {
      const entry = entries.get(chatKey);
      return entry && toTarget(entry);
    },
    /** Newest last. Without `listDigest` the chat is to be read again at the next start. */
    noteRead(chatKey: string, ids: readonly string[], listDigest: string | undefined): void {
      const entry = entries.get(chatKey);
      if (entry === undefined) return;
      const fresh = new Set(ids);
      const lastReadIds = [...entry.lastReadIds.filter((id) => !fresh.has(id)), ...fresh].slice(
        -MOST_IDS,
      );
      const isSame =
        entry.listDigest === listDigest && lastReadIds.join(" ") === entry.lastReadIds.join(" ");
      if (isSame) return;
      entry.lastReadIds = lastReadIds;
      entry.listDigest = listDigest;
      changed.add(chatKey);
    },
    /** Of somebody who writes in this group: one key, whatever the page names them by. */
    writerKey(
      chatKey: string,
      sender: { readonly key?: string; readonly name?: string },
    ): string | undefined {
      const entry = entries.get(chatKey);
      const found = keyOfWriter(entry?.aliases ?? [], sender);
      if (entry === undefined || found === undefined) return found?.key;
      if (found.aliases.join("\n") !== entry.aliases.join("\n")) {
        entry.aliases = found.aliases;
        changed.add(chatKey);
      }
      return found.key;
    },
    /** `wrote`: its first message was taken in. `answered`: our first message was sent there. */
    noteFirst(chatKey: string, what: "wrote" | "answered", at: Date): void {
      const entry = entries.get(chatKey);
      if (entry === undefined || readAlias(entry, what) !== undefined) return;
      entry.aliases = [...entry.aliases, `${what}:${at.toISOString()}`];
      changed.add(chatKey);
    },
    /** Chats that we first wrote to at or after this time. */
    firstAnsweredSince(since: Date): number {
      const from = since.toISOString();
      return [...entries.values()].filter((entry) => (readAlias(entry, "answered") ?? "") >= from)
        .length;
    },
    /** Facts of the account itself, such as when it was linked. */
    fact(name: string): string | undefined {
      return readAlias(account, name);
    },
    setFact(name: string, value: string): void {
      if (readAlias(account, name) === value) return;
      account.aliases = [
        ...account.aliases.filter((alias) => !alias.startsWith(`${name}:`)),
        `${name}:${value}`,
      ];
      changed.add(ACCOUNT_KEY);
    },
    isEmpty: () => entries.size === 0,
    /** What must be written since the last call. Give it back with `putBack` when that failed. */
    takeChanged(now: Date): readonly ChatMark[] {
      const keys = [...changed];
      changed.clear();
      return keys.flatMap((key) => {
        const entry = key === ACCOUNT_KEY ? account : entries.get(key);
        return entry === undefined ? [] : [toMark(entry, now)];
      });
    },
    putBack(marksNotWritten: readonly ChatMark[]): void {
      for (const { chatKey } of marksNotWritten) changed.add(chatKey);
    },
  };
}

export type ChatBook = ReturnType<typeof createChatBook>;

/** What the list shows of a chat's last message, as a digest: a change of it means that something was written. */
export function toListDigest(chat: EngineChat): string {
  return createHash("sha256")
    .update(chat.preview ?? "")
    .digest("base64url")
    .slice(0, 22);
}

function newEntry(chatKey: string): Entry {
  return { chatKey, aliases: [], lastReadIds: [], listDigest: undefined };
}

function toMark({ chatKey, aliases, lastReadIds, listDigest }: Entry, now: Date): ChatMark {
  return {
    chatKey,
    aliases,
    lastReadIds,
    ...(listDigest !== undefined && { listDigest }),
    updatedAt: now.toISOString(),
  };
}

function toTarget(entry: Entry): EngineTarget {
  const jid = readAlias(entry, "jid") ?? readAlias(entry, "lid");
  const phone = readAlias(entry, "phone");
  return {
    chatKey: entry.chatKey,
    title: lastTitle(entry),
    kind: kindOf(entry),
    lastReadIds: entry.lastReadIds,
    ...(jid !== undefined && { jid }),
    ...(phone !== undefined && { phone }),
  };
}

function toBooked(entry: Entry): BookedChat {
  return {
    chatKey: entry.chatKey,
    title: lastTitle(entry),
    kind: kindOf(entry),
    lastReadIds: entry.lastReadIds,
    listDigest: entry.listDigest,
    wroteAt: timeOf(entry, "wrote"),
    answeredAt: timeOf(entry, "answered"),
  };
}

function readAlias({ aliases }: Pick<Entry, "aliases">, name: string): string | undefined {
  const alias = aliases.findLast((each) => each.startsWith(`${name}:`));
  return alias?.slice(name.length + 1);
}

function timeOf(entry: Entry, what: "wrote" | "answered"): Date | undefined {
  const at = readAlias(entry, what);
  return at === undefined ? undefined : new Date(at);
}

function lastTitle(entry: Entry): string {
  return readAlias(entry, "title") ?? "";
}

function kindOf(entry: Entry): EngineChat["kind"] {
  const kind = readAlias(entry, "kind");
  return kind === "private" || kind === "group" ? kind : "unknown";
}

/** A jid may be of the old kind (phone) or a lid: a chat may have one of each, not two of one. */
function strongAliases({ jid, phone }: EngineChat): string[] {
  const aliases: string[] = [];
  if (jid !== undefined) aliases.push(jid.endsWith("@lid") ? `lid:${jid}` : `jid:${jid}`);
  const digits = phone ?? (jid?.endsWith("@c.us") ? jid.split("@")[0] : undefined);
  if (digits !== undefined) aliases.push(`phone:${digits}`);
  return aliases;
}

function contradicts(entry: Entry, strong: readonly string[]): boolean {
  return strong.some((alias) => {
    const name = alias.split(":")[0] ?? "";
    const own = readAlias(entry, name);
    return own !== undefined && `${name}:${own}` !== alias;
  });
}

function mergeAliases(aliases: readonly string[], chat: EngineChat): readonly string[] {
  const title = `title:${chat.title}`;
  const titles = [
    ...aliases.filter((alias) => alias.startsWith("title:") && alias !== title),
    ...(chat.title === "" ? [] : [title]),
  ].slice(-MOST_TITLES);
  const known = aliases.filter(
    (alias) => !alias.startsWith("title:") && !alias.startsWith("kind:"),
  );
  const oldKind = aliases.filter((alias) => alias.startsWith("kind:"));
  const kind = chat.kind === "unknown" ? oldKind : [`kind:${chat.kind}`];
  return [...new Set([...known, ...strongAliases(chat), ...kind, ...titles])];
}
