import type { CollectionSettings, Locator } from "../../core/newsroom.ts";
import { isHoliday } from "./expected-days.ts";
import { fillAddress, isHostAllowed, unknownPlaces } from "./fill-address.ts";
import { isSelector } from "./find-links.ts";
import { isFolderPath } from "./watched-folders.ts";

export interface SettingsProblem {
  /** As `settings.locator.url`. */
  readonly field: string;
  readonly problem: string;
  readonly example?: string;
}

/** What no single field tells: everything that is wrong with settings, at once. Empty: nothing. */
export function settingsProblems(settings: CollectionSettings): readonly SettingsProblem[] {
  return [...locatorProblems(settings), ...dayProblems(settings)];
}

function locatorProblems(settings: CollectionSettings): readonly SettingsProblem[] {
  const { locator } = settings;
  switch (locator.kind) {
    case "upload":
      return [];
    case "folder":
      return folderProblems(locator);
    case "address":
      return addressProblems(settings, locator.url, []);
    case "numbered":
      return [
        ...addressProblems(settings, locator.url, [], ["n"]),
        ...(locator.url.includes("{n}") ? [] : [NO_NUMBER]),
      ];
    case "listing":
      return [
        ...addressProblems(settings, locator.url, locator.links),
        ...(locator.selector === undefined || isSelector(locator.selector) ? [] : [NO_SELECTOR]),
      ];
  }
  locator satisfies never;
}

const NO_NUMBER: SettingsProblem = {
  field: "settings.locator.url",
  problem: "must hold {n}, the number that runs on",
  example: "https://www.example.org/{yyyy}/{MM}/{dd}/ALCA{n}_{dd}_{MM}_{yyyy}.pdf",
};
const NO_SELECTOR: SettingsProblem = {
  field: "settings.locator.selector",
  problem: "must be a CSS selector",
  example: "ul.ediciones a",
};
const NO_DAY: SettingsProblem = {
  field: "settings.locator.url",
  problem: "must hold the day, in the address or in the links: otherwise all days are one",
  example: "https://www.example.org/{yyyy}/{MM}/{dd}.pdf",
};

function addressProblems(
  { hosts }: CollectionSettings,
  url: string,
  links: readonly string[],
  extraPlaces: readonly string[] = [],
): readonly SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  const check = (field: string, template: string) => {
    problems.push(...placeProblems(field, template, extraPlaces));
    const address = fillAddress(template, "2026-11-20", 1).replaceAll("*", "x");
    if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
      problems.push({ field, problem: "must be an address that begins with https:// or http://" });
    } else if (!isHostAllowed(new URL(address).hostname, hosts)) {
      const host = new URL(address).hostname;
      problems.push({ field: "settings.hosts", problem: `must name ${host}`, example: host });
    }
  };
  check("settings.locator.url", url);
  for (const [index, pattern] of links.entries()) check(`settings.locator.links.${index}`, pattern);
  return [url, ...links].some(hasDay) ? problems : [...problems, NO_DAY];
}

function folderProblems({
  path,
  names,
}: Extract<Locator, { kind: "folder" }>): readonly SettingsProblem[] {
  const problems = [...placeProblems("settings.locator.names", names, [])];
  if (!isFolderPath(path)) {
    const problem = "must be a folder below the one that the operator named, such as gacetas/cr";
    problems.push({ field: "settings.locator.path", problem, example: "gacetas/cr" });
  }
  if (!hasDay(names) || names.includes("/")) {
    const problem = "must be file names that hold the day: otherwise all days are one";
    const example = "gaceta-{yyyy}-{MM}-{dd}*.pdf";
    problems.push({ field: "settings.locator.names", problem, example });
  }
  return problems;
}

function placeProblems(
  field: string,
  template: string,
  extraPlaces: readonly string[],
): readonly SettingsProblem[] {
  const [unknown] = unknownPlaces(template, extraPlaces);
  if (unknown === undefined) return [];
  const known = [
    ...extraPlaces.map((name) => `{${name}}`),
    "{yyyy}",
    "{yy}",
    "{MM}",
    "{M}",
    "{dd}",
  ];
  return [
    {
      field,
      problem: `knows no {${unknown.slice(0, 40)}}; there are ${known.join(", ")} and {d}`,
      example: "https://www.example.org/{yyyy}/{MM}/{dd}.pdf",
    },
  ];
}

function hasDay(template: string): boolean {
  return /\{d{1,2}\}/.test(template);
}

function dayProblems(settings: CollectionSettings): readonly SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  const wrong = settings.holidays.findIndex((holiday) => !isHoliday(holiday));
  if (wrong !== -1) {
    problems.push({
      field: `settings.holidays.${wrong}`,
      problem: "must be a day of every year (12-25), of one year (2026-12-24), or easter-2",
      example: "12-25",
    });
  }
  if (settings.missingAfterMinutes <= settings.lateAfterMinutes) {
    problems.push({
      field: "settings.missingAfterMinutes",
      problem: "must be more than lateAfterMinutes",
      example: String(settings.lateAfterMinutes + 60),
    });
  }
  return problems;
}
