import { withoutHiddenText } from "./hidden-text.ts";

/**
 * A model's text without what could mislead or do harm in a chat: images, HTML, links and addresses that are
 * not ours (a passage may have told the model to print one), Markdown marks, control characters. Addresses go
 * last, when nothing that is removed can put one together any more.
 */
export function toPlainText(written: string, publicUrl: string | undefined): string {
  return withoutHiddenText(written)
    .replace(/!\[[^\]]*\]\([^)]*\)/g, "")
    .replace(/\[([^\]\d][^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\[(\d+)\]\([^)\n]*\)+/g, "[$1]")
    .replace(/<[^>\n]{0,300}>/g, "")
    .replace(/^#{1,6}\s+|^\s*[*+-]\s+|\*\*|__|`+/gm, "")
    .split("\n")
    .map((line) => withoutAddresses(line, publicUrl))
    .join("\n")
    .trim();
}

/** Schemes, `www.`, and bare hosts with a common ending: what chat programs turn into links. */
const ADDRESS =
  /[a-z][a-z0-9+.-]{1,20}:\/\/|www\.|(?:javascript|data|mailto|tel|tg):|[a-z0-9-]\.(?:com|net|org|info|io|me|ly|gg|ru|cn|xyz|top|app|dev|site|online|link)(?![a-z])/i;

/** A host of any ending, in the lower case that tells it from a sentence that begins without a space. */
const HOST = /[\p{L}\p{N}-]{2,}\.[a-z]{2,24}(?!\p{L})/u;

/** Drops whole words that hold a foreign address; the citation marks in them stay. */
function withoutAddresses(line: string, publicUrl: string | undefined): string {
  return line
    .split(/[ \u00a0]+/)
    .map((word) => {
      if (!ADDRESS.test(word) && !HOST.test(word)) return word;
      if (publicUrl !== undefined && isOurs(word, publicUrl)) return word;
      return (word.match(/\[\d{1,3}\]/g) ?? []).join("");
    })
    .filter((word) => word !== "")
    .join(" ");
}

function isOurs(word: string, publicUrl: string): boolean {
  const rest = word.startsWith(publicUrl) ? word.slice(publicUrl.length) : undefined;
  return rest !== undefined && /^(\/|[.,;)]?$)/.test(rest) && !ADDRESS.test(rest);
}
