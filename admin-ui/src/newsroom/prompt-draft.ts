import type { Schema } from "../../../client/index.ts";

type Prompt = Schema<"Prompt">;
type PromptRequest = Schema<"PromptRequest">;

export const SCOPES = ["whole", "sections", "matching"] as const;
export const SCHEDULES = ["each-edition", "daily", "weekly", "manual"] as const;
export const POLICIES = ["required", "automatic"] as const;

/** A prompt as its form holds it. Lists are lines of text. */
export interface PromptDraft {
  readonly name: string;
  readonly title: string;
  readonly language: Prompt["language"];
  /** Empty: the usual one. */
  readonly assistant: string;
  /** Slugs. */
  readonly sources: readonly string[];
  readonly instructions: string;
  readonly maxStatements: string | number;
  readonly reviewPolicy: Prompt["reviewPolicy"];
  readonly scope: (typeof SCOPES)[number];
  readonly sections: string;
  /** One alternative a line; of what stands between `+`, an act has all. */
  readonly anyOf: string;
  readonly without: string;
  readonly body: string;
  readonly section: string;
  readonly person: string;
  readonly place: string;
  readonly schedule: (typeof SCHEDULES)[number];
  /** `18:00`. */
  readonly at: string;
  /** 1: Monday … 7: Sunday. */
  readonly weekday: number;
  readonly timeZone: string;
}

export function blankPrompt(language: string, timeZone: string): PromptDraft {
  return {
    name: "",
    title: "",
    language: language === "en" || language === "pt" ? language : "es",
    assistant: "",
    sources: [],
    instructions: "",
    maxStatements: 12,
    reviewPolicy: "required",
    scope: "whole",
    sections: "",
    anyOf: "",
    without: "",
    body: "",
    section: "",
    person: "",
    place: "",
    schedule: "each-edition",
    at: "18:00",
    weekday: 5,
    timeZone,
  };
}

/** What a version of a prompt says of itself. */
type Settings = Pick<
  Prompt,
  | "title"
  | "language"
  | "assistant"
  | "sources"
  | "instructions"
  | "maxStatements"
  | "reviewPolicy"
  | "scope"
  | "schedule"
>;

export function draftOf(name: string, settings: Settings, timeZone: string): PromptDraft {
  const { scope, schedule } = settings;
  const topic = scope.kind === "matching" ? asRecord(scope.topic) : {};
  return {
    ...blankPrompt(settings.language, timeZone),
    name,
    title: settings.title,
    assistant: settings.assistant ?? "",
    sources: settings.sources,
    instructions: settings.instructions,
    maxStatements: settings.maxStatements,
    reviewPolicy: settings.reviewPolicy,
    scope: SCOPES.find((kind) => kind === scope.kind) ?? "whole",
    sections: textsOf(scope.sections).join("\n"),
    anyOf: (Array.isArray(topic.anyOf) ? topic.anyOf : [])
      .map((all) => textsOf(all).join(" + "))
      .join("\n"),
    without: textsOf(topic.without).join("\n"),
    body: textOf(topic.body),
    section: textOf(topic.section),
    person: textOf(topic.name),
    place: textOf(topic.place),
    schedule: SCHEDULES.find((kind) => kind === schedule.kind) ?? "each-edition",
    ...(typeof schedule.at === "string" && { at: schedule.at }),
    ...(typeof schedule.weekday === "number" && { weekday: schedule.weekday }),
    ...(typeof schedule.timeZone === "string" && { timeZone: schedule.timeZone }),
  };
}

export function requestOf(draft: PromptDraft): PromptRequest {
  return {
    name: draft.name.trim(),
    title: draft.title.trim(),
    language: draft.language,
    assistant: draft.assistant === "" ? null : draft.assistant,
    sources: [...draft.sources],
    scope: scopeOf(draft),
    schedule: scheduleOf(draft),
    instructions: draft.instructions.trim(),
    maxStatements: Number(draft.maxStatements),
    reviewPolicy: draft.reviewPolicy,
  };
}

function scopeOf(draft: PromptDraft): NonNullable<PromptRequest["scope"]> {
  if (draft.scope === "whole") return { kind: "whole" };
  if (draft.scope === "sections") return { kind: "sections", sections: linesOf(draft.sections) };
  const anyOf = linesOf(draft.anyOf).map((line) => partsOf(line, "+"));
  const without = linesOf(draft.without);
  const [body, section, person, place] = [
    draft.body.trim(),
    draft.section.trim(),
    draft.person.trim(),
    draft.place.trim(),
  ];
  return {
    kind: "matching",
    topic: {
      anyOf,
      ...(without.length > 0 && { without }),
      ...(body !== "" && { body }),
      ...(section !== "" && { section }),
      ...(person !== "" && { name: person }),
      ...(place !== "" && { place }),
    },
  };
}

function scheduleOf(draft: PromptDraft): NonNullable<PromptRequest["schedule"]> {
  const { schedule: kind, at, weekday, timeZone } = draft;
  if (kind === "daily") return { kind, at, timeZone };
  if (kind === "weekly") return { kind, at, timeZone, weekday };
  return { kind };
}

/** In the order of the form; what the choice made above them leaves aside is no difference. */
export function differences(one: PromptDraft, other: PromptDraft): readonly (keyof PromptDraft)[] {
  const [left, right] = [asSaved(one), asSaved(other)];
  return (Object.keys(left) as (keyof PromptDraft)[]).filter(
    (field) => String(left[field]) !== String(right[field]),
  );
}

function asSaved(draft: PromptDraft): PromptDraft {
  const request = requestOf(draft);
  return draftOf(
    request.name,
    {
      title: request.title,
      language: request.language,
      sources: request.sources,
      instructions: request.instructions ?? "",
      maxStatements: request.maxStatements ?? 12,
      reviewPolicy: request.reviewPolicy ?? "required",
      assistant: request.assistant ?? null,
      scope: { ...request.scope, kind: draft.scope },
      schedule: { ...request.schedule, kind: draft.schedule },
    },
    "UTC",
  );
}

function linesOf(text: string): string[] {
  return partsOf(text, "\n");
}

function partsOf(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
