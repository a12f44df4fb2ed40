/** The consumer app's own limit for one message (reference, §5). */
export const MAX_TEXT = 65_536;
/** WhatsApp takes 25 characters for a name and 100 for a group; a page may say anything. */
const MAX_TITLE = 200;

const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** Override the order of what follows: only good for showing what is not there. */
const OVERRIDES = /[\u202d\u202e]/gu;
/** Nothing is seen of them. The joiners U+200C and U+200D are kept: scripts and emoji need them. */
const INVISIBLE = /[\u00ad\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e001f}]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** A message's text, harmless wherever it is shown: no controls, no overrides, every embedding closed. */
export function cleanText(raw: string): string {
  const text = raw
    .replace(/\r\n?/g, "\n")
    .slice(0, MAX_TEXT)
    .replace(LONE_SURROGATE, "\ufffd")
    .replace(CONTROLS, "")
    .replace(OVERRIDES, "")
    .replace(INVISIBLE, "")
    .replace(/^\s*\n|\s+$/g, "");
  return text + closers(text);
}

/** What closes the embeddings and isolates that the last line leaves open; a line's end closes those before it. */
function closers(text: string): string {
  const open: string[] = [];
  for (const [mark] of text.slice(text.lastIndexOf("\n") + 1).matchAll(BIDI)) {
    if (mark === "\u202a" || mark === "\u202b") open.push("\u202c");
    else if (mark >= "\u2066" && mark <= "\u2068") open.push("\u2069");
    else if (open.at(-1) === mark) open.pop();
  }
  return open.reverse().join("");
}

/** A name, title or preview on one line, without marks that the page puts around it (U+202A … U+202C). */
export function cleanTitle(raw: string, maxLength = MAX_TITLE): string {
  return raw
    .replace(LONE_SURROGATE, "")
    .replace(/[\s\u00a0\u2028\u2029]+/gu, " ")
    .replace(CONTROLS, "")
    .replace(BIDI, "")
    .replace(INVISIBLE, "")
    .trim()
    .slice(0, maxLength)
    .trim();
}

/**
 * For comparing a text that we sent with the row that the page shows of it: without WhatsApp's markers of bold, italic,
 * struck and monospaced text, of lists and quotes, and whatever space is between words.
 */
export function comparableText(text: string): string {
  return cleanText(text)
    .normalize("NFC")
    .replace(BIDI, "")
    .replace(/^[ \t]*(?:[-*•]|>|\d+\.)[ \t]+/gmu, "")
    .replace(/[*_~`]/gu, "")
    .replace(/[\s\u00a0\u202f]+/gu, " ")
    .trim();
}

/** Lower case, without accents, marks and doubled space: how words of the page are compared with the pack's. */
export function foldWords(text: string): string {
  return cleanTitle(text, 5000)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[’`´]/gu, "'");
}
