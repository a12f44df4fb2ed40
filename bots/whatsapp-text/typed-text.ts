import { isAddress, type Mark, type MarkedText } from "./marked-text.ts";

/** Three backticks: the older of WhatsApp's two signs for code, which every app knows. */
const SIGN = { bold: "*", italic: "_", code: "```", address: "", link: "" } as const;
const WORD_JOINER = "\u2060";
/**
 * WhatsApp has no way to escape a sign; these look the same and format nothing. The word joiner after them, which
 * nobody sees, tells them from those that the text had itself.
 */
const LOOKALIKE: Readonly<Record<string, string>> = {
  "*": `∗${WORD_JOINER}`,
  _: `ˍ${WORD_JOINER}`,
  "~": `∼${WORD_JOINER}`,
  "`": `ˋ${WORD_JOINER}`,
};
/** A sign formats where it touches a word on one side and none on the other: `a_b` and `3 * 4` stay as they are. */
const FORMATTING_SIGN = /(?<![\p{L}\p{N}])[*_~`]+(?=\S)|(?<=\S)[*_~`]+(?![\p{L}\p{N}])/gu;
/** At the start of a line these begin a list or a quotation, to which a compose box adds the next item by itself. */
const LINE_OPENER = /^([-*+•>]|\d{1,9}\.)(?=\s)/gm;

/** The text as WhatsApp formats it. Signs that would format by accident are replaced by their look-alikes. */
export function toTypedText({ text, marks }: MarkedText): string {
  let typed = "";
  let end = 0;
  for (const mark of marks) {
    typed += plain(text, end, mark.start);
    typed += isAddress(mark) ? text.slice(mark.start, mark.end) : styled(text, mark);
    end = mark.end;
  }
  typed += plain(text, end, text.length);
  return typed.replace(LINE_OPENER, `$1${WORD_JOINER}`);
}

/** A sign beside a styled stretch would join the sign of that: it is replaced whatever is on its other side. */
function plain(text: string, start: number, end: number): string {
  let stretch = text.slice(start, end).replace(FORMATTING_SIGN, lookAlike);
  if (start > 0) stretch = stretch.replace(/^[*_~`]+/, lookAlike);
  if (end < text.length) stretch = stretch.replace(/[*_~`]+$/, lookAlike);
  return stretch;
}

function lookAlike(text: string): string {
  return text.replace(/[*_~`]/g, (sign) => LOOKALIKE[sign] ?? sign);
}

/** A style touches its words and stands apart from those around it, line by line; where it cannot, it is left out. */
function styled(whole: string, { kind, start, end }: Mark): string {
  const touchesWord = /[\p{L}\p{N}]$/u.test(whole.slice(Math.max(0, start - 2), start));
  const isTouched = /^[\p{L}\p{N}]/u.test(whole.slice(end, end + 2));
  const sign = SIGN[kind];
  return whole
    .slice(start, end)
    .split("\n")
    .map((line, index, lines) => {
      const words = line.trim();
      const isBare =
        words === "" ||
        (index === 0 && touchesWord && !/^\s/.test(line)) ||
        (index === lines.length - 1 && isTouched && !/\s$/.test(line));
      if (isBare) return lookAlike(line);
      return line.replace(words, () => `${sign}${lookAlike(words)}${sign}`);
    })
    .join("\n");
}
