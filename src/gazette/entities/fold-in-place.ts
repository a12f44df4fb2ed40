const FOLDED = new Map<string, string>();

/**
 * Lower case without accents, each UTF-16 code unit in its place: what is found in the folded text stands at the same
 * offsets in the text itself. Signs of ordinals become `º`, dashes `-`, white space a space.
 */
export function foldInPlace(text: string): string {
  let folded = "";
  for (const unit of text.split("")) folded += FOLDED.get(unit) ?? foldUnit(unit);
  return folded;
}

function foldUnit(unit: string): string {
  const base = unit.normalize("NFD").replace(/\p{M}+/gu, "");
  const lower = (base.length === 1 ? base : unit).toLowerCase();
  const folded = signOf(unit) ?? (lower.length === 1 ? lower : unit);
  FOLDED.set(unit, folded);
  return folded;
}

function signOf(unit: string): string | undefined {
  if (/[°˚ºª]/.test(unit)) return "º";
  if (/[–—−‐‑]/.test(unit)) return "-";
  return /\s/.test(unit) ? " " : undefined;
}

/** Words of a name for comparing: lower case, no accents, nothing but letters and digits between single spaces. */
export function nameKey(name: string): string {
  return foldInPlace(name)
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
