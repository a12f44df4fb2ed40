import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MessageRow } from "../../bots/whatsapp-web/detection/page-reader.ts";
import { hasChromium, launchChromium } from "./chromium.ts";
import { openReading } from "./whatsapp-reading.ts";

const FIXTURES = "bots/whatsapp-web/detection/__fixtures__";
const fixture = (name: string) => readFile(path.join(FIXTURES, name), "utf8");
const NOW = () => new Date("2026-11-21T20:30:00Z");

/** What each redesign takes away. The other strategies go on. */
const REDESIGNS: readonly (readonly [string, string])[] = [
  [
    "test ids and icon names",
    `for (const each of document.querySelectorAll("#main [data-id] *, #main [data-id]")) { each.removeAttribute("data-testid"); each.removeAttribute("data-icon"); }
     for (const each of document.querySelectorAll("#main title")) each.remove();`,
  ],
  [
    "accessible names",
    `for (const each of document.querySelectorAll("#main [aria-label]")) each.removeAttribute("aria-label");`,
  ],
  [
    "the sides of the bubbles",
    `for (const each of document.querySelectorAll(".focusable-list-item")) each.style.justifyContent = "flex-start";`,
  ],
  [
    "the words, in a language that no pack knows",
    `for (const each of document.querySelectorAll("#main [aria-label]")) each.setAttribute("aria-label", "ⵜⵉⴼⵉⵏⴰⵖ");`,
  ],
];

describe.skipIf(!hasChromium)("a page that was redesigned", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  async function read(html: string, change = "", packs?: string) {
    const reading = await openReading(browser, {
      locale: "it-IT",
      clock: NOW,
      ...(packs === undefined ? {} : { packs }),
    });
    try {
      await reading.page.setContent(html);
      if (change !== "") await reading.page.evaluate(change);
      const chats = await reading.reader.chatsDrawn();
      const rows = await reading.reader.rows();
      const conversation = await reading.reader.conversation();
      const canary = await reading.reader.canary();
      const composers = await reading.reader.composer().count();
      return {
        ...reading,
        chats,
        rows,
        conversation,
        canary,
        composers,
        pack: reading.reader.pack(),
      };
    } finally {
      await reading.context.close();
    }
  }

  it("era B, as of 2023, in English", async () => {
    const { rows, chats, conversation, canary, pack, drifts, composers } = await read(
      await fixture("era-b.html"),
    );
    expect(pack).toMatch(/^b\//);
    expect(canary).toEqual({ isReadable: true, failures: [] });
    expect(composers).toBe(1);
    expect(chats).toMatchObject([
      { title: "Ana", kind: "private", unreadCount: 2, preview: "so long", isLastOurs: true },
      { title: "Las vecinas", kind: "group", unreadCount: 0 },
    ]);
    expect(conversation).toMatchObject({ title: "Ana", kind: "private", phone: "50688887777" });
    expect(rows).toMatchObject([
      // 8/13 proves the order; 19:46 is no sign of another one.
      {
        canonicalId: "3A0000000000000000B1",
        direction: "in",
        text: "hello 😀",
        sentAt: "2023-08-14T01:46:00.000Z",
      },
      {
        direction: "out",
        text: "an answer",
        tick: "read",
        quote: { text: "hello 😀", isOurs: false },
      },
      { direction: "out", text: "so long", tick: "pending", sentAt: "2023-08-12T01:48:00.000Z" },
      { direction: "in", kind: "deleted" },
    ]);
    expect(drifts).toEqual([]);
  });

  it("era D, in Italian", async () => {
    const { rows, chats, conversation, canary, pack, drifts, composers } = await read(
      await fixture("era-d-it.html"),
    );
    expect(pack).toMatch(/^d\//);
    expect(canary).toEqual({ isReadable: true, failures: [] });
    expect(composers).toBe(1);
    expect(chats).toMatchObject([
      {
        title: "+39 333 123 4567",
        phone: "393331234567",
        kind: "private",
        unreadCount: 1,
        preview: "ciao",
      },
      { title: "Pregonero", isSelf: true, isLastOurs: true },
    ]);
    expect(conversation).toMatchObject({ title: "Vicine", kind: "group" });
    expectItalian(rows);
    expect(drifts).toEqual([]);
  });

  it.each(REDESIGNS)(
    "loses %s, and no row turns into ours or theirs that is not",
    async (_name, change) => {
      const { rows } = await read(await fixture("era-d-it.html"), change);
      const truth = ["in", "in", "out", "out", "out", "unknown"];
      expect(rows).toHaveLength(truth.length);
      for (const [at, row] of rows.entries()) {
        expect([truth[at], "unknown"]).toContain(row.direction);
        expect(row.sentAt ?? "2026-08-27").toMatch(/^2026-08-27/);
      }
      expect(rows.filter(({ direction }) => direction === "in").map(({ text }) => text)).toContain(
        "@Pregonero prima riga\nseconda @Pregonero",
      );
      expect(rows[2]?.text).toBe("risposta");
    },
  );

  it("beyond every pack is named so, with what is missing", async () => {
    const { canary } = await read(
      await fixture("era-d-it.html"),
      `for (const each of document.querySelectorAll("[title]")) each.removeAttribute("title");
       document.querySelector("footer").remove();`,
    );
    expect(canary.isReadable).toBe(false);
    expect(canary.failures.join("\n")).toMatch(/rows without a title.*\n.*no compose box/);
  });

  it("without ids of messages is named so", async () => {
    const html = (await fixture("era-d-it.html")).replaceAll("data-id", "data-key");
    const { rows, canary } = await read(html.replaceAll("conv-msg-", "row-"));
    expect(rows).toEqual([]);
    expect(canary.failures).toEqual(["conversation: messages are drawn, and none has an id"]);
  });

  it("is read again with a pack from a folder, without a release", async () => {
    const directory = await mkdtemp(path.join(tmpdir(), "pregonero-packs-"));
    const [before, after] = ["conversation-info-header-chat-title", "name-of-the-chat"];
    const html = (await fixture("era-d-it.html")).replace(before, after);
    const pack = JSON.parse(await readFile("bots/whatsapp-web/packs/era-d.json", "utf8"));
    pack.conversation.title = [`[data-testid='${after}']`];
    try {
      const broken = await read(html);
      expect(broken.canary.failures).toEqual(["conversation: no title"]);
      await writeFile(
        path.join(directory, "era-d.json"),
        JSON.stringify({ ...pack, version: "mended" }),
      );
      const healed = await read(html, "", directory);
      expect(healed.pack).toBe("d/mended");
      expect(healed.conversation).toMatchObject({ title: "Vicine" });
      expect(healed.canary).toEqual({ isReadable: true, failures: [] });
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

function expectItalian(rows: readonly MessageRow[]): void {
  expect(rows).toMatchObject([
    {
      direction: "in",
      kind: "text",
      text: "@Pregonero prima riga\nseconda @Pregonero",
      mentionsUs: true,
      isEdited: true,
      sender: { name: "Anna" },
      sentAt: "2026-08-27T04:16:00.000Z",
    },
    {
      direction: "in",
      kind: "photo",
      sender: { name: "Anna" },
      sentAt: "2026-08-27T04:17:00.000Z",
    },
    {
      direction: "out",
      text: "risposta",
      tick: "delivered",
      quote: { text: "di prima", isOurs: true },
    },
    { direction: "out", text: "in partenza", tick: "pending" },
    { direction: "out", kind: "deleted" },
    { direction: "unknown", kind: "system" },
  ]);
}
