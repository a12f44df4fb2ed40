/**
 * What a reader cannot see and a model can: zero-width and direction characters, soft hyphens, tags, variation
 * selectors, and control characters but for the line feed.
 */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must go
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: selectors and joiners are looked for by themselves
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\uffff\u{e0000}-\u{e0fff}]/gu;

/** A tab, carriage return or no-break space is a space. */
export function withoutHiddenText(text: string): string {
  return PLAIN.test(text) ? text : text.replace(/[\t\r]/g, " ").replace(HIDDEN, "");
}

/** Without any of it already, as nearly all text. */
const PLAIN = /^[\n\x20-\x7e\u00a0-\u00ac\u00ae-\u024f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*$/u;

/** Letters of other scripts that look like Latin ones, as an instruction may be spelt to escape a reader. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  [..."аaеeоoрpсcуyхxіiјjѕsԁdһhкkмmтtвbнhգgԛqԝwαaεeοoρpτtνvυuκkιiχxηnωwɑaɡgıiℓl"].reduce<
    [string, string][]
  >((pairs, letter, index, all) => {
    if (index % 2 === 1) pairs.push([all[index - 1] ?? "", letter]);
    return pairs;
  }, []),
);

/** Lower case, without accents, in Latin letters: how a text reads to the eye. */
export function skeleton(text: string): string {
  const lower = withoutHiddenText(text).normalize("NFKD").toLowerCase();
  return lower
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/\P{ASCII}/gu, (letter) => LOOKALIKES.get(letter) ?? letter);
}
