import { randomUUID } from "node:crypto";
import type { BotAccount } from "../../src/core/channel.ts";
import type { Cipher } from "../../src/core/cipher.ts";
import { asId, type ConversationId } from "../../src/core/ids.ts";
import type { AlertTopic } from "../../src/core/subscriptions.ts";
import { chooseKeys } from "../../src/newsroom/alerts/choose-keys.ts";
import type { Database } from "../../src/store/database.ts";
import { createGazetteStore } from "../../src/store/gazette-store.ts";
import { createStemmer } from "../../src/store/subscriptions/stemmer.ts";
import { subscribe } from "../../src/store/subscriptions/subscription-rows.ts";
import { seedTenant } from "./seed-tenant.ts";

const BATCH = 500;
/** As `seedTenant` names people in Telegram. */
export const FIRST_SUBSCRIBER = 100_000_000;

/** People of one Telegram bot, months ago acquainted with it, who all want to hear of one topic at any hour. */
export async function addSubscribers(
  { database, cipher }: { readonly database: Database; readonly cipher: Cipher },
  bot: BotAccount,
  { count, topic }: { readonly count: number; readonly topic: AlertTopic },
): Promise<void> {
  const { tenantId } = bot;
  await seedTenant(database, cipher, {
    tenantId,
    bots: [bot],
    conversations: count,
    exchanges: 1,
    seed: 1,
    now: new Date(),
    onProgress: () => {},
  });
  const keys = (await chooseKeys(tenantId, topic, createStemmer(database))) ?? [];
  const people = await database.asTenant(tenantId, async (tx) => {
    // Each of them can be reached: what is counted is deliveries.
    await tx.query("update contact set blocked_at = null, consent = 'unknown'");
    await tx.query("update conversation set takes_broadcasts = true");
    return tx.query<{ id: ConversationId; contact_id: string }>(
      "select id, contact_id from conversation where kind = 'private' and contact_id is not null order by id",
    );
  });
  const draft = { kind: "alert", topic, language: "es", timeZone: "America/Costa_Rica" } as const;
  for (let start = 0; start < count; start += BATCH) {
    await database.asTenant(tenantId, async (tx) => {
      for (const { id, contact_id } of people.slice(start, start + BATCH)) {
        const effect = { kind: "subscribe", subscriptionId: randomUUID(), draft, keys } as const;
        const who = { tenantId, conversationId: asId<ConversationId>(id), contactId: contact_id };
        await subscribe(tx, cipher, who, effect);
      }
    });
  }
}

/** An edition of today with one act that says this. */
export async function publishToday(database: Database, text: string): Promise<void> {
  const store = createGazetteStore(database);
  const source = await store.ensurePublicSource({
    slug: "la-gaceta",
    name: "La Gaceta",
    language: "es",
    country: "CR",
    timeZone: "UTC",
  });
  const place = { page: 1, lastPage: 1 };
  const act = { section: "", issuingBody: "Ministerio", title: "Decreto", ...place };
  await store.storeEdition({
    source,
    publishedOn: new Date().toISOString().slice(0, 10),
    number: "1",
    documentName: "hoy.pdf",
    contentHash: text,
    fileKey: "editions/00/hoy.pdf",
    pages: [],
    acts: [{ ...act, passages: [{ heading: "", text, ...place, printedPage: "1", lines: [] }] }],
  });
}
