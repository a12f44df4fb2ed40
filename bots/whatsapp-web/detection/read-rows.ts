import { cleanText, cleanTitle, comparableText, foldWords } from "./clean-text.ts";
import { readDrawnTime } from "./drawn-time.ts";
import type { DrawnTimes } from "./drawn-times.ts";
import { createElection, type Voter } from "./election.ts";
import { type FoundItem, itemsOf, rootOf } from "./found.ts";
import type { Collected, Scope } from "./in-page/collected.ts";
import { detailProbes, readDetails } from "./message-details.ts";
import { readMessageId } from "./message-id.ts";
import type { SelectorPack } from "./pack-schema.ts";
import type { Drift, MessageRow } from "./page-reader.ts";
import type { PhraseBook } from "./phrase-book.ts";
import type { RowMemory } from "./row-memory.ts";
import { aria } from "./strategies/aria.ts";
import { geometry } from "./strategies/geometry.ts";
import type { RowContext, Strategy } from "./strategies/strategy.ts";
import { testIds } from "./strategies/test-ids.ts";
import { traversal } from "./strategies/traversal.ts";
import type { Trust } from "./trust.ts";

/** In the order in which they are believed where nothing else decides. */
const ALL: readonly Strategy[] = [testIds, aria, traversal, geometry];

export interface RowReading {
  readonly pack: SelectorPack;
  readonly phrases: PhraseBook;
  readonly ownNames: readonly string[];
  readonly trust: Trust;
  readonly times: DrawnTimes;
  readonly memory: RowMemory;
  readonly onDrift: (drift: Omit<Drift, "pack">) => void;
}

/** `known` are the fingerprints of the `RowMemory`. */
export function rowScope(pack: SelectorPack, known: Readonly<Record<string, string>> = {}): Scope {
  return {
    known,
    root: pack.conversation.root,
    items: pack.conversation.row,
    limit: 400,
    keep: "last",
    probes: Object.assign(
      {
        shell: { selectors: pack.conversation.shell },
        drawn: { selectors: pack.conversation.drawn },
      },
      detailProbes(pack),
      ...ALL.map((strategy) => strategy.probes(pack)),
    ),
  };
}

/** The rows of scope `rows`, as drawn; shells and rows without an id are left out. */
export function readRows(collected: Collected, reading: RowReading): MessageRow[] {
  const conversation = rootOf(collected, "rows");
  if (conversation === undefined) return [];
  const context: RowContext = {
    pack: reading.pack,
    phrases: reading.phrases,
    conversation,
    isRightToLeft: collected.page.isRightToLeft,
    ownNames: reading.ownNames.map(foldWords),
  };
  const rows = reading.memory
    .complete(itemsOf(collected, "rows"))
    .filter(isDrawn)
    .map((item) => readRow(item, context, reading));
  return reading.times.date(inRuns(rows), collected.page);
}

/** A shell keeps the place of a row that is far from sight. */
export function isDrawn(item: FoundItem): boolean {
  return (
    (item.attribute("data-id") ?? "") !== "" &&
    item.first("shell") === undefined &&
    item.first("drawn") !== undefined
  );
}

interface UndatedRow {
  readonly row: MessageRow;
  /** Opens a run of messages of one sender: it has a tail or a name above it. */
  readonly isFirst: boolean;
}

function readRow(item: FoundItem, context: RowContext, reading: RowReading): UndatedRow {
  const rawId = (item.attribute("data-id") ?? "").slice(0, 300);
  const id = readMessageId(rawId);
  const voters = withoutTiles(
    ALL.map((strategy) => ({ strategy: strategy.name, opinion: strategy.read(item, context) })),
  );
  const election = createElection(voters, id.canonicalId, reading);
  const text = election.decide("text", comparableText);
  const rawTime = timeOf(election.decide("time", clockOf));
  const tick = tickOf(voters, election.decide("tick", String));
  const isStamped = rawTime !== "" || tick !== undefined;
  const hasText = text !== undefined;
  const kind = kindOf(voters, election.decide("kind", String), { hasText, isStamped });
  const voted = election.direction();
  // What has no time nobody wrote, wherever it stands.
  const isWritten = kind !== "system" && (kind !== "unknown" || isStamped);
  const direction = isWritten ? (voted ?? "unknown") : "unknown";
  const sender = senderOf(id.participant, election.decide("sender", foldWords));
  const isEdited = election.decide("edited", String) !== undefined;
  const body = kind === "deleted" || kind === "system" ? "" : cleanText(text ?? "");
  return {
    isFirst: item.first("t:in") !== undefined || item.first("t:author") !== undefined,
    row: {
      rawId,
      canonicalId: id.canonicalId,
      ...(id.chatJid === undefined ? {} : { chatJid: id.chatJid }),
      direction,
      kind,
      ...(body === "" ? {} : { text: body }),
      ...(direction !== "in" || sender === undefined ? {} : { sender }),
      ...(rawTime === "" ? {} : { rawTime }),
      isEdited,
      ...readDetails(item, context, kind),
      ...(direction === "out" ? { tick: tick ?? "unknown" } : {}),
      votes: election.votes(),
    },
  };
}

/** Who finds a photo where another finds an album has looked at a tile of it. */
function withoutTiles(voters: readonly Voter[]): readonly Voter[] {
  if (!voters.some(({ opinion }) => opinion.kind === "album")) return voters;
  return voters.map(({ strategy, opinion }) =>
    opinion.kind === "photo" || opinion.kind === "video"
      ? { strategy, opinion: { ...opinion, kind: "album" as const } }
      : { strategy, opinion },
  );
}

/** A caption's time says the same as its header's, which has the date besides. */
function clockOf(drawn: string): string {
  const time = readDrawnTime(drawn);
  return time === undefined ? foldWords(drawn) : `${time.hour}:${time.minute}`;
}

/** Without words beside it ("Edited"). */
function timeOf(drawn: string | undefined): string {
  return readDrawnTime(drawn ?? "") === undefined ? "" : cleanTitle(drawn ?? "");
}

/** Media with a caption is media; a notice of the page's own has neither text nor time. */
function kindOf(
  voters: readonly Voter[],
  voted: MessageRow["kind"] | undefined,
  row: { readonly hasText: boolean; readonly isStamped: boolean },
): MessageRow["kind"] {
  const kinds = voters.flatMap(({ opinion }) => (opinion.kind === undefined ? [] : [opinion.kind]));
  if (kinds.includes("deleted") && !row.hasText) return "deleted";
  const isNotice = (kind: MessageRow["kind"] | undefined) =>
    kind === "system" || kind === "deleted";
  const media = kinds.find((kind) => !isNotice(kind));
  if (media !== undefined) return voted === undefined || isNotice(voted) ? media : voted;
  if (row.hasText) return "text";
  return kinds.includes("system") && !row.isStamped ? "system" : "unknown";
}

/** What is said to screen readers decides (reference, §1.4: the icons' names lie); a failure in either is a failure. */
function tickOf(voters: readonly Voter[], voted: MessageRow["tick"]): MessageRow["tick"] {
  const said = voters.find(({ strategy }) => strategy === "aria")?.opinion.tick;
  return voted === "failed" ? voted : (said ?? voted);
}

/** People who are in no address book are shown by their number, and in groups as `~name`. */
function senderOf(
  participant: string | undefined,
  drawn: string | undefined,
): MessageRow["sender"] {
  const name = cleanTitle(drawn ?? "").replace(/^~\s?/u, "");
  const digits = /^\+[\d\s().-]{7,25}$/.test(name) ? name.replace(/\D/g, "") : undefined;
  const key = participant ?? digits;
  if (key === undefined && name === "") return undefined;
  return {
    ...(name === "" || digits !== undefined ? {} : { name }),
    ...(key === undefined ? {} : { key }),
  };
}

/** In a group the page names the sender of a run once, above its first message. */
function inRuns(rows: readonly UndatedRow[]): MessageRow[] {
  let running: MessageRow["sender"];
  return rows.map(({ row, isFirst }) => {
    if (row.direction !== "in") {
      running = undefined;
      return row;
    }
    const { sender } = row;
    const isSame = sender === undefined ? !isFirst : sender.key === running?.key;
    running = isSame ? { ...running, ...sender } : sender;
    return running === undefined || Object.keys(running).length === 0
      ? row
      : { ...row, sender: running };
  });
}
