/** The addresses of editions, as `src/newsroom/collection/fill-address.ts` reads them; a test holds the two together. */

const PLACES = /\{([^{}]*)\}/g;

function placesOf(date: string): Readonly<Record<string, string>> {
  const [yyyy = "", MM = "", dd = ""] = date.split("-");
  return { yyyy, yy: yyyy.slice(2), MM, M: String(Number(MM)), dd, d: String(Number(dd)) };
}

/** The address of one day; places that are none stay as they are. */
export function fillAddress(template: string, date: string): string {
  const places = placesOf(date);
  return template.replace(PLACES, (whole, name: string) => places[name] ?? whole);
}

/** Names in braces that stand for nothing; `others` stand for something besides the date. */
export function unknownPlaces(template: string, others: readonly string[] = []): readonly string[] {
  const known = placesOf("2000-01-01");
  return [...template.matchAll(PLACES)]
    .map(([, name = ""]) => name)
    .filter((name) => !Object.hasOwn(known, name) && !others.includes(name));
}

/** Whom an address asks; undefined: it is none yet. */
export function hostOf(template: string): string | undefined {
  const address = fillAddress(template, "2026-11-20").replaceAll("*", "x");
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) return undefined;
  const { hostname } = new URL(address);
  return hostname === "" ? undefined : hostname;
}
