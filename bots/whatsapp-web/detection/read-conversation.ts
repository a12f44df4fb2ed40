import { cleanTitle } from "./clean-text.ts";
import { type FoundItem, itemsOf } from "./found.ts";
import type { Scope } from "./in-page/collected.ts";
import { kindOfJid, phoneOfJid, readMessageId } from "./message-id.ts";
import type { SelectorPack } from "./pack-schema.ts";
import type { OpenConversation } from "./page-reader.ts";
import type { PageView, View } from "./page-view.ts";
import type { PhraseBook } from "./phrase-book.ts";
import { phoneOf } from "./read-chats.ts";

export function headerScopes({ conversation, list }: SelectorPack): Record<string, Scope> {
  return {
    header: {
      root: ["html"],
      items: conversation.root,
      limit: 1,
      probes: {
        title: { selectors: conversation.title, text: true },
        subtitle: { selectors: conversation.subtitle, text: true },
        icons: {
          selectors: conversation.header.flatMap((header) => [
            `${header} svg`,
            `${header} [data-icon]`,
          ]),
          icon: true,
          max: 10,
        },
        busy: { selectors: conversation.busy },
        self: { selectors: list.self },
      },
    },
    ids: { root: conversation.root, items: conversation.row, limit: 30, keep: "last", probes: {} },
  };
}

export async function readConversation(
  view: PageView,
  signal?: AbortSignal,
): Promise<OpenConversation | undefined> {
  return toConversation(await view.look(headerScopes, signal));
}

export function toConversation({ collected, pack, phrases }: View): OpenConversation | undefined {
  const [main] = itemsOf(collected, "header");
  const drawn = cleanTitle(main?.first("title")?.text ?? "");
  if (main === undefined || drawn === "") return undefined;
  const [, name, suffix] = /^(.+?)\s*\(([^()]{1,20})\)$/u.exec(drawn) ?? [];
  const isSelf = suffix !== undefined && phrases.is("you", suffix);
  const title = isSelf && name !== undefined ? name : drawn;
  const jid = jidOf(itemsOf(collected, "ids"));
  const phone = phoneOfJid(jid) ?? phoneOf(title);
  const byJid = kindOfJid(jid);
  return {
    title,
    kind: byJid === "unknown" ? kindOf(main, title, isSelf, pack, phrases) : byJid,
    ...(jid === undefined ? {} : { jid }),
    ...(phone === undefined ? {} : { phone }),
    isSelf,
  };
}

/** Of the rows' ids, where they still name the chat; rows of two chats (one is just being replaced) say nothing. */
function jidOf(rows: readonly FoundItem[]): string | undefined {
  const jids = new Set(
    rows.flatMap((row) => {
      const { chatJid } = readMessageId(row.attribute("data-id") ?? "");
      return chatJid === undefined ? [] : [chatJid];
    }),
  );
  const [only] = jids;
  return jids.size === 1 ? only : undefined;
}

function kindOf(
  main: FoundItem,
  title: string,
  isSelf: boolean,
  pack: SelectorPack,
  phrases: PhraseBook,
): OpenConversation["kind"] {
  if (isSelf || phoneOf(title) !== undefined) return "private";
  const icons = main.all("icons").flatMap(({ icon }) => (icon === undefined ? [] : [icon]));
  const has = (names: readonly string[]) =>
    icons.some((icon) => names.some((begin) => icon.startsWith(begin)));
  if (has(pack.list.icons.group)) return "group";
  const found = main.first("subtitle");
  const subtitle = found?.attribute("title") ?? found?.text ?? "";
  // A group's members are listed there, we among them.
  const members = subtitle.split(/,\s|、/u);
  if (members.length > 1 && members.some((member) => phrases.is("you", member))) return "group";
  if (phrases.contains("group", subtitle)) return "group";
  return has(pack.list.icons.person) || phrases.contains("person", subtitle)
    ? "private"
    : "unknown";
}
