import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { MessageRow, PageChange } from "../../bots/whatsapp-web/detection/page-reader.ts";
import {
  startWhatsAppWebStandIn,
  type WhatsAppWebStandIn,
} from "../stand-ins/whatsapp-web/start-stand-in.ts";
import { hasChromium, launchChromium } from "./chromium.ts";
import { openReading, type Reading } from "./whatsapp-reading.ts";

const jidOf = (at: number) => `5068${String(at).padStart(7, "0")}@c.us`;

describe.skipIf(!hasChromium).each(["C", "D"] as const)("a long account in era %s", (era) => {
  let browser: Browser;
  let standIn: WhatsAppWebStandIn;
  let reading: Reading;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    standIn = await startWhatsAppWebStandIn({ session: "s", settings: { era, language: "es" } });
    reading = await openReading(browser);
  });
  afterEach(async () => {
    await reading.context.close();
    await standIn.close();
  });

  async function signIn(): Promise<void> {
    await reading.page.goto(`${standIn.url}?session=s`);
    await reading.page.waitForSelector("#pane-side [title]");
  }
  const ids = (rows: readonly MessageRow[]) => rows.map(({ canonicalId }) => canonicalId);

  it("every chat of a list of which a part is drawn, also two of one name", async () => {
    for (let at = 0; at < 150; at += 1) {
      standIn.addChat(jidOf(at), { name: at < 2 ? "Ana" : `Persona ${at}` });
      standIn.receive({ chat: jidOf(at), text: `hola ${at}`, atMs: 1_790_000_000_000 + at * 1000 });
      if (at % 2 === 0) standIn.changeChat(jidOf(at), { unread: 0 });
    }
    await signIn();
    const chats = await reading.reader.chats();
    const titles = chats.filter(({ isSelf }) => !isSelf).map(({ title }) => title);
    expect(titles).toHaveLength(150);
    expect(new Set(titles).size).toBe(149);
    expect(await reading.reader.chats({ unreadOnly: true })).toHaveLength(75);
    expect(chats[0]?.title).toBe("Persona 149");
    // Far below what is drawn: found by typing into the search, which is emptied again.
    await reading.reader.open({ title: "Persona 2" });
    expect(await reading.reader.openTitle()).toBe("Persona 2");
    await expect
      .poll(() => reading.reader.chatsDrawn().then((drawn) => drawn[0]?.title))
      .toBe("Persona 149");
    if (era === "C") return;
    await expect(reading.reader.open({ title: "Nadie" })).rejects.toMatchObject({
      code: "chat-not-found",
    });
  });

  it("every message since the last one read, across shells and older pages", async () => {
    standIn.addChat(jidOf(1), { name: "Ana" });
    const sent = Array.from({ length: 230 }, (_, at) =>
      standIn.receive({
        chat: "Ana",
        text: at % 40 === 7 ? `${at} ${"muy largo ".repeat(900)}` : `mensaje ${at}`,
        atMs: 1_790_000_000_000 + at * 60_000,
      }),
    );
    await signIn();
    await reading.reader.open({ title: "Ana" });
    const since = await reading.reader.rowsAfter([sent[20] ?? "", sent[29] ?? ""], 1000);
    expect(since.ended).toBe("met");
    expect(ids(since.rows)).toEqual(sent.slice(30));
    expect(since.rows.every(({ isComplete }) => isComplete)).toBe(true);
    expect(since.rows[17]?.text?.length).toBeGreaterThan(8900);
    const newest = await reading.reader.rowsAfter(["never-seen"], 60);
    expect(newest.ended).toBe("limit");
    expect(ids(newest.rows)).toEqual(sent.slice(-60));
    const fresh = standIn.receive({ chat: "Ana", text: "y otra" });
    await expect.poll(() => reading.reader.rows().then((rows) => ids(rows).at(-1))).toBe(fresh);
  });

  it("one message of 65,536 characters, whole", async () => {
    standIn.addChat(jidOf(1), { name: "Ana" });
    const before = standIn.receive({ chat: "Ana", text: "antes" });
    const text = `${"línea de texto 😀\n".repeat(3640)}fin`.slice(0, 65_530);
    standIn.receive({ chat: "Ana", text });
    await signIn();
    await reading.reader.open({ title: "Ana" });
    const { rows } = await reading.reader.rowsAfter([before], 10);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.text).toBe(text);
  });

  it("files: a photo, a voice note, a document; not those that are too large", async () => {
    standIn.addChat(jidOf(1), { name: "Ana" });
    const bytes = new Uint8Array(Buffer.from("%PDF-1.4 lo que sea"));
    for (const kind of ["image", "voice", "document"] as const) {
      standIn.receive({ chat: "Ana", media: { kind, ...(kind === "image" ? {} : { bytes }) } });
    }
    await signIn();
    await reading.reader.open({ title: "Ana" });
    const rows = await reading.reader.rows();
    const { signal } = new AbortController();
    const load = (kind: string, maxBytes = 1_000_000) => {
      const row = rows.find((each) => each.kind === kind);
      if (row === undefined) throw new Error(`no ${kind}`);
      return reading.reader.download(row, { maxBytes, signal });
    };
    expect(
      Buffer.from(await load("photo"))
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
    expect(Buffer.from(await load("voice"))).toEqual(Buffer.from(bytes));
    expect(Buffer.from(await load("document"))).toEqual(Buffer.from(bytes));
    await expect(load("photo", 5)).rejects.toMatchObject({ code: "media-too-large" });
    await expect(load("document", 5)).rejects.toMatchObject({ code: "media-too-large" });
  });

  it("what changes, told by the page itself, also after it was loaded anew", async () => {
    standIn.addChat(jidOf(1), { name: "Ana" });
    standIn.receive({ chat: "Ana", text: "uno" });
    const changes: PageChange[] = [];
    const watching = new AbortController();
    await signIn();
    await reading.reader.watch((change) => void changes.push(change), watching.signal);
    const told = (area: "chats" | "conversation") =>
      changes.some((change) => change.kind === "changed" && change.areas.includes(area));
    await expect.poll(() => changes.some(({ kind }) => kind === "heartbeat")).toBe(true);
    for (const round of [1, 2]) {
      await reading.reader.open({ title: "Ana" });
      changes.splice(0);
      const startedAt = performance.now();
      standIn.receive({ chat: "Ana", text: `mensaje ${round}` });
      await expect.poll(() => told("conversation") && told("chats"), { interval: 10 }).toBe(true);
      expect(performance.now() - startedAt).toBeLessThan(5000);
      if (round === 1) {
        await signIn();
        expect(changes).toContainEqual({ kind: "navigated" });
      }
    }
    watching.abort();
    changes.splice(0);
    standIn.receive({ chat: "Ana", text: "ya nadie escucha" });
    await expect
      .poll(() => reading.reader.rows().then((rows) => rows.at(-1)?.text))
      .toBe("ya nadie escucha");
    expect(changes).toEqual([]);
  });
});
