/** Words and what they are looked up by, from `word: meaning meaning; word: …`. */
export function readGlossary(text: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    text.split(";").flatMap((entry) => {
      const [word, meanings] = entry.split(":").map((part) => part.trim());
      return word === undefined || meanings === undefined
        ? []
        : [[word, meanings.split(/\s+/)] as const];
    }),
  );
}
