import type { Clock } from "../../core/clock.ts";
import type { Language } from "../../core/language.ts";
import { type Button, textReply } from "../../core/message.ts";
import {
  MAX_SUBSCRIPTIONS,
  type QuietHours,
  type SubscriptionDesk,
  type SubscriptionDraft,
  type SubscriptionKind,
} from "../../core/subscriptions.ts";
import type { TurnInput } from "../../core/turn.ts";
import { type AlertTexts, alertTexts } from "../catalogue/alert-texts.ts";
import { catalogue } from "../catalogue/catalogue.ts";
import { buttonData } from "../commands.ts";
import type { Said } from "../turn-outcome.ts";
import { describeSubscription } from "./describe.ts";
import { changeMine, listMine } from "./my-alerts.ts";
import { parseTopic } from "./parse-topic.ts";
import { type Adjustment, readFollow, type SubscriptionAct } from "./read-step.ts";
import { tellAlert } from "./tell-alert.ts";

export interface SubscribingPorts {
  /** Absent: nobody can subscribe here. */
  readonly subscriptions?: SubscriptionDesk | undefined;
  /** Without a trailing slash. */
  readonly publicUrl?: string | undefined;
  readonly clock: Clock;
}

/** Who chose nothing is told between 7:00 and 21:00, */
const QUIET: QuietHours = { from: 21 * 60, until: 7 * 60 };
/** and gets digests in the evening, when the day's edition is out; weekly ones on Friday. */
const DIGEST_MINUTE = 18 * 60;
const DIGEST_WEEKDAY = 5;

type Open = SubscribingPorts & { readonly subscriptions: SubscriptionDesk };

/** `/suscribir`, with whatever follows it. */
export async function follow(
  ports: SubscribingPorts,
  input: TurnInput,
  rest: string,
  language: Language,
): Promise<Said> {
  const refusal = await whyNot(ports, input, language);
  if (refusal !== undefined) return refusal;
  const asked = readFollow(rest);
  switch (asked.kind) {
    case "ask-kind":
      return askKind(input, alertTexts(language));
    case "ask-words":
      return askWords(input, alertTexts(language));
    case "words":
      return proposeAlert(ports, input, asked.text, language);
    case "daily":
    case "weekly": {
      const draft = await newDigest(ports, input, asked.kind, language);
      return confirm(ports, input, asked.adjustments.reduce(adjusted(ports), draft), language);
    }
    default:
      return asked satisfies never;
  }
}

/** A tap, or the next step in words. */
export async function goOnSubscribing(
  ports: SubscribingPorts,
  input: TurnInput,
  act: SubscriptionAct,
  language: Language,
): Promise<Said> {
  const texts = alertTexts(language);
  const refusal = await whyNot(ports, input, language, act.kind === "change");
  if (refusal !== undefined || !isOpen(ports)) return refusal ?? textOf(texts.unavailable);
  const { subscribing } = input.memory;
  switch (act.kind) {
    case "choose":
      if (act.what === "alert") return askWords(input, texts);
      return confirm(ports, input, await newDigest(ports, input, act.what, language), language);
    case "words":
      return proposeAlert(ports, input, act.text, language);
    case "follow":
      return follow(ports, input, act.text, language);
    case "again":
      return askWords(input, texts);
    case "cancel":
      return textOf(texts.cancelled);
    case "adjust":
      if (subscribing?.step !== "confirm") return askKind(input, texts);
      return confirm(ports, input, adjusted(ports)(subscribing.draft, act.to), language);
    case "yes":
      // An old button: what it stood for is not known any more.
      if (subscribing?.step !== "confirm") return askKind(input, texts);
      return subscribe(ports, input, subscribing.draft, texts);
    case "change":
      return changeMine(ports, input, act, language);
    default:
      return act satisfies never;
  }
}

/** `/mis_alertas`. */
export async function showMine(
  ports: SubscribingPorts,
  input: TurnInput,
  rest: string,
  language: Language,
): Promise<Said> {
  const refusal = await whyNot(ports, input, language, true);
  if (refusal !== undefined || !isOpen(ports)) {
    return refusal ?? textOf(alertTexts(language).unavailable);
  }
  return listMine(ports, input, rest, language);
}

async function whyNot(
  ports: SubscribingPorts,
  input: TurnInput,
  language: Language,
  isChange = false,
): Promise<Said | undefined> {
  if (input.message.chat.kind !== "private") return textOf(catalogue(language).onlyInPrivate);
  const texts = alertTexts(language);
  if (!isOpen(ports) || input.contactId === undefined) return textOf(texts.unavailable);
  if (isChange) return undefined;
  const mine = await ports.subscriptions.list(input.tenantId, input.conversationId);
  return mine.length >= MAX_SUBSCRIPTIONS ? textOf(texts.tooMany(MAX_SUBSCRIPTIONS)) : undefined;
}

function isOpen(ports: SubscribingPorts): ports is Open {
  return ports.subscriptions !== undefined;
}

function askKind(input: TurnInput, texts: AlertTexts): Said {
  const kinds: readonly SubscriptionKind[] = ["alert", "daily", "weekly"];
  const buttons: readonly Button[] = [
    ...kinds.map((kind) => ({
      label: texts.kindButtons[kind],
      data: buttonData.subscription({ kind: "choose", what: kind }),
    })),
    { label: texts.cancelButton, data: buttonData.subscription({ kind: "cancel" }) },
  ];
  return {
    replies: [{ kind: "text", paragraphs: [[{ text: texts.whatKind }]], buttons }],
    memory: { subscribing: { step: "kind", askedAt: input.message.sentAt } },
  };
}

function askWords(input: TurnInput, texts: AlertTexts, first?: string): Said {
  const said = first === undefined ? texts.whichWords : `${first}\n\n${texts.whichWords}`;
  return {
    ...textOf(said),
    memory: { subscribing: { step: "words", askedAt: input.message.sentAt } },
  };
}

async function proposeAlert(
  ports: SubscribingPorts,
  input: TurnInput,
  text: string,
  language: Language,
): Promise<Said> {
  const texts = alertTexts(language);
  if (!isOpen(ports)) return textOf(texts.unavailable);
  const parsed = parseTopic(text);
  if (parsed.kind === "empty") return askWords(input, texts, texts.notUnderstood);
  if (parsed.kind === "only-exclusions") return askWords(input, texts, texts.onlyExclusions);
  const { topic, leftOut } = await ports.subscriptions.leaveOutCommonWords(parsed.topic);
  const keys = await ports.subscriptions.keysOf(input.tenantId, topic);
  if (keys === undefined) return askWords(input, texts, texts.tooCommon);
  const timeZone = await ports.subscriptions.timeZoneOf(input.tenantId);
  const draft = { kind: "alert", topic, language, timeZone, quietHours: QUIET } as const;
  return confirm(ports, input, draft, language, leftOut);
}

async function newDigest(
  ports: SubscribingPorts,
  input: TurnInput,
  kind: "daily" | "weekly",
  language: Language,
): Promise<SubscriptionDraft> {
  const timeZone = (await ports.subscriptions?.timeZoneOf(input.tenantId)) ?? "UTC";
  const weekday = kind === "weekly" ? { weekday: DIGEST_WEEKDAY } : {};
  return { kind, language, timeZone, minute: DIGEST_MINUTE, ...weekday };
}

/** What does not fit the kind, or is no time zone, changes nothing. */
function adjusted(ports: SubscribingPorts) {
  return (draft: SubscriptionDraft, to: Adjustment): SubscriptionDraft => {
    const { quietHours: _, ...rest } = draft;
    switch (to.kind) {
      case "quiet":
        if (draft.kind !== "alert") return draft;
        return to.hours === undefined ? rest : { ...rest, quietHours: to.hours };
      case "minute":
        return draft.kind === "alert" ? draft : { ...draft, minute: to.minute };
      case "weekday":
        return draft.kind === "weekly" ? { ...draft, weekday: to.weekday } : draft;
      case "zone":
        return ports.subscriptions?.isTimeZone(to.timeZone) === true
          ? { ...draft, timeZone: to.timeZone }
          : draft;
      default:
        return to satisfies never;
    }
  };
}

/**
 * Shows what is about to be subscribed to, with what an alert would have told of lately. `leftOut`: words of the topic
 * that match nothing, which is said once.
 */
async function confirm(
  ports: SubscribingPorts,
  input: TurnInput,
  draft: SubscriptionDraft,
  language: Language,
  leftOut: readonly string[] = [],
): Promise<Said> {
  const texts = alertTexts(language);
  const said =
    draft.kind === "alert"
      ? await tellAlert(ports, input, draft, language, leftOut)
      : [
          [
            {
              text: texts.digestAt(`${describeSubscription(draft, language)} (${draft.timeZone})`),
            },
          ],
        ];
  const buttons: readonly Button[] = [
    { label: texts.yesButton, data: buttonData.subscription({ kind: "yes" }) },
    ...(draft.kind === "alert"
      ? [{ label: texts.changeButton, data: buttonData.subscription({ kind: "again" }) }]
      : []),
    { label: texts.cancelButton, data: buttonData.subscription({ kind: "cancel" }) },
  ];
  return {
    replies: [{ kind: "text", paragraphs: [...said, [], [{ text: texts.confirm }]], buttons }],
    memory: { subscribing: { step: "confirm", askedAt: input.message.sentAt, draft } },
  };
}

async function subscribe(
  ports: Open,
  input: TurnInput,
  draft: SubscriptionDraft,
  texts: AlertTexts,
): Promise<Said> {
  const { subscriptions } = ports;
  const keys =
    draft.topic === undefined ? [] : await subscriptions.keysOf(input.tenantId, draft.topic);
  if (keys === undefined) return askWords(input, texts, texts.tooCommon);
  const nextAt =
    draft.kind === "alert" ? undefined : subscriptions.nextDigestAt(draft, ports.clock.now());
  const isOff = await subscriptions.isOff(input.tenantId, input.conversationId);
  input.note("planned", { subscribed: draft.kind });
  return {
    ...textOf(isOff ? `${texts.subscribed}\n${texts.areOff}` : texts.subscribed),
    effects: [
      {
        kind: "subscribe",
        // The message's own: a turn that is taken again subscribes once.
        subscriptionId: input.messageId,
        draft,
        keys,
        ...(nextAt === undefined ? {} : { nextAt }),
      },
    ],
  };
}

function textOf(text: string): Said {
  return { replies: [textReply(text)] };
}
