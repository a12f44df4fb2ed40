/**
 * A model's text without what could mislead or do harm in a chat: images, HTML, links and addresses that are
 * not ours (a passage may have told the model to print one), Markdown marks, control characters.
 */
export function toPlainText(written: string, publicUrl: string | undefined): string {
  return (
    written
      .replace(/!\[[^\]]*\]\([^)]*\)/g, "")
      .replace(/\[([^\]\d][^\]]*)\]\([^)]*\)/g, "$1")
      .replace(/\[(\d+)\]\([^)]*\)/g, "[$1]")
      .replace(/<[^>\n]{0,300}>/g, "")
      .replace(ADDRESS, (address) =>
        publicUrl !== undefined && isOurs(address, publicUrl) ? address : "",
      )
      .replace(/^#{1,6}\s+|^\s*[*+-]\s+|\*\*|__|`+/gm, "")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control and direction characters are what must go
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, "")
      .replace(/[ \u00a0]{2,}/g, " ")
      .trim()
  );
}

/** Schemes, `www.`, and bare hosts with a path or a common ending: what chat programs turn into links. */
const ADDRESS =
  /(?:[a-z][a-z0-9+.-]{1,20}:\/\/|www\.)[^\s<>"'«»]+|\b(?:[a-z0-9-]{1,63}\.){1,4}(?:com|net|org|info|io|me|ly|gg|ru|cn|xyz|top|app|dev|site|online|link)\b(?:[/?#][^\s<>"'«»]*)?|(?:javascript|data|mailto|tel):[^\s<>"'«»]+/gi;

function isOurs(address: string, publicUrl: string): boolean {
  return address === publicUrl || address.startsWith(`${publicUrl}/`);
}
