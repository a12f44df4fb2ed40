import type {
  QuietHours,
  Subscribing,
  SubscriptionChange,
  SubscriptionKind,
} from "../../core/subscriptions.ts";
import { asksForPerson } from "../asks-for-person.ts";
import { fold } from "../detect-language.ts";
import { recogniseSmallTalk } from "../small-talk.ts";

/** What a tap, or words in the middle of subscribing, ask for. */
export type SubscriptionAct =
  | { readonly kind: "choose"; readonly what: SubscriptionKind }
  | { readonly kind: "words"; readonly text: string }
  /** As if it stood behind `/suscribir`. */
  | { readonly kind: "follow"; readonly text: string }
  | { readonly kind: "yes" | "again" | "cancel" }
  | { readonly kind: "adjust"; readonly to: Adjustment }
  | {
      readonly kind: "change";
      readonly change: SubscriptionChange;
      readonly subscriptionId: string;
    };

export type Adjustment =
  | { readonly kind: "quiet"; readonly hours: QuietHours | undefined }
  | { readonly kind: "minute"; readonly minute: number }
  | { readonly kind: "weekday"; readonly weekday: number }
  | { readonly kind: "zone"; readonly timeZone: string };

/** Who was asked longer ago has something else in mind. */
const ASKED_FOR_MS = 30 * 60_000;

const WORDS: readonly (readonly [RegExp, SubscriptionAct])[] = [
  [/^(cancelar|cancela|desistir|cancel|salir|sair)$/, { kind: "cancel" }],
  [/^(si|sim|yes|ok|okay|dale|claro|confirmo|confirmar|confirm)$/, { kind: "yes" }],
  [/^(no|nao)$/, { kind: "cancel" }],
  [/^(cambiar|mudar|change)( .*)?$/, { kind: "again" }],
];
const KINDS: readonly (readonly [RegExp, SubscriptionKind])[] = [
  [/^(1|(alertas?|alerts?|avisos?)( (por|on) (a )?(tema|assunto|subject))?)$/, "alert"],
  [/^(2|resumen diario|resumo diario|diari[oa]|daily( digest)?)$/, "daily"],
  [/^(3|resumen semanal|resumo semanal|semanal|weekly( digest)?)$/, "weekly"],
];
const WEEKDAYS = [
  /^(lunes|segunda(-feira)?|monday)$/,
  /^(martes|terca(-feira)?|tuesday)$/,
  /^(miercoles|quarta(-feira)?|wednesday)$/,
  /^(jueves|quinta(-feira)?|thursday)$/,
  /^(viernes|sexta(-feira)?|friday)$/,
  /^(sabado|saturday)$/,
  /^(domingo|sunday)$/,
];

/** Undefined: the text does not go on with subscribing. */
export function readStep(
  subscribing: Subscribing | undefined,
  text: string,
  sentAt: string,
): SubscriptionAct | undefined {
  if (subscribing === undefined || text === "") return undefined;
  if (Date.parse(sentAt) - Date.parse(subscribing.askedAt) > ASKED_FOR_MS) return undefined;
  const said = fold(text.toLowerCase()).replace(/^[¡\s]+|[.!\s]+$/g, "");
  const act = WORDS.find(([pattern]) => pattern.test(said))?.[1];
  switch (subscribing.step) {
    case "kind": {
      const what = KINDS.find(([pattern]) => pattern.test(said))?.[1];
      if (what !== undefined) return { kind: "choose", what };
      if (act !== undefined) return act;
      return isSomethingElse(text) ? undefined : { kind: "follow", text };
    }
    case "words":
      if (act?.kind === "cancel") return act;
      return isSomethingElse(text) ? undefined : { kind: "words", text };
    case "confirm": {
      const to = readAdjustment(text);
      return to === undefined ? act : { kind: "adjust", to };
    }
    default:
      return subscribing satisfies never;
  }
}

/** Words with which questions begin that have no marks, folded: people write so in chats. */
const ASKS =
  /^(por que|para que|de que|con que|en que|a que|que|cual(es)?|cuando|cuant[oa]s?|donde|a donde|adonde|quien(es)?|como|qual|quais|quando|quant[oa]s?|onde|aonde|quem|what|which|when|where|who|whose|why|how)\s/;

/** Somebody who asks or greets meanwhile is answered: a subject of the gazette begins in none of these ways. */
function isSomethingElse(text: string): boolean {
  const said = fold(text.trim().toLowerCase());
  return (
    /^¿|\?\s*$/.test(text.trim()) ||
    ASKS.test(said) ||
    recogniseSmallTalk(text) !== undefined ||
    asksForPerson(text, [])
  );
}

/** `silencio 22-6`, `sin silencio`, `hora 7:30`, `viernes`, `zona America/Lima`. */
export function readAdjustment(text: string): Adjustment | undefined {
  const said = fold(text.trim().toLowerCase());
  if (/^(sin|sem|no) (silencio|quiet)( hours)?$/.test(said))
    return { kind: "quiet", hours: undefined };
  const quiet =
    /^(?:silencio|quiet)\D{0,12}(\d{1,2})(?::(\d\d))?\D{1,8}(\d{1,2})(?::(\d\d))?\D{0,3}$/.exec(
      said,
    );
  if (quiet !== null) {
    const from = minuteOf(quiet[1], quiet[2]);
    const until = minuteOf(quiet[3], quiet[4]);
    if (from !== undefined && until !== undefined) return { kind: "quiet", hours: { from, until } };
  }
  const hour = /^(?:hora|hour|a las|as|at)\s+(\d{1,2})(?:[:.h](\d\d))?\s*h?$/.exec(said);
  const minute = hour === null ? undefined : minuteOf(hour[1], hour[2]);
  if (minute !== undefined) return { kind: "minute", minute };
  const weekday = WEEKDAYS.findIndex((pattern) => pattern.test(said));
  if (weekday !== -1) return { kind: "weekday", weekday: weekday + 1 };
  const zone = /^(?:zona|zone|fuso)\s+([A-Za-z]+\/[\w/+-]+)$/i.exec(text.trim())?.[1];
  return zone === undefined ? undefined : { kind: "zone", timeZone: zone };
}

function minuteOf(hours: string | undefined, minutes: string | undefined): number | undefined {
  const hour = Number(hours);
  const minute = Number(minutes ?? 0);
  return hour <= 24 && minute < 60 ? (hour * 60 + minute) % 1_440 : undefined;
}

/** What follows `/suscribir`. */
export type Follow =
  | { readonly kind: "ask-kind" }
  | { readonly kind: "ask-words" }
  | { readonly kind: "words"; readonly text: string }
  | { readonly kind: "daily" | "weekly"; readonly adjustments: readonly Adjustment[] };

export function readFollow(rest: string): Follow {
  const text = rest.trim();
  if (text === "") return { kind: "ask-kind" };
  const [, first = "", after = ""] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  const word = fold(first.toLowerCase());
  if (/^(alertas?|alerts?|avisos?)$/.test(word)) {
    return after === "" ? { kind: "ask-words" } : { kind: "words", text: after };
  }
  const digest =
    /^(?:resumen |resumo |digest )?(diari[oa]|daily|semanal|weekly)(?: digest)?(?:[\s,]+(.*))?$/.exec(
      fold(text.toLowerCase()),
    );
  if (digest === null) return { kind: "words", text };
  const adjustments = (digest[2] ?? "")
    .split(/\s*,\s*|\s+(?=hora|hour|a las|as |at )/)
    .flatMap((piece) => readAdjustment(piece) ?? []);
  // "diario oficial" is a subject.
  if (adjustments.length === 0 && (digest[2] ?? "") !== "") return { kind: "words", text };
  const isDaily = /^(diari|daily)/.test(digest[1] ?? "");
  return { kind: isDaily ? "daily" : "weekly", adjustments };
}

/** What follows `/mis_alertas`: a change and the number in the list. Undefined: nothing that is understood. */
export function readChange(
  rest: string,
): { readonly change: SubscriptionChange; readonly number: number } | undefined {
  const [, word = "", digits] = /^(\p{L}+)\s+(\d{1,3})$/u.exec(rest.trim()) ?? [];
  const said = fold(word.toLowerCase());
  const change = /^(pausar|pausa|pause)$/.test(said)
    ? "pause"
    : /^(seguir|reanudar|retomar|resume)$/.test(said)
      ? "resume"
      : /^(quitar|borrar|eliminar|remover|apagar|remove|delete)$/.test(said)
        ? "remove"
        : undefined;
  return change === undefined ? undefined : { change, number: Number(digits) };
}
