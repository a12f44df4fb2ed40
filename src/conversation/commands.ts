import { isLanguage, type Language } from "../core/language.ts";
import { fold } from "./detect-language.ts";
import type { SubscriptionAct } from "./subscriptions/read-step.ts";

/** One change of what a citizen prefers, by a tap or in words. */
export type PreferenceChange =
  | { readonly kind: "level"; readonly level: "simple" | "normal" }
  | { readonly kind: "source"; readonly source: string }
  | { readonly kind: "country"; readonly country: string }
  | { readonly kind: "all" };

export const COMMANDS = [
  "start",
  "help",
  "today",
  "search",
  "sources",
  "language",
  "preferences",
  "erase",
  "export",
  "unsubscribe",
  "subscribe",
  "follow",
  "subscriptions",
  "person",
  "bot",
] as const;
export type CommandName = (typeof COMMANDS)[number];

/** What a text with a leading slash, or a tap on one of our buttons, asks for. */
export type Command =
  | {
      readonly kind: "command";
      readonly name: CommandName;
      readonly rest: string;
      readonly spokenIn: Language | undefined;
    }
  | { readonly kind: "unknown-command"; readonly typed: string }
  | { readonly kind: "choose-language"; readonly language: Language }
  | { readonly kind: "change-preference"; readonly change: PreferenceChange }
  | { readonly kind: "answer-erase"; readonly confirmed: boolean }
  | { readonly kind: "subscribing"; readonly act: SubscriptionAct }
  | { readonly kind: "ask-about-act"; readonly editionId: string; readonly position: number };

/** Names as people type them, without accents. A name that only one language has tells the language. */
const NAMES: Readonly<Record<string, readonly [CommandName, Language?]>> = {
  start: ["start"],
  ayuda: ["help", "es"],
  help: ["help"],
  ajuda: ["help", "pt"],
  hoy: ["today", "es"],
  hoje: ["today", "pt"],
  today: ["today", "en"],
  buscar: ["search"],
  search: ["search", "en"],
  fuentes: ["sources", "es"],
  fontes: ["sources", "pt"],
  sources: ["sources", "en"],
  idioma: ["language"],
  language: ["language", "en"],
  preferencias: ["preferences"],
  preferences: ["preferences", "en"],
  ajustes: ["preferences", "es"],
  configuracoes: ["preferences", "pt"],
  settings: ["preferences", "en"],
  borrar: ["erase"],
  apagar: ["erase", "pt"],
  erase: ["erase", "en"],
  exportar: ["export"],
  export: ["export", "en"],
  baja: ["unsubscribe"],
  stop: ["unsubscribe"],
  sair: ["unsubscribe", "pt"],
  unsubscribe: ["unsubscribe", "en"],
  alta: ["subscribe"],
  subscribe: ["subscribe", "en"],
  suscribir: ["follow", "es"],
  suscribirme: ["follow", "es"],
  suscribirse: ["follow", "es"],
  alerta: ["follow"],
  assinar: ["follow", "pt"],
  follow: ["follow", "en"],
  alert: ["follow", "en"],
  mis_alertas: ["subscriptions", "es"],
  misalertas: ["subscriptions", "es"],
  mis_suscripciones: ["subscriptions", "es"],
  alertas: ["subscriptions"],
  minhas_assinaturas: ["subscriptions", "pt"],
  meus_alertas: ["subscriptions", "pt"],
  my_alerts: ["subscriptions", "en"],
  myalerts: ["subscriptions", "en"],
  my_subscriptions: ["subscriptions", "en"],
  alerts: ["subscriptions", "en"],
  persona: ["person", "es"],
  humano: ["person"],
  agente: ["person"],
  pessoa: ["person", "pt"],
  atendente: ["person", "pt"],
  person: ["person", "en"],
  human: ["person", "en"],
  agent: ["person", "en"],
  bot: ["bot"],
};

/** What ends or begins broadcasts also without a slash, when it is the whole message: as people know it from elsewhere. */
const BARE_WORDS: ReadonlySet<string> = new Set([
  "unsubscribe",
  "subscribe",
] satisfies CommandName[]);

/** Undefined: the text is no command. */
export function parseCommand(text: string): Command | undefined {
  return parseBareWord(text) ?? parseSlash(text);
}

/** `BAJA`, `Stop.`, `«alta»`. */
function parseBareWord(text: string): Command | undefined {
  const word = /^[\s"'«“¡]*(\p{L}{3,12})[\s"'»”.!]*$/u.exec(text)?.[1];
  const found = word === undefined ? undefined : NAMES[fold(word.toLowerCase())];
  if (found === undefined || !BARE_WORDS.has(found[0])) return undefined;
  return { kind: "command", name: found[0], rest: "", spokenIn: found[1] };
}

function parseSlash(text: string): Command | undefined {
  const match = /^\/([\p{L}\p{N}_]{1,32})(?:@[A-Za-z0-9_]+)?(?:\s+([\s\S]*))?$/u.exec(text);
  if (match === null) return undefined;
  const [, typed = "", rest = ""] = match;
  const found = NAMES[fold(typed.toLowerCase())];
  if (found === undefined) return { kind: "unknown-command", typed: `/${typed}` };
  return { kind: "command", name: found[0], rest: rest.trim(), spokenIn: found[1] };
}

/** What a button does around subscriptions. */
export type SubscriptionTap = Exclude<SubscriptionAct, { kind: "words" | "follow" | "adjust" }>;

/** What our buttons carry in `data`; at most 64 bytes (Bot API, InlineKeyboardButton.callback_data). */
export const buttonData = {
  command: (name: CommandName) => `cmd:${name}`,
  language: (language: Language) => `lang:${language}`,
  preference: (change: PreferenceChange) => {
    switch (change.kind) {
      case "level":
        return `pref:level:${change.level}`;
      case "source":
        return `pref:source:${change.source}`;
      case "country":
        return `pref:country:${change.country}`;
      case "all":
        return "pref:all";
      default:
        return change satisfies never;
    }
  },
  erase: (confirmed: boolean) => `erase:${confirmed ? "yes" : "no"}`,
  act: (editionId: string, position: number) => `act:${editionId}:${position}`,
  subscription: (tap: SubscriptionTap) => {
    switch (tap.kind) {
      case "choose":
        return `sub:${tap.what}`;
      case "change":
        return `sub:${tap.change}:${tap.subscriptionId}`;
      default:
        return `sub:${tap.kind}`;
    }
  },
};

/** Undefined: not one of ours (an old button of a former release). */
export function parseButton(data: string): Command | undefined {
  const [kind, first = "", second = ""] = data.split(":");
  if (kind === "cmd") {
    const name = COMMANDS.find((command) => command === first);
    return name === undefined
      ? undefined
      : { kind: "command", name, rest: "", spokenIn: undefined };
  }
  if (kind === "lang" && isLanguage(first)) return { kind: "choose-language", language: first };
  if (kind === "pref") {
    const change = parseChange(first, second);
    return change === undefined ? undefined : { kind: "change-preference", change };
  }
  if (kind === "erase") return { kind: "answer-erase", confirmed: first === "yes" };
  if (kind === "sub") {
    const act = parseSubscriptionTap(first, second);
    return act === undefined ? undefined : { kind: "subscribing", act };
  }
  if (kind === "act" && /^[0-9a-f-]{36}$/.test(first) && /^\d{1,5}$/.test(second)) {
    return { kind: "ask-about-act", editionId: first, position: Number(second) };
  }
  return undefined;
}

function parseSubscriptionTap(what: string, id: string): SubscriptionTap | undefined {
  if (what === "alert" || what === "daily" || what === "weekly") return { kind: "choose", what };
  if (what === "yes" || what === "again" || what === "cancel") return { kind: what };
  const isChange = what === "pause" || what === "resume" || what === "remove";
  if (!isChange || !/^[0-9a-f-]{36}$/.test(id)) return undefined;
  return { kind: "change", change: what, subscriptionId: id };
}

function parseChange(kind: string, value: string): PreferenceChange | undefined {
  if (kind === "all") return { kind };
  if (kind === "level" && (value === "simple" || value === "normal")) return { kind, level: value };
  if (kind === "source" && /^[a-z0-9-]+$/.test(value)) return { kind, source: value };
  if (kind === "country" && /^[A-Z]{2}$/.test(value)) return { kind, country: value };
  return undefined;
}

/** Reads `pt`, `portugués`, `English`… */
export function parseLanguage(text: string): Language | undefined {
  const word = fold(text.trim().toLowerCase());
  if (/^(es|esp|espanol|castellano|spanish|espanhol)$/.test(word)) return "es";
  if (/^(pt|por|portugues|portuguese|brasileiro)$/.test(word)) return "pt";
  if (/^(en|eng|ingles|english)$/.test(word)) return "en";
  return undefined;
}
