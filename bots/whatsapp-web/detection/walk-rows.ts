import { itemsOf } from "./found.ts";
import type { ScrollRequest } from "./in-page/act.ts";
import type { MessageRow, OpenRows, RowsAfter } from "./page-reader.ts";
import type { PageView } from "./page-view.ts";
import { until } from "./pause.ts";
import { headerScopes, toConversation } from "./read-conversation.ts";
import { readRows, rowScope } from "./read-rows.ts";

/** One step goes up by most of a view, so that two drawings overlap. */
const STEP = -0.75;
const MAX_STEPS = 2000;
/** 65,536 characters at about 700 a click, and as many again. */
const MAX_CLICKS = 200;
/** Older messages come from the phone's archive or the network. */
const OLDER_WITHIN_MS = 6000;

export async function drawnRows(
  view: PageView,
  signal?: AbortSignal,
): Promise<readonly MessageRow[]> {
  const { collected, reading } = await view.look(
    (pack) => ({ rows: rowScope(pack, view.known()) }),
    signal,
  );
  return readRows(collected, reading);
}

/** See `PageReader.openRows`. */
export async function openRows(
  view: PageView,
  signal?: AbortSignal,
): Promise<OpenRows | undefined> {
  const look = await view.look(
    (pack) => ({ ...headerScopes(pack), rows: rowScope(pack, view.known()) }),
    signal,
  );
  const conversation = toConversation(look);
  return conversation && { conversation, rows: readRows(look.collected, look.reading) };
}

/** See `PageReader.rowsAfter`. Leaves the conversation at its end, where new messages appear. */
export async function walkRows(
  view: PageView,
  lastReadIds: readonly string[],
  limit: number,
  signal: AbortSignal | undefined,
): Promise<RowsAfter> {
  const known = new Set(lastReadIds);
  await scrollRows(view, "end", signal);
  let found = await expandAfter(view, await drawnRows(view, signal), known, signal);
  let ended: RowsAfter["ended"] | undefined;
  let isMoved = false;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    if (found.some(({ canonicalId }) => known.has(canonicalId))) ended = "met";
    else if (after(found, known).length >= limit) ended = "limit";
    if (ended !== undefined) break;
    isMoved = true;
    const above = await rowsAbove(view, found, signal);
    if (above === undefined) break;
    // Now, while they are in sight: farther up they will be shells again.
    found = [...(await expandAfter(view, above, known, signal)), ...found];
  }
  const isAtBeginning = ended === undefined && !(await hasMore(view, signal));
  if (isMoved) await scrollRows(view, "end", signal);
  const rows = after(found, known).slice(-limit);
  return { rows, ended: ended ?? (isAtBeginning ? "beginning" : "stuck") };
}

function after(rows: readonly MessageRow[], known: ReadonlySet<string>): readonly MessageRow[] {
  const at = rows.findLastIndex(({ canonicalId }) => known.has(canonicalId));
  return rows.slice(at + 1);
}

/** Rows before those found; undefined: at the top, and none came. */
async function rowsAbove(
  view: PageView,
  found: readonly MessageRow[],
  signal: AbortSignal | undefined,
): Promise<readonly MessageRow[] | undefined> {
  // One long message may be many views high.
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const position = await scrollRows(view, upFrom(view, found[0]), signal);
    if (position === undefined) return undefined;
    const above = rowsBefore(found, await drawnRows(view, signal));
    if (above === "too-far") await scrollRows(view, { by: -STEP / 2 }, signal);
    else if (above.length > 0) return above;
    else if (position.top <= 0) break;
  }
  const late = await until(
    async () => {
      const above = rowsBefore(found, await drawnRows(view, signal));
      if (above !== "too-far" && above.length > 0) return above;
      return (await hasMore(view, signal)) ? undefined : [];
    },
    { withinMs: OLDER_WITHIN_MS, signal },
  );
  return late === undefined || late.length === 0 ? undefined : late;
}

function upFrom(view: PageView, first: MessageRow | undefined): ScrollRequest["to"] {
  if (first === undefined) return { by: STEP };
  return { above: first.rawId, rows: view.pack().conversation.row, by: STEP };
}

/** Those drawn before the first of `found`; "too-far": it is not drawn, and what lies between was not seen. */
function rowsBefore(
  found: readonly MessageRow[],
  drawn: readonly MessageRow[],
): readonly MessageRow[] | "too-far" {
  const first = found[0]?.canonicalId;
  if (first === undefined) return drawn;
  const at = drawn.findIndex(({ canonicalId }) => canonicalId === first);
  if (at < 0) return drawn.length === 0 ? [] : "too-far";
  const seen = new Set(found.map(({ canonicalId }) => canonicalId));
  return drawn.slice(0, at).filter(({ canonicalId }) => !seen.has(canonicalId));
}

/** Whether the page still fetches older messages, or offers to. */
async function hasMore(view: PageView, signal: AbortSignal | undefined): Promise<boolean> {
  const { collected } = await view.look(
    ({ conversation }) => ({
      older: {
        root: conversation.root,
        items: [...conversation.busy, ...conversation.older],
        limit: 1,
        probes: {},
      },
    }),
    signal,
  );
  return itemsOf(collected, "older").length > 0;
}

export function scrollRows(
  view: PageView,
  to: ScrollRequest["to"],
  signal: AbortSignal | undefined,
) {
  const { scroller, row, root } = view.pack().conversation;
  const around = row.map((each) => `${root[0] ?? "#main"} ${each}`);
  return view.calls.scroll({ scroller, around, to }, signal);
}

/** The rows, those that are new with their whole texts. */
async function expandAfter(
  view: PageView,
  rows: readonly MessageRow[],
  known: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<readonly MessageRow[]> {
  const fresh = new Set(after(rows, known));
  const whole: MessageRow[] = [];
  for (const row of rows) {
    const isCut = fresh.has(row) && !row.isComplete;
    whole.push(isCut ? await expandRow(view, row, signal) : row);
  }
  return whole;
}

export async function expandRow(
  view: PageView,
  row: MessageRow,
  signal: AbortSignal | undefined,
): Promise<MessageRow> {
  const { conversation, message, words } = view.pack();
  const clicks = await view.calls.expand(
    {
      rows: conversation.row,
      dataId: row.rawId,
      readMore: message.readMore,
      phrases: Object.values(words.readMore)
        .flat()
        .map((phrase) => phrase.toLowerCase()),
      maxClicks: MAX_CLICKS,
    },
    signal,
  );
  if (clicks === 0) return row;
  const drawn = await drawnRows(view, signal);
  return drawn.find(({ canonicalId }) => canonicalId === row.canonicalId) ?? row;
}
