import type { Clock } from "../../core/clock.ts";
import type { Language } from "../../core/language.ts";
import { type Button, textReply } from "../../core/message.ts";
import type {
  Subscription,
  SubscriptionChange,
  SubscriptionDesk,
} from "../../core/subscriptions.ts";
import type { TurnInput } from "../../core/turn.ts";
import { alertTexts } from "../catalogue/alert-texts.ts";
import { buttonData } from "../commands.ts";
import type { Said } from "../turn-outcome.ts";
import { describeSubscription } from "./describe.ts";
import { readChange } from "./read-step.ts";

interface MinePorts {
  readonly subscriptions: SubscriptionDesk;
  readonly clock: Clock;
}

/** So many have buttons; networks show no more than ten. */
const WITH_BUTTONS = 4;

/** The list, or a change of what has a number in it. */
export async function listMine(
  ports: MinePorts,
  input: TurnInput,
  rest: string,
  language: Language,
): Promise<Said> {
  const texts = alertTexts(language);
  const mine = await ports.subscriptions.list(input.tenantId, input.conversationId);
  const asked = readChange(rest);
  if (asked !== undefined) {
    const subscription = mine[asked.number - 1];
    if (subscription === undefined) return { replies: [textReply(texts.unknownNumber)] };
    return change(ports, subscription, asked.change, language);
  }
  if (mine.length === 0) return { replies: [textReply(texts.none)] };
  const isOff = await ports.subscriptions.isOff(input.tenantId, input.conversationId);
  const lines = mine.map((subscription, index) => {
    const state = subscription.state === "paused" ? ` (${texts.paused})` : "";
    return `${index + 1}. ${describeSubscription(subscription, language)}${state}`;
  });
  const said = [texts.mine, ...lines, "", ...(isOff ? [texts.areOff] : []), texts.howToChange];
  const reply = textReply(said.join("\n"));
  const buttons = mine
    .slice(0, WITH_BUTTONS)
    .flatMap((each, index) => buttonsOf(each, index + 1, language));
  return { replies: [reply.kind === "text" ? { ...reply, buttons } : reply] };
}

/** By a button, which may be old: what is not there any more is told so. */
export async function changeMine(
  ports: MinePorts,
  input: TurnInput,
  asked: { readonly change: SubscriptionChange; readonly subscriptionId: string },
  language: Language,
): Promise<Said> {
  const mine = await ports.subscriptions.list(input.tenantId, input.conversationId);
  const subscription = mine.find(({ subscriptionId }) => subscriptionId === asked.subscriptionId);
  if (subscription === undefined) {
    return { replies: [textReply(alertTexts(language).unknownNumber)] };
  }
  return change(ports, subscription, asked.change, language);
}

function change(
  { subscriptions, clock }: MinePorts,
  subscription: Subscription,
  asked: SubscriptionChange,
  language: Language,
): Said {
  const goesOn = asked === "resume" && subscription.kind !== "alert";
  const nextAt = goesOn ? subscriptions.nextDigestAt(subscription, clock.now()) : undefined;
  const { subscriptionId } = subscription;
  return {
    replies: [textReply(alertTexts(language).changed[asked])],
    effects: [
      {
        kind: "change-subscription",
        subscriptionId,
        change: asked,
        ...(nextAt === undefined ? {} : { nextAt }),
      },
    ],
  };
}

function buttonsOf(
  { subscriptionId, state }: Subscription,
  number: number,
  language: Language,
): readonly Button[] {
  const texts = alertTexts(language);
  const to = (asked: SubscriptionChange, label: string) => ({
    label,
    data: buttonData.subscription({ kind: "change", change: asked, subscriptionId }),
  });
  return [
    state === "paused"
      ? to("resume", texts.resumeButton(number))
      : to("pause", texts.pauseButton(number)),
    to("remove", texts.removeButton(number)),
  ];
}
