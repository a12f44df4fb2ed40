import { itemsOf, rootOf } from "./found.ts";
import type { CanaryReading } from "./page-reader.ts";
import type { PageView } from "./page-view.ts";
import { chatScope, countUntitled } from "./read-chats.ts";
import { headerScopes, toConversation } from "./read-conversation.ts";
import { readRows, rowScope } from "./read-rows.ts";
import { readRestriction, readScreen, screenScope } from "./read-screen.ts";

/** Below these shares a reader is no reader. */
const TITLED_SHARE = 0.8;
const KNOWN_SHARE = 0.6;

/** Whether the pack in use reads what must be there on the main screen; says nothing of other screens. */
export async function checkCanary(view: PageView): Promise<CanaryReading> {
  const look = await view.look((pack) => ({
    screen: screenScope(pack),
    chats: chatScope(pack),
    rows: rowScope(pack, view.known()),
    texts: {
      root: pack.conversation.root,
      items: [...pack.message.header, ...pack.message.text],
      limit: 1,
      probes: {},
    },
    grid: { root: ["html"], items: pack.list.grid, limit: 1, probes: {} },
    ...headerScopes(pack),
  }));
  const { collected, pack, phrases } = look;
  const screen = readScreen(collected, pack, phrases);
  if (screen.kind !== "main") {
    return screen.kind === "unknown"
      ? { isReadable: false, failures: [`screen: ${screen.evidence}`] }
      : { isReadable: true, failures: [] };
  }
  const failures: string[] = [];
  checkList();
  if (rootOf(collected, "rows") !== undefined) checkConversation();
  return { isReadable: failures.length === 0, failures };

  function checkList(): void {
    const { all, untitled } = countUntitled(collected);
    const [grid] = itemsOf(collected, "grid");
    const declared = Number(grid?.attribute("aria-rowcount") ?? 0);
    if (rootOf(collected, "chats") === undefined) failures.push("chat-list: not found");
    else if (all === 0 && declared > 0) {
      failures.push(`chat-list: no rows, of ${declared} that it declares`);
    } else if (all - untitled < all * TITLED_SHARE) {
      failures.push(`chat-list: rows without a title (${untitled} of ${all})`);
    }
  }

  function checkConversation(): void {
    if (toConversation(look) === undefined) failures.push("conversation: no title");
    const [body] = itemsOf(collected, "screen");
    if (body?.first("composer") === undefined && !readRestriction(collected, phrases)) {
      failures.push("conversation: no compose box, and no restriction");
    }
    const rows = readRows(collected, look.reading);
    const drawn = itemsOf(collected, "rows").length;
    if (drawn > 0 && rows.length === 0) {
      failures.push(`conversation: none of ${drawn} rows is readable`);
    }
    if (drawn === 0 && itemsOf(collected, "texts").length > 0) {
      failures.push("conversation: messages are drawn, and none has an id");
    }
    const written = rows.filter(({ kind }) => kind !== "system");
    const known = written.filter(
      ({ direction, kind }) => direction !== "unknown" && kind !== "unknown",
    );
    if (written.length >= 5 && known.length < written.length * KNOWN_SHARE) {
      const unknown = written.length - known.length;
      failures.push(
        `conversation: rows of unknown direction or kind (${unknown} of ${written.length})`,
      );
    }
  }
}
