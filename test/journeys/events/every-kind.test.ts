import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EventKind } from "../../../src/core/events.ts";
import type { TenantId } from "../../../src/core/ids.ts";
import { EVENT_PAYLOADS } from "../../../src/http/events/payloads.ts";
import { type EventReader, readEvents } from "../http-event-reader.ts";
import type { Answer, Browser } from "../people/browser.ts";
import {
  type Member,
  PASSWORD,
  type RunningPeople,
  setUp,
  startPeople,
} from "../people/running-people.ts";

/** Words that no event may hold. */
const CANARY = "Canaria Zunzún";
const ANY = { headers: { "if-match": "*" } };

let people: RunningPeople;
let admin: Member;
let owner: Member;
let editor: Member;
let foreigner: Member;
let theirs: TenantId;
const streams: EventReader[] = [];
/** What the owner was told, as it came. */
let mine: EventReader;
let platform: EventReader;
let foreign: EventReader;

beforeAll(async () => {
  people = await startPeople();
  admin = await setUp(people);
  owner = await people.join("olga@example.org", "owner");
  editor = await people.join("edu@example.org", "editor");
  theirs = await people.addTenant();
  foreigner = await people.join("eva@example.org", "owner", theirs);
  // What made them is past.
  await people.installation.notices.log.readAfter(0, 1_000);
  mine = await follow(owner.browser);
  platform = await follow(admin.browser);
  foreign = await follow(foreigner.browser);
});
afterAll(async () => {
  for (const stream of streams) stream.close();
  await people?.close();
});

async function follow(browser: Browser, headers: Record<string, string> = {}, query = "") {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const stream = readEvents(`${people.url}/api/v1/events${query}`, { cookie, ...headers });
  streams.push(stream);
  await stream.next("ready");
  return stream;
}

/** The next of this kind: as its schema says, and with nothing of what was written. */
async function told<Kind extends EventKind>(
  kind: Kind,
  detail: Readonly<Record<string, unknown>> = {},
  stream = mine,
) {
  const { data, id } = await stream.next(kind);
  expect(data).not.toContain(CANARY);
  const { tenantId, at, ...rest } = JSON.parse(data);
  expect(Date.parse(at)).toBeGreaterThan(0);
  expect(EVENT_PAYLOADS[kind].parse(rest), data).toMatchObject(detail);
  return { id, tenantId, ...rest } as { readonly id: string; readonly [field: string]: string };
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  { by = owner, ...options }: { by?: Member; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const answer = await by.browser.call(method, `/api/v1${path}`, body, options);
  expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300);
  return answer;
}

const ownBot = () => {
  const { registry, tenantId } = people.installation;
  const bot = registry.list().find((each) => each.tenantId === tenantId);
  if (bot === undefined) throw new Error("there is no bot");
  return bot;
};

async function askInChat(text: string): Promise<void> {
  const { botKey } = ownBot();
  const page = await fetch(`${people.url}/chat/${botKey}`);
  await page.text();
  const cookie = page.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const sent = await fetch(`${people.url}/api/v1/chat/${botKey}/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie },
    body: JSON.stringify({ clientMessageId: randomUUID(), text }),
  });
  expect(sent.status).toBe(202);
}

describe("who follows is told", () => {
  it("of a conversation: what comes, who has it, and what is put on it", async () => {
    await askInChat(`${CANARY}, ¿qué dice el decreto?`);
    await told("contact-changed", { change: "created" });
    const { conversationId } = await told("message-received");
    await told("message-answered", { conversationId });
    await told("delivery-changed", { conversationId, state: "sent" });
    const at = `/conversations/${conversationId}`;
    const handed = (state: string) =>
      told("conversation-handed-over", { conversationId, state, personId: owner.id });
    const changed = (change: string) =>
      told("conversation-changed", { conversationId, change, personId: owner.id });
    await call("PUT", `${at}/hold`, { minutes: 10 });
    await handed("claimed");
    await call("PUT", `${at}/hold`, { minutes: 20 });
    await handed("extended");
    await call("POST", `${at}/replies`, { text: CANARY });
    await handed("extended");
    await changed("reply");
    await call("PUT", `${at}/tags`, { tags: [CANARY] });
    await changed("tagged");
    const note = await call("POST", `${at}/notes`, { text: CANARY });
    await changed("note-added");
    await call("DELETE", `${at}/notes/${note.json.noteId}`);
    await changed("note-removed");
    await call("PUT", `${at}/assignment`, { personId: owner.id });
    await changed("assigned");
    await call("POST", `${at}/release`, {});
    await handed("released");
    await call("PUT", `${at}/state`, { state: "closed" });
    await changed("closed");
    await call("PUT", `${at}/state`, { state: "open" });
    await changed("reopened");
  });

  it("of contacts, one by one, and of an import as a whole", async () => {
    const create = async (value: string) => {
      const draft = { name: CANARY, identifiers: [{ kind: "phone", value }] };
      const { json } = await call("POST", "/contacts", draft);
      await told("contact-changed", { contactId: json.id, change: "created" });
      return json.id as string;
    };
    const [ana, berta] = [await create("+506 8888 7777"), await create("+506 8888 7778")];
    const changed = (contactId: string, change: string) =>
      told("contact-changed", { contactId, change });
    await call("PATCH", `/contacts/${ana}`, { isAllowed: true }, ANY);
    await changed(ana, "allowed");
    await changed(ana, "changed");
    const consent = { state: "refused", evidence: CANARY, givenAt: new Date().toISOString() };
    await call("PATCH", `/contacts/${ana}`, { consent }, ANY);
    await changed(ana, "opted-out");
    await changed(ana, "changed");
    await call("PUT", `/contacts/${ana}/block`, { reason: CANARY });
    await changed(ana, "blocked");
    await call("DELETE", `/contacts/${ana}/block`);
    await changed(ana, "unblocked");
    const merge = await call("POST", `/contacts/${ana}/merges`, { from: berta });
    await changed(ana, "merged");
    await call("DELETE", `/contact-merges/${merge.json.id}`);
    await changed(ana, "merge-undone");
    await call("DELETE", `/contacts/${berta}`);
    await changed(berta, "erased");
    const file = `phone,name,consent\n+506 8777 0001,${CANARY},unknown\n`;
    await call("POST", "/contacts/import", file, { headers: { "content-type": "text/csv" } });
    await told("contacts-imported", { created: 1, updated: 0, skipped: 0 });
  });

  it("of a campaign, from the draft to its end", async () => {
    const draft = { name: CANARY, text: CANARY, bots: [ownBot().botId] };
    const { json } = await call("POST", "/campaigns", draft);
    const at = `/campaigns/${json.id}`;
    const changed = (state: string, change?: string) =>
      told("campaign-changed", { campaignId: json.id, state, ...(change && { change }) });
    await changed("draft", "created");
    const listed = await call("GET", "/contacts");
    const contacts = [listed.json.contacts[0].id];
    await call("PUT", `${at}/audience`, { kind: "contacts", contacts }, ANY);
    await changed("draft", "audience-set");
    await call("POST", `${at}/schedule`, {}, ANY);
    await changed("scheduled", "scheduled");
    await changed("sending");
    // How far it is may be told meanwhile.
    const stateOf = async () => (await told("campaign-changed", { campaignId: json.id })).state;
    await expect.poll(stateOf).toBe("done");
    const second = await call("POST", "/campaigns", draft);
    await call("POST", `/campaigns/${second.json.id}/cancel`, undefined, ANY);
    await told("campaign-changed", { campaignId: second.json.id, change: "created" });
    await told("campaign-changed", { state: "cancelled", change: "cancelled" });
  });

  it("of documents while they are read, and of knowledge sets", async () => {
    const { json } = await call("POST", "/documents", { title: CANARY });
    const changed = (state: string) => told("document-changed", { documentId: json.id, state });
    const until = async (state: string) => {
      const next = async () => (await told("document-changed", { documentId: json.id })).state;
      await expect.poll(next).toBe(state);
    };
    await changed("created");
    const at = `/documents/${json.id}`;
    const sent = await call("PUT", `${at}/content?fileName=a.txt`, `${CANARY} manda aquí.`, {
      headers: { "content-type": "application/octet-stream" },
    });
    expect(sent.json).toBeTruthy();
    await changed("receiving");
    await until("queued");
    await until("ready");
    await call("POST", `${at}/reindex`);
    await changed("queued");
    await until("ready");
    await call("PATCH", at, { title: `${CANARY} 2` }, ANY);
    await changed("changed");
    await call("PUT", "/knowledge-sets/normas", { documents: [json.id] }, ANY);
    const { knowledgeSetId } = await told("knowledge-set-changed", { change: "saved" });
    await call("DELETE", "/knowledge-sets/normas");
    await told("knowledge-set-changed", { knowledgeSetId, change: "removed" });
    await call("DELETE", at);
    await changed("removed");
  });

  it("of assistants, bots and webhooks", async () => {
    await call("PUT", "/assistants/civica", { persona: CANARY });
    const { assistantId } = await told("assistant-changed", { change: "saved" });
    const { json } = await call("POST", "/bots", { channel: "web-chat", name: CANARY });
    await told("bot-changed", { botId: json.id, state: "active" });
    await call("PUT", `/bots/${json.id}/assistant`, { assistant: "civica" });
    await told("bot-changed", { botId: json.id, state: "assistant-chosen" });
    await call("DELETE", `/bots/${json.id}`);
    await told("bot-changed", { botId: json.id, state: "removed" });
    await call("DELETE", "/assistants/civica");
    await told("assistant-changed", { assistantId, change: "removed" });
    const kinds = ["contact-changed"];
    const added = await call("POST", "/webhooks", { url: "https://example.org/x", kinds });
    const endpointId = added.json.id;
    await told("webhook-changed", { endpointId, state: "active" });
    await call("DELETE", `/webhooks/${endpointId}`);
    await told("webhook-changed", { endpointId, state: "removed" });
  });

  it("of what is paused and switched, and operators of what is theirs alone", async () => {
    const by = admin;
    const pause = await call("POST", "/pauses", { stops: "answers", reason: CANARY });
    await told("queue-changed", { pauseId: pause.json.id, state: "draining" });
    await call("DELETE", `/pauses/${pause.json.id}`);
    await told("queue-changed", { pauseId: pause.json.id, state: "resumed" });
    await call("PUT", "/switches/media", { isOn: false, reason: CANARY });
    await told("switch-changed", { feature: "media", state: "off" });
    await call("PUT", "/shedding", { isAutomatic: true, reason: CANARY }, { by });
    await told("shedding-changed", { level: 0, isAutomatic: true }, platform);
    const model = "openai:gpt-4.1-mini";
    await call("POST", "/breakers/orders", { order: "trip", model, reason: CANARY }, { by });
    await told("breaker-changed", { model, state: "tripped" }, platform);
    const draft = { texts: { es: { title: CANARY, body: CANARY } }, severity: "info" };
    const shown = await call("POST", "/platform/announcements", draft, { by });
    const announcementId = shown.json.id;
    for (const stream of [mine, platform, foreign]) {
      await told("announcement-changed", { announcementId, change: "published" }, stream);
    }
  });

  it("of members, keys and money; of a sign-in, the person alone whose it is", async () => {
    const email = "nuevo@example.org";
    const invited = await call("POST", "/invitations", { email, role: "viewer" });
    const { invitationId } = await told("member-changed", { change: "invited" });
    expect(invitationId).toBe(invited.json.id);
    await call("DELETE", `/invitations/${invitationId}`);
    await told("member-changed", { invitationId, change: "invitation-withdrawn" });
    const joining = await people.join("vera@example.org", "viewer");
    await told("member-changed", { change: "invited" });
    await told("member-changed", { personId: joining.id, change: "joined" });
    await call("PATCH", `/members/${joining.id}`, { role: "agent" });
    await told("member-changed", { personId: joining.id, change: "changed" });
    await call("PATCH", `/members/${joining.id}`, { isDisabled: true });
    await told("member-changed", { personId: joining.id, change: "disabled" });
    const key = await call("POST", "/api-keys", { name: CANARY, scopes: ["contacts"] });
    await told("api-key-changed", { apiKeyId: key.json.id, change: "added" });
    await call("DELETE", `/api-keys/${key.json.id}`);
    await told("api-key-changed", { apiKeyId: key.json.id, change: "revoked" });
    const booked = { kind: "top-up", amountMicroUsd: 5, reference: randomUUID() };
    const tenant = { "pregonero-tenant": people.installation.tenantId };
    await call("POST", "/balance/transactions", booked, { by: admin, headers: tenant });
    await told("balance-changed", { state: "topped-up" });
    const ofEditor = await follow(editor.browser);
    const elsewhere = people.browser();
    const credentials = { email: editor.email, password: PASSWORD };
    await elsewhere.call("POST", "/api/v1/session", credentials);
    await elsewhere.call("POST", "/api/v1/session/totp", { code: editor.totp?.code(1) });
    await told("signed-in", { personId: editor.id }, ofEditor);
    await call("PATCH", "/tenant", { timeZone: "America/Bogota" }, ANY);
    await told("tenant-changed", { change: "changed" });
    await told("tenant-changed", { change: "changed" }, ofEditor);
    expect(ofEditor.names).not.toContain("api-key-changed");
    for (const stream of [mine, platform]) expect(stream.names).not.toContain("signed-in");
  });

  it("of a tenant's being suspended, whoever operates", async () => {
    const watching = await follow(admin.browser, {}, `?tenant=${theirs}`);
    const put = (state: string) =>
      call("PUT", `/tenants/${theirs}/state`, { state }, { by: admin });
    await put("suspended");
    await told("tenant-changed", { change: "suspended" }, watching);
    await put("active");
    await told("tenant-changed", { change: "opened" }, watching);
  });
});

describe("whoever follows another tenant", () => {
  it("was told of nothing that happened in this one", () => {
    const own = ["ready", "announcement-changed", "tenant-changed", "shedding-changed"];
    expect(foreign.names.filter((name) => !own.includes(name))).toEqual([]);
    expect(mine.names).not.toContain("shedding-changed");
    expect(mine.names).not.toContain("breaker-changed");
  });
});

describe("a stream that is cut again and again", () => {
  it("misses nothing and repeats nothing when it goes on after its last event", async () => {
    const { notices, tenantId } = people.installation;
    const TOTAL = 120;
    const begin = await follow(owner.browser);
    const appending = (async () => {
      for (let index = 0; index < TOTAL; index++) {
        const detail = { exportId: `replayed ${index}` };
        await notices.log.append(tenantId, [{ kind: "export-ready", detail }]);
      }
    })();
    const seen: string[] = [];
    let stream = begin;
    while (seen.length < TOTAL) {
      const { data, id } = await stream.next("export-ready");
      seen.push(JSON.parse(data).exportId);
      if (seen.length % 7 !== 0) continue;
      stream.close();
      stream = readEvents(`${people.url}/api/v1/events`, {
        cookie: [...owner.browser.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        "last-event-id": id,
      });
      streams.push(stream);
    }
    await appending;
    expect(seen).toEqual(Array.from({ length: TOTAL }, (_, index) => `replayed ${index}`));
  });
});
