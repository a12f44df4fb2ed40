import { useTranslation } from "react-i18next";
import type { Schema } from "../../../client/index.ts";
import { useFormats } from "./time.ts";

export type HealthComponent = Schema<"HealthComponent">;

/** Of these the network or the machine said something that no sentence of ours has. */
const VERBATIM: readonly HealthComponent["kind"][] = ["bot", "session", "machine"];

/** Checks of the machine that say in one line what bots, sessions, queues and switches say each. */
const SAID_ELSEWHERE = [
  "bots",
  "bot-credentials",
  "oldest-message",
  "whatsapp-sessions",
  "dead-letters",
  "unknown-sends",
  "pauses",
  "switches",
];

/** Something that a person does something about, and that no other component tells. */
export function isTrouble({ kind, id, state }: HealthComponent): boolean {
  if (state !== "down" && state !== "degraded") return false;
  return kind !== "machine" || !SAID_ELSEWHERE.includes(id);
}

/** How things stand, in the reader's language: the API tells it by codes, and in English. */
export function useHealthWords() {
  const { t } = useTranslation();
  const formats = useFormats();

  function shown({ values }: HealthComponent): Record<string, string> {
    const entries = Object.entries(values).map(([name, value]) => {
      const words = String(value).split(",").filter(Boolean);
      if (typeof value === "number") return [name, formats.number(value)];
      if (name === "held") {
        return [name, words.map((word) => t(`health.held.${word as "paused"}`)).join(", ")];
      }
      if (name === "off") {
        return [name, words.map((word) => t(`feature.${word as "models"}`)).join(", ")];
      }
      if (name === "stops") return [name, t(`health.stops.${value as "both"}`)];
      if (name === "resting") return [name, words.join(", ") || "–"];
      return [name, value === "" ? "–" : value];
    });
    return Object.fromEntries(entries);
  }

  function name(component: HealthComponent): string {
    const { kind, id, name: own, code, values } = component;
    if (kind === "machine") return t(`health.check.${id as "database"}`, { defaultValue: id });
    if (code === "paused") {
      const channel = values.channel ? t(`channel.${values.channel as "telegram"}`) : undefined;
      const what =
        String(values.bot) ||
        channel ||
        t(values.isTenants === 1 ? "health.tenant" : "health.everything");
      return t("health.pauseOf", { what });
    }
    return kind === "switch" ? t("health.switches") : own;
  }

  return {
    name,
    /** The name, with what it is of. */
    title(component: HealthComponent): string {
      const { kind } = component;
      if (kind === "machine" || kind === "switch") return name(component);
      return t(`health.one.${kind}`, { name: name(component) });
    },
    said: (component: HealthComponent) =>
      t(`health.said.${component.code}`, { replace: shown(component) }),
    /** In English; undefined: `said` says all of it. */
    verbatim: ({ kind, evidence }: HealthComponent) =>
      VERBATIM.includes(kind) ? evidence : undefined,
    toDo({ kind, id, code, action }: HealthComponent): string | undefined {
      if (action === null) return undefined;
      const key = kind === "machine" ? `health.doCheck.${id}` : `health.do.${code}`;
      return t(key as "health.do.queue-late", { defaultValue: action });
    },
  };
}
