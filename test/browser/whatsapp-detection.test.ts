import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { MessageRow } from "../../bots/whatsapp-web/detection/page-reader.ts";
import type { Era, Language } from "../stand-ins/whatsapp-web/model.ts";
import {
  startWhatsAppWebStandIn,
  type WhatsAppWebStandIn,
} from "../stand-ins/whatsapp-web/start-stand-in.ts";
import { hasChromium, launchChromium } from "./chromium.ts";
import { OWN_NAME, openReading, type Reading } from "./whatsapp-reading.ts";

const ANA = "50688887777@c.us";
const STRANGER = "50670001122@c.us";
const GROUP = "120363040506070809@g.us";
const EVA = { jid: "50611112222@c.us", lid: "112@lid", name: "Eva: la de aquí", isSaved: true };
const UNSAVED = {
  jid: "50633334444@c.us",
  lid: "134@lid",
  name: "+506 33 33 44 44",
  isSaved: false,
};
const YESTERDAY_MS = Date.UTC(2026, 10, 20, 16, 5);
const NOW = new Date("2026-11-21T20:30:00Z");

interface Combination {
  readonly era: Era;
  readonly language: Language;
  readonly ids: "bare" | "prefixed";
  readonly usesLids: boolean;
}

/** The rollout of D is per account: some still have ids with a prefix, some name people by their lid. */
const COMBINATIONS: readonly Combination[] = [
  { era: "C", language: "en", ids: "prefixed", usesLids: false },
  { era: "C", language: "es", ids: "prefixed", usesLids: false },
  { era: "C", language: "pt", ids: "prefixed", usesLids: true },
  { era: "D", language: "en", ids: "bare", usesLids: false },
  { era: "D", language: "es", ids: "bare", usesLids: false },
  { era: "D", language: "pt", ids: "bare", usesLids: false },
  { era: "D", language: "es", ids: "prefixed", usesLids: true },
];

const LOCALES: Readonly<Record<Language, string>> = { en: "en-US", es: "es-CR", pt: "pt-BR" };

interface Expected extends Partial<MessageRow> {
  readonly id: string;
}

describe.skipIf(!hasChromium)("reading WhatsApp Web in every era and language", () => {
  let browser: Browser;
  let standIn: WhatsAppWebStandIn;
  let ana: readonly Expected[];
  let group: readonly Expected[];

  beforeAll(async () => {
    browser = await launchChromium();
    standIn = await startWhatsAppWebStandIn({
      session: "s",
      ownName: OWN_NAME,
      now: () => NOW.getTime(),
      settings: { stampedShare: 0.5 },
    });
    ana = writeToAna(standIn);
    group = writeToGroup(standIn);
    standIn.addChat("120363000000000001@g.us", { name: "Otro grupo", participants: [EVA] });
    standIn.receive({ chat: "Otro grupo", text: "¿y esto?", mention: ["me"] });
    standIn.addChat(STRANGER);
    standIn.receive({ chat: STRANGER, text: "<img src=x onerror=alert(1)>" });
    standIn.changeChat(STRANGER, { unread: 1227, isMuted: true });
  });
  afterAll(async () => {
    await browser.close();
    await standIn.close();
  });

  describe.each(COMBINATIONS)(
    "era $era, $language, $ids ids",
    ({ era, language, ids, usesLids }) => {
      let reading: Reading;
      beforeAll(async () => {
        standIn.change({ era, language, ids, usesLids });
        reading = await openReading(browser, { locale: LOCALES[language], clock: () => NOW });
        await reading.page.goto(`${standIn.url}?session=s`);
        await reading.page.waitForSelector("#pane-side [title]");
      });
      afterAll(() => reading.context.close());
      beforeEach(() => void reading.drifts.splice(0));

      it("the pack of the era reads it", async () => {
        const screen = await reading.reader.screen();
        expect(screen).toMatchObject({
          kind: "main",
          pack: expect.stringMatching(`^${era.toLowerCase()}/`),
        });
        expect(await reading.reader.canary()).toEqual({ isReadable: true, failures: [] });
      });

      it("chats with their titles, badges and previews", async () => {
        const chats = await reading.reader.chats();
        const byTitle = (title: string) => chats.find((chat) => chat.title === title);
        expect(byTitle("Ana <b>")).toMatchObject({
          kind: "private",
          isSelf: false,
          isConversation: true,
        });
        expect(byTitle("Vecinas")).toMatchObject({ kind: "group" });
        expect(byTitle("Otro grupo")).toMatchObject({
          kind: "group",
          hasMention: true,
          unreadCount: 1,
        });
        expect(byTitle(OWN_NAME)).toMatchObject({ isSelf: true });
        expect(chats.find(({ phone }) => phone === "50670001122")).toMatchObject({
          unreadCount: 1227,
          isMuted: true,
          kind: "private",
          preview: "<img src=x onerror=alert(1)>",
        });
      });

      it("every message of a person, and ours", async () => {
        await reading.reader.open({ title: "Ana <b>" });
        expect(await reading.reader.conversation()).toMatchObject({
          title: "Ana <b>",
          kind: "private",
        });
        const { rows, ended } = await reading.reader.rowsAfter([], 100);
        expect(ended).toBe("beginning");
        expectRows(rows, ana);
        // The reaction's emoji is no caption.
        expect(rows.find(({ kind }) => kind === "voice")?.text).toBeUndefined();
        const chatJids = new Set(rows.map(({ chatJid }) => chatJid));
        const isNamed = ids === "prefixed" || era === "C";
        expect([...chatJids]).toEqual([
          isNamed ? expect.stringMatching(usesLids ? /@lid$/ : /^50688887777@c/) : undefined,
        ]);
        expect(reading.drifts).toEqual([]);
      });

      it("who wrote in a group, and who is meant", async () => {
        await reading.reader.open({ title: "Vecinas" });
        expect(await reading.reader.conversation()).toMatchObject({ kind: "group" });
        const { rows } = await reading.reader.rowsAfter([], 100);
        expectRows(rows, group);
        expect(await reading.reader.canary()).toEqual({ isReadable: true, failures: [] });
      });
    },
  );

  it("goes on when the page changes its era and language under it, without a restart", async () => {
    standIn.change({ era: "C", language: "es", ids: "prefixed", usesLids: false });
    const reading = await openReading(browser, { clock: () => NOW });
    try {
      await reading.page.goto(`${standIn.url}?session=s`);
      await reading.page.waitForSelector("#pane-side [title]");
      await reading.reader.open({ title: "Ana <b>" });
      const before = await reading.reader.rowsAfter([], 100);
      standIn.change({ era: "D", language: "pt", ids: "bare" });
      await reading.page.waitForSelector("[data-testid='conversation-panel-messages']");
      const after = await reading.reader.rowsAfter([], 100);
      const told = (rows: readonly MessageRow[]) =>
        rows.map(({ canonicalId, direction, kind, text }) => ({
          canonicalId,
          direction,
          kind,
          text,
        }));
      expect(told(after.rows)).toEqual(told(before.rows));
      expect(reading.reader.pack()).toMatch(/^d\//);
      expect(reading.logged).toContain("selector-pack-changed");
      const last = before.rows.at(-3)?.canonicalId ?? "";
      expect((await reading.reader.rowsAfter([last], 100)).rows).toHaveLength(2);
    } finally {
      await reading.context.close();
    }
  });
});

/** Every expected row is there, once, in order, with all that is expected of it. */
function expectRows(rows: readonly MessageRow[], expected: readonly Expected[]): void {
  expect(rows.map(({ canonicalId }) => canonicalId)).toEqual(expected.map(({ id }) => id));
  for (const [at, { id: _id, ...wanted }] of expected.entries())
    expect(rows[at]).toMatchObject(wanted);
}

function writeToAna(standIn: WhatsAppWebStandIn): readonly Expected[] {
  standIn.addChat(ANA, { name: "Ana <b>" });
  const expected: Expected[] = [];
  const receive = (wanted: Partial<MessageRow>, incoming: object): string => {
    const id = standIn.receive({
      chat: ANA,
      id: `3A${String(expected.length + 1).padStart(18, "0")}`,
      ...incoming,
    });
    expected.push({ id, direction: "in", ...wanted });
    return id;
  };
  const send = (wanted: Partial<MessageRow>, text: string): string => {
    const id = standIn.sendFromPhone(ANA, text, `3EB0${String(expected.length).padStart(18, "0")}`);
    expected.push({ id, direction: "out", ...wanted });
    return id;
  };
  const lines = "Primera línea\n\nTercera: 😀 <script>alert(1)</script>\n- punto";
  const first = receive(
    { kind: "text", text: lines.replace("- punto", "punto"), sentAt: "2026-11-20T16:05:00.000Z" },
    { text: lines, atMs: YESTERDAY_MS },
  );
  const ours = send({ kind: "text", text: "Respuesta en negrita" }, "Respuesta en *negrita*");
  receive(
    { kind: "text", text: "de acuerdo", quote: { text: "Respuesta en *negrita*", isOurs: true } },
    { text: "de acuerdo", quote: ours },
  );
  receive({ kind: "text", text: "cito", quote: { isOurs: false } }, { text: "cito", quote: first });
  receive(
    { kind: "photo", text: "pie de foto" },
    { text: "pie de foto", media: { kind: "image" } },
  );
  const voice = receive({ kind: "voice", media: { seconds: 7 } }, { media: { kind: "voice" } });
  standIn.react(voice, "👍");
  receive(
    { kind: "document", media: { fileName: 'La "Gaceta".pdf', sizeText: "71 B" } },
    { media: { kind: "document", fileName: 'La "Gaceta".pdf' } },
  );
  receive({ kind: "video", media: { seconds: 12 } }, { media: { kind: "video" } });
  receive({ kind: "sticker" }, { media: { kind: "sticker" } });
  receive(
    { kind: "album", media: { count: 5 } },
    { media: Array.from({ length: 5 }, () => ({ kind: "image" })) },
  );
  receive({ kind: "location" }, { kind: "location" });
  receive({ kind: "contact" }, { kind: "contact" });
  receive({ kind: "poll" }, { kind: "poll" });
  receive({ kind: "system", direction: "unknown" }, { kind: "system", text: "encrypted" });
  for (const tick of ["sent", "delivered", "read", "failed"] as const) {
    standIn.tick(send({ kind: "text", text: `marca ${tick}`, tick }, `marca ${tick}`), tick);
  }
  const edited = receive({ kind: "text", text: "corregido", isEdited: true }, { text: "antes" });
  standIn.edit(edited, "corregido");
  standIn.delete(receive({ kind: "deleted" }, { text: "se borra" }));
  standIn.delete(send({ kind: "deleted" }, "se borra lo nuestro"));
  receive({ kind: "text", text: "This message was deleted" }, { text: "This message was deleted" });
  receive({ kind: "text", text: "Read more" }, { text: "Read more" });
  receive({ kind: "text", text: "x\u202ey z" }, { text: "x\u202e\u202ey\u200b z\u0000" });
  return expected.map((row) => (row.text === "x\u202ey z" ? { ...row, text: "xy z" } : row));
}

function writeToGroup(standIn: WhatsAppWebStandIn): readonly Expected[] {
  standIn.addChat(GROUP, { name: "Vecinas", participants: [EVA, UNSAVED] });
  const expected: Expected[] = [];
  const receive = (wanted: Partial<MessageRow>, incoming: object): void => {
    const id = standIn.receive({ chat: GROUP, ...incoming });
    expected.push({ id, direction: "in", ...wanted });
  };
  const eva = { sender: { name: EVA.name } };
  receive(
    { kind: "text", text: "hola a todas", mentionsUs: false, ...eva },
    { from: EVA.jid, text: "hola a todas" },
  );
  receive(
    { kind: "text", text: `@${OWN_NAME} ¿qué plazo hay?`, mentionsUs: true, ...eva },
    {
      from: EVA.jid,
      text: `@${OWN_NAME} ¿qué plazo hay?`,
      mention: ["me"],
    },
  );
  receive({ kind: "photo", ...eva }, { from: EVA.jid, media: { kind: "image" } });
  receive(
    { kind: "text", text: `@${EVA.name} mira`, mentionsUs: false },
    { from: UNSAVED.jid, text: `@${EVA.name} mira`, mention: [EVA.jid] },
  );
  return expected;
}
