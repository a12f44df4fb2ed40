import { randomUUID } from "node:crypto";
import { asId, type ConversationId } from "../../src/core/ids.ts";
import type { QuietHours, SubscriptionKind } from "../../src/core/subscriptions.ts";
import { chooseKeys } from "../../src/newsroom/alerts/choose-keys.ts";
import { nextDigestAt } from "../../src/newsroom/alerts/news-times.ts";
import { createStemmer } from "../../src/store/subscriptions/stemmer.ts";
import { subscribe } from "../../src/store/subscriptions/subscription-rows.ts";
import { addChats } from "../line/tenant-line.ts";
import type { Newsroom } from "./newsroom.ts";

/** Somebody who is told, in their own zone. */
export interface Subscriber {
  readonly kind: SubscriptionKind;
  readonly timeZone: string;
  /** Of a digest: minutes after midnight. */
  readonly minute?: number;
  readonly weekday?: number;
  readonly quietHours?: QuietHours;
}

const at = (hours: number, minutes = 0) => hours * 60 + minutes;

export const SUBSCRIBERS: readonly Subscriber[] = [
  { kind: "daily", timeZone: "America/Costa_Rica", minute: at(18) },
  { kind: "daily", timeZone: "America/Mexico_City", minute: at(7) },
  { kind: "daily", timeZone: "Europe/Madrid", minute: at(18) },
  // Shown twice on 25 October.
  { kind: "daily", timeZone: "Europe/Madrid", minute: at(2, 30) },
  // Shown twice on 1 November.
  { kind: "daily", timeZone: "America/New_York", minute: at(1, 30) },
  // Skipped on 4 October.
  { kind: "daily", timeZone: "Australia/Sydney", minute: at(2, 30) },
  { kind: "daily", timeZone: "Pacific/Kiritimati", minute: at(6) },
  { kind: "daily", timeZone: "Asia/Kathmandu", minute: at(23, 45) },
  { kind: "weekly", timeZone: "Europe/Madrid", minute: at(9), weekday: 7 },
  { kind: "weekly", timeZone: "America/New_York", minute: at(20), weekday: 7 },
  { kind: "weekly", timeZone: "America/Costa_Rica", minute: at(18), weekday: 5 },
  { kind: "alert", timeZone: "America/Costa_Rica" },
  { kind: "alert", timeZone: "Europe/Madrid", quietHours: { from: at(21), until: at(7) } },
];

/** Word that every edition of the stand-in has. */
const TOPIC = { anyOf: [["Moravia"]], without: [] };

/** Each in a chat of their own; by subscriber, the conversation in which they are told. */
export async function addSubscribers(
  newsroom: Newsroom,
): Promise<ReadonlyMap<Subscriber, ConversationId>> {
  const { ledgers, tenant } = newsroom;
  const { database, cipher } = ledgers;
  const { tenantId } = tenant;
  const stemmer = createStemmer(database);
  const keys = (await chooseKeys(tenantId, TOPIC, stemmer)) ?? [];
  const conversations = new Map<Subscriber, ConversationId>();
  for (const [index, subscriber] of SUBSCRIBERS.entries()) {
    const [conversationId] = await addChats(ledgers, tenant, [String(1_000 + index)]);
    if (conversationId === undefined) throw new Error("A chat that was added is not there.");
    conversations.set(subscriber, conversationId);
    const isAlert = subscriber.kind === "alert";
    const draft = {
      ...subscriber,
      language: "es" as const,
      ...(isAlert && { topic: TOPIC }),
    };
    await database.asTenant(tenantId, async (tx) => {
      const [chat] = await tx.query<{ contact_id: string }>(
        "select contact_id from conversation where id = $1",
        [conversationId],
      );
      await subscribe(
        tx,
        cipher,
        { tenantId, conversationId: asId(conversationId), contactId: chat?.contact_id ?? "" },
        {
          kind: "subscribe",
          subscriptionId: randomUUID(),
          draft,
          keys: isAlert ? keys : [],
          ...(!isAlert && { nextAt: nextDigestAt(newsroom.now(), draft) }),
        },
      );
    });
  }
  return conversations;
}
