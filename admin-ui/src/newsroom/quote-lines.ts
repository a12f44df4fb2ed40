interface Line {
  readonly text: string;
}

/**
 * Places of the lines in which a quote stands, from 0. Lines go on where the one before ends, and quotes have one
 * space wherever there is room between words. Empty: it stands elsewhere, as that of a passage of two pages may.
 */
export function linesOfQuote(lines: readonly Line[], quote: string): ReadonlySet<number> {
  const found = new Set<number>();
  const letters: string[] = [];
  /** Of each letter, its line: spaces count for nothing. */
  const places: number[] = [];
  lines.forEach(({ text }, at) => {
    for (const letter of withoutSpaces(text)) {
      letters.push(letter);
      places.push(at);
    }
  });
  const wanted = [...withoutSpaces(quote)];
  const all = letters.join("");
  const start = wanted.length === 0 ? -1 : all.indexOf(wanted.join(""));
  if (start < 0) return found;
  const first = [...all.slice(0, start)].length;
  for (const place of places.slice(first, first + wanted.length)) found.add(place);
  return found;
}

function withoutSpaces(text: string): string {
  return text.replace(/\s+/g, "");
}
