import type { Schema } from "../../../client/index.ts";

type WebChat = Schema<"WebChat">;

/** How a web chat looks as it stands in the form; lists are one to a line. */
export interface Looks {
  readonly name: string;
  /** `#rrggbb`; empty: ours. */
  readonly colour: string;
  readonly greeting: string;
  readonly questions: string;
  readonly allowedOrigins: string;
}

export function looksOf({ name, colour, greeting, questions, allowedOrigins }: WebChat): Looks {
  return {
    name,
    colour: colour ?? "",
    greeting,
    questions: questions.join("\n"),
    allowedOrigins: allowedOrigins.join("\n"),
  };
}

export function bodyOf(looks: Looks): Schema<"ChangeWebChatRequest"> {
  return {
    name: looks.name.trim(),
    colour: looks.colour === "" ? null : looks.colour,
    greeting: looks.greeting.trim(),
    questions: linesOf(looks.questions),
    allowedOrigins: [...new Set(linesOf(looks.allowedOrigins).map(toOrigin))],
  };
}

/** What people copy from their browser is the address of a page: its site is meant. */
function toOrigin(line: string): string {
  const address = /^https?:\/\//i.test(line) ? line : `https://${line}`;
  return URL.canParse(address) ? new URL(address).origin : line;
}

export function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

export const MOST_QUESTIONS = 4;
export const COLOUR = /^#[0-9a-f]{6}$/i;

/** What a site pastes: the chat, and a way to it for browsers without scripts. */
export function embedOf(origin: string, key: string, name: string): string {
  const host = escapeHtml(origin);
  return [
    `<script src="${host}/widget.js" data-bot="${escapeHtml(key)}" async></script>`,
    `<noscript><a href="${host}/chat/${escapeHtml(key)}">${escapeHtml(name)}</a></noscript>`,
  ].join("\n");
}

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" } as const;

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign as keyof typeof ENTITIES]);
}
