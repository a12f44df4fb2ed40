import type { Language } from "../../core/language.ts";
import type { AlertTopic, SubscriptionDraft } from "../../core/subscriptions.ts";
import { type AlertTexts, alertTexts } from "../catalogue/alert-texts.ts";
import { catalogue } from "../catalogue/catalogue.ts";

/** A Monday, for the names of weekdays. */
const MONDAY = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;

/** `«salario mínimo» «decreto» o «jornal», sin «judicial», institución «Ministerio de Trabajo»`. */
export function describeTopic(topic: AlertTopic, texts: AlertTexts): string {
  const quoted = (typed: readonly string[]) => typed.map((each) => `«${each}»`).join(" ");
  const { or, without, body, section, name, place } = texts.topic;
  const pieces = [
    topic.anyOf.map(quoted).join(` ${or} `),
    topic.without.length === 0 ? "" : without(quoted(topic.without)),
    topic.body === undefined ? "" : body(topic.body),
    topic.section === undefined ? "" : section(topic.section),
    topic.name === undefined ? "" : name(topic.name),
    topic.place === undefined ? "" : place(topic.place),
  ];
  return pieces.filter((piece) => piece !== "").join(", ");
}

/** As a list names it. */
export function describeSubscription(draft: SubscriptionDraft, language: Language): string {
  const texts = alertTexts(language);
  if (draft.kind === "alert") {
    return texts.alertNamed(describeTopic(draft.topic ?? { anyOf: [], without: [] }, texts));
  }
  const time = clockTime(draft.minute ?? 0);
  if (draft.kind === "daily") return texts.digestNamed.daily(time);
  return texts.digestNamed.weekly(weekdayName(draft.weekday ?? 1, language), time);
}

/** `7:30`. */
export function clockTime(minute: number): string {
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;
}

function weekdayName(weekday: number, language: Language): string {
  return new Intl.DateTimeFormat(catalogue(language).locale, {
    weekday: "long",
    timeZone: "UTC",
  }).format(MONDAY + (weekday - 1) * DAY_MS);
}
