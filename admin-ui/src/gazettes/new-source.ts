import type { Schema } from "../../../client/index.ts";
import { todayIn } from "./calendar-grid.ts";
import { draftOf, NEW_SETTINGS, type SettingsDraft, settingsOf, slugOf } from "./settings-draft.ts";

/** A source that is not there yet, as a form has it. */
export interface NewSource {
  /** Undefined: the form says who it is. */
  readonly preset: string | undefined;
  readonly name: string;
  /** Undefined: as the name makes it. */
  readonly slug: string | undefined;
  readonly language: Schema<"Source">["language"];
  readonly country: string;
  readonly timeZone: string;
  readonly since: string;
  readonly settings: SettingsDraft;
}

export function blankSource(timeZone: string, now: number): NewSource {
  return {
    preset: undefined,
    name: "",
    slug: undefined,
    language: "es",
    country: "",
    timeZone,
    since: todayIn(timeZone, now),
    settings: NEW_SETTINGS,
  };
}

/** One that is known by name, to be looked through before it is added. */
export function sourceOfPreset(preset: Schema<"SourcePreset">, now: number): NewSource {
  return {
    ...blankSource(preset.timeZone, now),
    preset: preset.name,
    name: preset.title,
    country: preset.country,
    settings: draftOf(preset.settings),
  };
}

export function requestOf(source: NewSource): Schema<"SourceRequest"> {
  const { preset, since } = source;
  const settings = settingsOf(source.settings);
  if (preset !== undefined) return { preset, settings, since };
  const { name, slug = slugOf(name), language, country, timeZone } = source;
  return {
    source: { name: name.trim(), slug, language, country: country.trim().toUpperCase(), timeZone },
    settings,
    since,
  };
}
