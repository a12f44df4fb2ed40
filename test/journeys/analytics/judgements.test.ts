import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { asId, type TenantId } from "../../../src/core/ids.ts";
import { type EventReader, readEvents } from "../http-event-reader.ts";
import { type Agent, joinProduct } from "../inbox/agents.ts";
import { type RunningProduct, startProduct } from "../running-product.ts";
import { rowsWith } from "../telegram/dump-in-the-clear.ts";

const QUESTION = "¿Qué departamentos atiende la Oficina Consular honoraria en El Calafate?";
const COMMENT = "=HYPERLINK(1); le faltó el horario de la jacaranda";

let product: RunningProduct;
let agent: Agent;
let editor: Agent;
let elsewhere: Agent;
const readers: EventReader[] = [];
beforeAll(async () => {
  product = await startProduct();
  agent = await joinProduct(product, "ana@example.org");
  editor = await joinProduct(product, "edu@example.org", "editor");
  const id = asId<TenantId>(randomUUID());
  await product.installation.database.asDispatcher((tx) =>
    tx.query("insert into tenant (id, slug, name) values ($1, $2, 'Otra')", [id, id]),
  );
  elsewhere = await joinProduct(product, "otra@example.org", "agent", id);
});
afterAll(async () => {
  for (const reader of readers) reader.close();
  await product?.close();
});

interface Shown {
  readonly id: string;
  readonly part: { readonly kind: string };
  readonly answer?: { readonly messageId: string; readonly vote?: string };
}

/** Somebody who has the chat page open. */
async function openChat() {
  const bot = product.installation.registry.list().find(({ channel }) => channel === "web-chat");
  const page = await fetch(`${product.url}/chat/${bot?.botKey}`);
  const cookie = page.headers.get("set-cookie")?.split(";")[0] ?? "";
  const at = `${product.url}/api/v1/chat/${bot?.botKey}`;
  const follow = () => {
    const reader = readEvents(`${at}/events`, { cookie });
    readers.push(reader);
    return reader;
  };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${at}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie, ...headers },
      body: JSON.stringify(body),
    });
  const events = follow();
  async function nextReply(from = events): Promise<Shown> {
    for (;;) {
      const shown = JSON.parse((await from.next("entry")).data) as Shown;
      if (shown.part.kind !== "visitor") return shown;
    }
  }
  return {
    follow,
    nextReply,
    async ask(text: string): Promise<Shown> {
      await post("/messages", { clientMessageId: randomUUID(), text });
      return nextReply();
    },
    async tap(button: string): Promise<Shown> {
      await post("/messages", { clientMessageId: randomUUID(), button });
      return nextReply();
    },
    judge: (messageId: string, body: unknown, headers?: Record<string, string>) =>
      post(`/messages/${messageId}/feedback`, body, headers),
  };
}
type Chat = Awaited<ReturnType<typeof openChat>>;

const listed = async (by = agent, query = "") =>
  (await by.browser.call("GET", `/api/v1/feedback${query}`)).json.feedback;
const eventually = (seen: () => Promise<unknown>, expected: unknown) =>
  vi.waitFor(async () => expect(await seen()).toEqual(expected), {
    timeout: 30_000,
    interval: 250,
  });

describe("in the web chat", () => {
  let chat: Chat;
  let messageId: string;
  beforeAll(async () => {
    chat = await openChat();
    messageId = (await chat.ask(QUESTION)).answer?.messageId ?? "";
  });

  it("an answer to a question can be judged, and a greeting cannot", async () => {
    const greeted = await openChat();
    const greeting = await greeted.ask("hola");
    expect(greeting.answer).toBeUndefined();
    expect(messageId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("a judgement is kept, shown again to the page, and changed as often as one likes", async () => {
    const first = await chat.judge(messageId, { vote: "up" });
    expect(first.status).toBe(200);
    expect(await first.json()).toEqual({ messageId, vote: "up" });
    for (let again = 0; again < 2; again += 1) {
      expect((await chat.judge(messageId, { vote: "down", comment: COMMENT })).status).toBe(200);
    }
    expect(await listed()).toMatchObject([
      { vote: "down", comment: COMMENT, question: QUESTION, messageId },
    ]);
    const reloaded = await chat.nextReply(chat.follow());
    expect(reloaded.answer).toEqual({ messageId, vote: "down" });
  });

  it("is of one's own conversation: of another visitor's, and of none, there is nothing to judge", async () => {
    const other = await openChat();
    await other.ask(QUESTION);
    const before = await listed();
    for (const id of [messageId, randomUUID(), "1", "%27"]) {
      expect((await other.judge(id, { vote: "up" })).status, id).toBe(404);
    }
    expect((await other.judge(messageId, { vote: "up" }, { cookie: "" })).status).toBe(401);
    const foreign = { origin: "https://evil.example" };
    expect((await chat.judge(messageId, { vote: "up" }, foreign)).status).toBe(403);
    expect(await listed()).toEqual(before);
  });

  it.each([
    ["no vote", {}],
    ["another vote", { vote: "sideways" }],
    ["too many words", { vote: "up", comment: "a".repeat(501) }],
    ["words that go with nothing", { vote: "none", comment: "a" }],
    ["a field of its own", { vote: "up", contactId: randomUUID() }],
  ])("refuses a judgement with %s", async (_, body) => {
    expect((await chat.judge(messageId, body)).status).toBe(400);
  });

  it("is seen by staff in the history, the passport, the events and a table, each as they may", async () => {
    const [entry] = await listed();
    const history = await agent.browser.call(
      "GET",
      `/api/v1/conversations/${entry.conversationId}/history`,
    );
    const answered = history.json.entries.find(
      ({ kind }: { readonly kind: string }) => kind === "answered",
    );
    expect(answered.judgements).toMatchObject([{ vote: "down", comment: COMMENT }]);
    const passport = await agent.browser.call(
      "GET",
      `/api/v1/conversations/${entry.conversationId}/passports/${messageId}`,
    );
    const judged = passport.json.events.filter(
      ({ kind }: { readonly kind: string }) => kind === "judged",
    );
    expect(judged.map(({ detail }: { readonly detail: object }) => detail)).toEqual([
      { vote: "up", by: "page" },
      { vote: "down", by: "page" },
    ]);
    const { text, headers } = await agent.browser.call("GET", "/api/v1/feedback.csv?vote=down");
    expect(headers.get("content-type")).toContain("text/csv");
    expect(text).toContain(`"'${COMMENT}"`);
    expect(await listed(agent, "?vote=up")).toEqual([]);
    expect(await listed(editor)).toMatchObject([
      { vote: "down", comment: null, question: null, answer: null },
    ]);
    const { text: bare } = await editor.browser.call("GET", "/api/v1/feedback.csv");
    expect(bare).not.toContain("jacaranda");
    expect((await agent.browser.call("GET", "/api/v1/feedback?vote=x")).status).toBe(400);
  });

  it("is of nobody else's: another tenant sees none of it, nor its words anywhere", async () => {
    expect(await listed(elsewhere)).toEqual([]);
    const { text } = await elsewhere.browser.call("GET", "/api/v1/feedback.csv");
    expect(text.trim().split("\r\n")).toHaveLength(1);
    expect(product.logLines.join("")).not.toContain("jacaranda");
  });

  it("is erased with the citizen", async () => {
    await chat.ask("/borrar");
    await chat.tap("erase:yes");
    await eventually(() => rowsWith(/jacaranda/, product.installation), []);
    expect(await listed()).toEqual([]);
    expect((await chat.judge(messageId, { vote: "up" })).status).toBe(404);
  });
});

describe("in Telegram", () => {
  it("a thumb under the answer judges it, another changes it, and taken away it is taken back", async () => {
    const user = product.standIn.user(901, { languageCode: "es" });
    const [answer] = await product.ask(user, QUESTION);
    if (answer === undefined) throw new Error("Nothing was answered.");
    const votes = async () => (await listed()).map(({ vote }: { readonly vote: string }) => vote);
    user.react(answer, ["👍🏽"]);
    await eventually(votes, ["up"]);
    user.react(answer, ["👎"]);
    await eventually(votes, ["down"]);
    user.react(answer, ["🤔"]);
    await eventually(votes, []);
  });

  it("a thumb under anything else is nothing, and no message", async () => {
    const user = product.standIn.user(902, { languageCode: "es" });
    const [help] = await product.ask(user, "/ayuda");
    if (help === undefined) throw new Error("Nothing was answered.");
    const { updateId } = user.react(help, ["👍"]);
    await product.ask(user, "/ayuda");
    expect(await listed()).toEqual([]);
    const { passports, tenantId } = product.installation;
    expect(await passports.find(tenantId, String(updateId))).toEqual([]);
  });
});
