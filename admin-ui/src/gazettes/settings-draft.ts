import type { Schema } from "../../../client/index.ts";
import { hostOf } from "./address.ts";

type Settings = Schema<"CollectionSettings">;
type SettingsRequest = Schema<"CollectionSettingsRequest">;
type Weekday = NonNullable<SettingsRequest["weekdays"]>[number];

export const KINDS = ["address", "listing", "numbered", "folder", "upload"] as const;
type Kind = (typeof KINDS)[number];
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const satisfies readonly Weekday[];

/** How a source is collected, as a form has it: lists are lines, and a number may be empty while it is typed. */
export interface SettingsDraft {
  readonly kind: Kind;
  readonly url: string;
  readonly selector: string;
  readonly links: string;
  /** The page of a listing is opened in a browser, for its scripts draw the links. */
  readonly usesBrowser: boolean;
  readonly firstNumber: number | string;
  readonly maxMisses: number | string;
  /** A folder of the operator's, and which files of it count. */
  readonly path: string;
  readonly names: string;
  readonly hosts: string;
  readonly weekdays: readonly Weekday[];
  readonly expectedAt: string;
  readonly holidays: string;
  readonly lateAfterMinutes: number | string;
  readonly missingAfterMinutes: number | string;
  readonly lookEveryMinutes: number | string;
  readonly pauseSeconds: number | string;
  readonly recheckDays: number | string;
  readonly checksDate: boolean;
}

export const NEW_SETTINGS: SettingsDraft = {
  kind: "address",
  url: "",
  selector: "",
  links: "",
  usesBrowser: false,
  firstNumber: 1,
  maxMisses: 5,
  path: "",
  names: "",
  hosts: "",
  weekdays: [1, 2, 3, 4, 5],
  expectedAt: "06:00",
  holidays: "",
  lateAfterMinutes: 240,
  missingAfterMinutes: 2_160,
  lookEveryMinutes: 15,
  pauseSeconds: 2,
  recheckDays: 3,
  checksDate: true,
};

export function draftOf(settings: Settings): SettingsDraft {
  const { locator } = settings;
  const { kind } = locator;
  return {
    ...settings,
    kind,
    url: textOf(locator.url),
    selector: textOf(locator.selector),
    links: Array.isArray(locator.links) ? locator.links.map(String).join("\n") : "",
    usesBrowser: locator.render === "browser",
    firstNumber: typeof locator.firstNumber === "number" ? locator.firstNumber : 1,
    maxMisses: typeof locator.maxMisses === "number" ? locator.maxMisses : 5,
    path: textOf(locator.path),
    names: textOf(locator.names),
    hosts: settings.hosts.join("\n"),
    weekdays: WEEKDAYS.filter((day) => settings.weekdays.includes(day)),
    holidays: settings.holidays.join("\n"),
  };
}

export function settingsOf(draft: SettingsDraft): SettingsRequest {
  return {
    locator: locatorOf(draft) as NonNullable<SettingsRequest["locator"]>,
    hosts: linesOf(draft.hosts).map((host) => host.toLowerCase()),
    weekdays: [...draft.weekdays],
    expectedAt: draft.expectedAt,
    holidays: linesOf(draft.holidays),
    lateAfterMinutes: Number(draft.lateAfterMinutes),
    missingAfterMinutes: Number(draft.missingAfterMinutes),
    lookEveryMinutes: Number(draft.lookEveryMinutes),
    pauseSeconds: Number(draft.pauseSeconds),
    recheckDays: Number(draft.recheckDays),
    checksDate: draft.checksDate,
  };
}

/** With the hosts that the addresses name: whoever gives an address means that it be asked. */
export function withOwnHosts(draft: SettingsDraft): SettingsDraft {
  const hosts = linesOf(draft.hosts);
  const links = draft.kind === "listing" ? linesOf(draft.links) : [];
  const asksSite = draft.kind !== "upload" && draft.kind !== "folder";
  const named = asksSite ? [draft.url, ...links].map((each) => hostOf(each)) : [];
  const isAllowed = (host: string) =>
    hosts.some((known) =>
      known.startsWith("*.") ? host.endsWith(known.slice(1)) : known === host,
    );
  for (const host of named) {
    if (host !== undefined && !isAllowed(host)) hosts.push(host);
  }
  return { ...draft, hosts: hosts.join("\n") };
}

/** The fields in which two forms would be saved otherwise. */
export function differences(
  one: SettingsDraft,
  other: SettingsDraft,
): readonly (keyof SettingsDraft)[] {
  const fields = Object.keys(NEW_SETTINGS) as (keyof SettingsDraft)[];
  return fields.filter((field) => String(one[field]).trim() !== String(other[field]).trim());
}

/** `Boletín Oficial, n.º 2` → `boletin-oficial-n-2`. */
export function slugOf(name: string): string {
  return name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
}

function locatorOf(draft: SettingsDraft) {
  const { kind } = draft;
  const url = draft.url.trim();
  const selector = draft.selector.trim();
  switch (kind) {
    case "upload":
      return { kind };
    case "address":
      return { kind, url };
    case "numbered":
      return {
        kind,
        url,
        firstNumber: Number(draft.firstNumber),
        maxMisses: Number(draft.maxMisses),
      };
    case "folder":
      return { kind, path: draft.path.trim(), names: draft.names.trim() };
    case "listing":
      return {
        kind,
        url,
        links: linesOf(draft.links),
        ...(selector !== "" && { selector }),
        ...(draft.usesBrowser && { render: "browser" as const }),
      };
  }
}

function linesOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((line) => line !== "");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
