/** The words of a typed text or of a row on the page, without signs, spaces and what is invisible: equal for the same message. */
export function toComparable(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[*_~`∗ˍ∼ˋ>•\-\s\p{Cf}\p{Variation_Selector}]/gu, "")
    .toLowerCase();
}
