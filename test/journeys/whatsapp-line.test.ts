import { createHmac, timingSafeEqual } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import type {
  AnswersChallenge,
  BotAccount,
  Channel,
  ReceivesWebhooks,
  ReportsReceipts,
  SeesPhoneReplies,
} from "../../src/core/channel.ts";
import { PregoneroError } from "../../src/core/errors.ts";
import type { IncomingMessage } from "../../src/core/message.ts";
import type { Receipt } from "../../src/core/receipt.ts";
import { type SiteUnderTest, startSite } from "../browser/site-under-test.ts";

const SECRET = "s3cret";

/** A network that signs its webhooks, asks before it calls, and tells later what became of a message. */
const signingChannel: Channel &
  ReceivesWebhooks &
  AnswersChallenge &
  ReportsReceipts &
  SeesPhoneReplies = {
  name: "whatsapp-cloud",
  pace: {
    privateChat: { intervalMs: 1_000, burst: 3 },
    groupChat: { intervalMs: 1_000, burst: 3 },
    bulk: { intervalMs: 1_000, burst: 3, batch: 1 },
  },
  render: () => [{}],
  send: async () => ({ kind: "unknown", reason: "not-asked" }),
  answerChallenge: (_bot, query) => (query.verify_token === SECRET ? query.challenge : undefined),
  verifyWebhook(_bot, { headers, rawBody }) {
    const given = Buffer.from(String(headers["x-signature"] ?? ""));
    const own = Buffer.from(sign(rawBody));
    return given.length === own.length && timingSafeEqual(given, own);
  },
  readUpdate: (_bot, body) => (body as Update).messages ?? [],
  readReceipts: (_bot, body) => (body as Update).receipts ?? [],
  readPhoneReplies: ({ tenantId, botId }, body) =>
    ((body as Update).echoes ?? []).map(({ chatKey, text }) => ({
      tenantId,
      botId,
      chatKey,
      networkMessageId: `wamid.${text}`,
      text,
      sentAt: new Date(),
    })),
};

interface Update {
  readonly messages?: readonly IncomingMessage[];
  readonly receipts?: readonly Receipt[];
  readonly echoes?: readonly { readonly chatKey: string; readonly text: string }[];
}

function sign(body: string | Buffer): string {
  return createHmac("sha256", SECRET).update(body).digest("hex");
}

let site: SiteUnderTest;
let bot: BotAccount;
let url: string;
let close: () => Promise<void>;
const noted: Receipt[] = [];
let isStoreAway = false;

beforeAll(async () => {
  site = await startSite();
  bot = await site.addBot("whatsapp-cloud", "Institución");
  ({ url, close } = await site.variant({
    channels: new Map([["whatsapp-cloud", signingChannel]]),
    receipts: {
      async note(_tenantId, _botId, receipts) {
        if (isStoreAway) {
          throw new PregoneroError("store-unavailable", "away", { status: 503, retry: "backoff" });
        }
        noted.push(...receipts);
      },
    },
  }));
});
afterAll(async () => {
  await close();
  await site.close();
});

const message = (updateKey: string): IncomingMessage => ({
  updateKey,
  chat: { key: "506", kind: "private" },
  sender: { key: "506" },
  sentAt: "2026-11-21T10:00:00.000Z",
  isAddressed: true,
  content: { kind: "text", text: "hola" },
});
const receipt: Receipt = {
  networkMessageId: "wamid.1",
  status: "delivered",
  at: "2026-11-21T10:00:00.000Z",
};

function post(update: Update | string, path = `/webhooks/whatsapp/${bot.botKey}`) {
  const body = typeof update === "string" ? update : JSON.stringify(update);
  return fetch(url + path, { method: "POST", body, headers: { "x-signature": sign(body) } });
}

async function inboxSize(): Promise<number> {
  const [row] = await site.database.asTenant(site.tenantId, (tx) =>
    tx.query<{ count: string }>("select count(*) as count from inbox"),
  );
  return Number(row?.count);
}

it("answers the network's challenge as plain text, and refuses a wrong one", async () => {
  const ask = (query: string) => fetch(`${url}/webhooks/whatsapp/${bot.botKey}?${query}`);
  const right = await ask(`verify_token=${SECRET}&challenge=%3Cb%3E11`);
  expect([right.status, await right.text()]).toEqual([200, "<b>11"]);
  expect(right.headers.get("content-type")).toBe("text/plain");
  expect(right.headers.get("x-content-type-options")).toBe("nosniff");
  for (const query of [
    "verify_token=x&challenge=1",
    "",
    `verify_token=${SECRET}&verify_token=x&challenge=1`,
  ]) {
    const refused = await ask(query);
    expect([refused.status, await refused.text()], query).toEqual([403, ""]);
  }
});

it("stores messages and receipts before it says 200, also of an update that has receipts alone", async () => {
  const before = await inboxSize();
  expect((await post({ messages: [message("1")], receipts: [receipt] })).status).toBe(200);
  expect([await inboxSize(), noted.length]).toEqual([before + 1, 1]);
  expect((await post({ receipts: [receipt, receipt] })).status).toBe(200);
  expect([await inboxSize(), noted.length]).toEqual([before + 1, 3]);
});

it("lets what is written from the phone take the conversation over, once", async () => {
  await post({ messages: [message("from-citizen")] });
  const echoes = [{ chatKey: "506", text: "Le atiendo yo." }];
  expect((await post({ echoes })).status).toBe(200);
  expect((await post({ echoes: [...echoes, { chatKey: "nobody", text: "?" }] })).status).toBe(200);
  const rows = await site.database.asTenant(site.tenantId, (tx) =>
    tx.query<{ speaker: string }>("select speaker from turn where speaker = 'person'"),
  );
  expect(rows).toHaveLength(1);
});

it("says 503 when the receipts could not be stored, so that the network repeats them", async () => {
  isStoreAway = true;
  const response = await post({ receipts: [receipt] });
  isStoreAway = false;
  expect(response.status).toBe(503);
});

it("takes 3 MB of this network, and refuses more", async () => {
  const limit = 3 * 1024 * 1024;
  const full = JSON.stringify({ receipts: [], filler: "" });
  const fill = (size: number) => full.replace('""', `"${"a".repeat(size - full.length)}"`);
  expect((await post(fill(limit))).status).toBe(200);
  expect((await post(fill(limit + 1))).status).toBe(413);
});

it("knows the bot under the network's name alone, and refuses a forged signature", async () => {
  expect((await post({}, `/webhooks/whatsapp-cloud/${bot.botKey}`)).status).toBe(404);
  const forged = await fetch(`${url}/webhooks/whatsapp/${bot.botKey}`, {
    method: "POST",
    body: JSON.stringify({ messages: [message("2")] }),
    headers: { "x-signature": sign("another body") },
  });
  expect(forged.status).toBe(401);
});
