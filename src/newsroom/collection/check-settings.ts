import type { CollectionSettings } from "../../core/newsroom.ts";
import { isHoliday } from "./expected-days.ts";
import { fillAddress, isHostAllowed, unknownPlaces } from "./fill-address.ts";
import { isSelector } from "./find-links.ts";

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

function locatorProblems({ locator, hosts }: CollectionSettings): readonly SettingsProblem[] {
  if (locator.kind === "upload") return [];
  const patterns = locator.kind === "listing" ? locator.links : [];
  const problems: SettingsProblem[] = [];
  const check = (field: string, template: string) => {
    const unknown = unknownPlaces(template);
    if (unknown.length > 0) {
      problems.push({
        field,
        problem: `knows no {${unknown[0]?.slice(0, 40)}}; there are {yyyy}, {yy}, {MM}, {M}, {dd} and {d}`,
        example: "https://www.example.org/{yyyy}/{MM}/{dd}.pdf",
      });
    }
    const address = fillAddress(template, "2026-11-20").replaceAll("*", "x");
    if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
      problems.push({ field, problem: "must be an address that begins with https:// or http://" });
    } else if (!isHostAllowed(new URL(address).hostname, hosts)) {
      const host = new URL(address).hostname;
      problems.push({ field: "settings.hosts", problem: `must name ${host}`, example: host });
    }
  };
  check("settings.locator.url", locator.url);
  for (const [index, pattern] of patterns.entries()) {
    check(`settings.locator.links.${index}`, pattern);
  }
  const hasDate = [locator.url, ...patterns].some((template) => /\{d{1,2}\}/.test(template));
  if (!hasDate) {
    problems.push({
      field: "settings.locator.url",
      problem: "must hold the day, in the address or in the links: otherwise all days are one",
      example: "https://www.example.org/{yyyy}/{MM}/{dd}.pdf",
    });
  }
  if (
    locator.kind === "listing" &&
    locator.selector !== undefined &&
    !isSelector(locator.selector)
  ) {
    problems.push({
      field: "settings.locator.selector",
      problem: "must be a CSS selector",
      example: "ul.ediciones a",
    });
  }
  return problems;
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
