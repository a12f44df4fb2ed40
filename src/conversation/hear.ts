import type { IncomingContent } from "../core/message.ts";
import type { TurnInput } from "../core/turn.ts";
import { confirmsErase } from "./answer-command.ts";
import { type Command, parseButton, parseCommand } from "./commands.ts";
import { readStep } from "./subscriptions/read-step.ts";
import type { Understood } from "./understand-media.ts";

/** What a message says, once its form is dealt with. `keys` are remembered when it is answered. */
export interface Heard {
  readonly text: string;
  readonly keys: readonly string[];
  readonly command: Command | undefined;
  /** What came of a voice note or photo; undefined for whatever was typed. */
  readonly understood?: Understood | undefined;
}

/** A sticker or picture in a group is talk among people, even as a reply to the bot. */
export function isWordless(content: IncomingContent): boolean {
  return content.kind === "media" && (content.caption ?? "").trim() === "";
}

/**
 * Why a message that repeats another gets no second answer; undefined when it is to be answered.
 * A corrected text is answered only if its original was not (it found nothing, or said nothing) and the words
 * changed: networks also report an edit for a link preview. Of an album, the first picture and a caption are answered.
 */
export function whyAnsweredBefore(input: TurnInput, content: IncomingContent): string | undefined {
  const answered = input.memory.answeredMessageIds;
  if (content.kind === "edit") {
    if (answered.includes(content.editedMessageId)) return "edit-of-answered-message";
    const isSaid = input.history.some(
      ({ speaker, text }) => speaker === "citizen" && text === content.text.trim(),
    );
    return isSaid ? "edit-without-change" : undefined;
  }
  if (content.kind === "media" && content.albumKey !== undefined) {
    const hasCaption = (content.caption ?? "").trim() !== "";
    if (answered.includes(albumKeys(content.albumKey).caption)) return "album-answered";
    if (!hasCaption && answered.includes(albumKeys(content.albumKey).pictures))
      return "album-answered";
  }
  return undefined;
}

/** How an album is remembered among the answered ids; no network's message id begins so. */
function albumKeys(albumKey: string): { readonly pictures: string; readonly caption: string } {
  return { pictures: `album:${albumKey}`, caption: `album-caption:${albumKey}` };
}

export function hear(
  input: TurnInput,
  content: Exclude<IncomingContent, { kind: "membership" | "migration" }>,
): Heard {
  const own = input.message.networkMessageId;
  const keys = own === undefined ? [] : [own];
  switch (content.kind) {
    case "text":
      return hearText(input, content.text, keys);
    case "edit":
      return hearText(input, content.text, [content.editedMessageId]);
    case "button":
      return { text: `[${content.data}]`, keys: [], command: parseButton(content.data) };
    case "media": {
      const caption = (content.caption ?? "").trim();
      const album = content.albumKey === undefined ? undefined : albumKeys(content.albumKey);
      const albumKey =
        album === undefined
          ? []
          : caption === ""
            ? [album.pictures]
            : [album.pictures, album.caption];
      return hearText(input, caption, [...keys, ...albumKey]);
    }
    default:
      return content satisfies never;
  }
}

function hearText(input: TurnInput, raw: string, keys: readonly string[]): Heard {
  const text = raw.trim();
  const command: Command | undefined = confirmsErase(input, text)
    ? { kind: "answer-erase", confirmed: true }
    : (parseCommand(text) ?? hearStep(input, text));
  return { text, keys, command };
}

/** In the middle of subscribing, words are the next step. */
function hearStep(input: TurnInput, text: string): Command | undefined {
  const act = readStep(input.memory.subscribing, text, input.message.sentAt);
  return act === undefined ? undefined : { kind: "subscribing", act };
}
