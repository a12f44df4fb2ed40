import path from "node:path";
import type { GazetteDate } from "../../core/gazette.ts";

const PLACES = /\{([^{}]*)\}/g;

function placesOf(date: GazetteDate): Readonly<Record<string, string>> {
  const [yyyy = "", MM = "", dd = ""] = date.split("-");
  return { yyyy, yy: yyyy.slice(2), MM, M: String(Number(MM)), dd, d: String(Number(dd)) };
}

/**
 * The address of one day, and of one number where it has `{n}`. Places that are none stay as they are: `unknownPlaces`
 * finds them before.
 */
export function fillAddress(template: string, date: GazetteDate, number?: number): string {
  const numbered = number === undefined ? {} : { n: String(number) };
  const places: Readonly<Record<string, string>> = { ...placesOf(date), ...numbered };
  return template.replace(PLACES, (whole, name: string) => places[name] ?? whole);
}

/** The numbers of those addresses that `template` gave on some day, each once, ascending. */
export function numbersIn(template: string, addresses: readonly string[]): readonly number[] {
  let isNamed = false;
  const pattern = template
    .split(/(\{[^{}]*\})/)
    .map((part) => {
      if (part === "{n}" && !isNamed) {
        isNamed = true;
        return "(?<n>\\d{1,9})";
      }
      return /^\{[^{}]*\}$/.test(part) ? "\\d{1,9}" : escapePattern(part);
    })
    .join("");
  const whole = new RegExp(`^${pattern}$`);
  const numbers = addresses.flatMap((address) => {
    const found = whole.exec(address)?.groups?.n;
    return found === undefined ? [] : [Number(found)];
  });
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Names in braces that stand for nothing. */
export function unknownPlaces(template: string, extra: readonly string[] = []): readonly string[] {
  const known = {
    ...placesOf("2000-01-01"),
    ...Object.fromEntries(extra.map((name) => [name, ""])),
  };
  return [...template.matchAll(PLACES)]
    .map(([, name = ""]) => name)
    .filter((name) => !Object.hasOwn(known, name));
}

/** Whether an address is as `pattern` says: `*` stands for anything but `/` and `?`. Linear in the address. */
export function matchesPattern(address: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (!address.startsWith(first)) return false;
  let at = first.length;
  for (const [index, part] of rest.entries()) {
    const isLast = index === rest.length - 1;
    const found = isLast ? Math.max(at, address.length - part.length) : address.indexOf(part, at);
    if (found === -1 || !address.startsWith(part, found)) return false;
    if (/[/?]/.test(address.slice(at, found))) return false;
    at = found + part.length;
  }
  return at === address.length;
}

/** Whether settings let this host be asked. */
export function isHostAllowed(host: string, hosts: readonly string[]): boolean {
  const name = host.toLowerCase();
  return hosts.some((allowed) =>
    allowed.startsWith("*.") ? name.endsWith(allowed.slice(1)) : name === allowed,
  );
}

/**
 * The name of the document at an address: the part of its query or path that ends with `.pdf`, else its last part. It
 * tells the documents of one day apart and is the same each time.
 */
export function documentNameAt(address: string): string {
  const url = new URL(address);
  const named = [...url.searchParams.values()].find((value) => /\.pdf$/i.test(value));
  const raw = named ?? path.posix.basename(url.pathname);
  const cleaned = path.posix.basename(decode(raw)).replace(/[^\p{L}\p{N}._ -]/gu, "_");
  return cleaned.slice(0, 150) || "document.pdf";
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
