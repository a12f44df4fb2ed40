import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { alertTexts } from "../../../src/conversation/catalogue/alert-texts.ts";
import { findPackageRoot } from "../../../src/package-root.ts";
import type { SentMessage } from "../../stand-ins/telegram/start-stand-in.ts";
import { type RunningProduct, startProduct } from "../running-product.ts";

const texts = alertTexts("es");
const CHAT = 901;
let product: RunningProduct;
beforeAll(async () => {
  // The acts of the sample are of 2024.
  product = await startProduct({ env: { NEWS_DAYS: "100000" } });
});
afterAll(() => product?.close());

const ana = () => product.standIn.user(CHAT, { languageCode: "es" });
const say = async (text: string) => (await product.ask(ana(), text))[0];

async function tap(
  message: SentMessage | undefined,
  data: string,
): Promise<SentMessage | undefined> {
  const button = message?.buttons.flat().find((each) => each.callback_data === data);
  if (message === undefined || button === undefined) throw new Error(`No button ${data}`);
  const before = product.standIn.sent(CHAT).length;
  ana().tap(message, data);
  return product.standIn.waitForMessage(
    CHAT,
    (sent) => product.standIn.sent(CHAT).indexOf(sent) >= before,
    45_000,
  );
}

const ingest = (file: string) =>
  product.installation.ingest(
    {
      document: { filePath: path.join(findPackageRoot(), "sample", file) },
      source: "boe",
      publishedOn: "2024-04-15",
      number: "92",
      documentName: file,
    },
    { signal: AbortSignal.timeout(60_000) },
  );

const query = <Row extends object>(text: string) =>
  product.installation.database.asTenant(product.installation.tenantId, (tx) =>
    tx.query<Row>(text),
  );

describe("somebody who wants to be told", () => {
  it("subscribes in a few steps, over a restart, and sees what they would have been told of", async () => {
    const asked = await tap(await say("/suscribir"), "sub:alert");
    expect(asked?.text).toBe(texts.whichWords);
    await product.restart();
    const sample = await say('"El Calafate", "turno de antigüedad" -atletismo');
    expect(sample?.text).toContain("«El Calafate» o «turno de antigüedad», sin «atletismo»");
    expect(sample?.text).toContain(texts.sample);
    expect(sample?.text).toContain("Le aviso porque dice «El Calafate»");
    expect(sample?.text).toContain("De 21:00 a 7:00 no le escribo");
    const changed = await say("sin silencio");
    expect(changed?.text).toContain(texts.noQuiet);
    expect((await tap(changed, "sub:yes"))?.text).toBe(texts.subscribed);
    expect(await query("select kind, state, quiet_from from subscription")).toEqual([
      { kind: "alert", state: "active", quiet_from: null },
    ]);
  });

  it("writes the subject after /suscribir, over a restart, and is told which words match nothing", async () => {
    const luis = product.standIn.user(902, { languageCode: "es" });
    const tell = async (text: string) => (await product.ask(luis, text))[0]?.text ?? "";
    expect(await tell("/suscribir")).toContain(texts.whatKind);
    expect(await tell("que paso con el consulado de Ventimiglia")).not.toContain(texts.confirm);
    expect(await tell("/suscribir")).toContain(texts.whatKind);
    await product.restart();
    const sample = await tell("antigüedad del turno");
    expect(sample).toContain(texts.willTell("«antigüedad» «turno»"));
    expect(sample).toContain(texts.leftOut("«del»"));
    expect(sample).toContain(texts.confirm);
    const changed = await tell("sin silencio");
    expect(changed).toContain(texts.confirm);
    expect(changed).not.toContain("«del»");
    expect(await tell("sí")).toBe(texts.subscribed);
    expect(await tell("/mis_alertas")).toContain("1. Alerta: «antigüedad» «turno»\n");
    expect(await tell("/mis_alertas quitar 1")).toBe(texts.changed.remove);
    expect(await tell("/suscribir del la")).toContain(texts.tooCommon);
    expect(await tell("cancelar")).toBe(texts.cancelled);
  });

  it("gets one alert of an edition that comes in, with its reason and a citation that opens", async () => {
    await ingest("BOE-A-2024-7298.pdf");
    const isAlert = ({ text }: SentMessage) => text.startsWith("Aviso:");
    const alert = await product.standIn.waitForMessage(CHAT, isAlert, 60_000);
    expect(alert.text).toContain("Boletín Oficial del Estado n.º 92, 15 de abril de 2024");
    expect(alert.text).toContain("Le aviso porque dice «turno de antigüedad» (");
    const [url] = alert.entities.flatMap((entity) =>
      typeof entity.url === "string" ? [entity.url] : [],
    );
    expect(url).toContain("BOE-A-2024-7298.pdf");
    expect((await fetch(url ?? "")).status).toBe(200);
    // The same bytes again are no news.
    await ingest("BOE-A-2024-7298.pdf");
    const [told] = await query<{ outbox_id: string; state: string }>(
      "select outbox_id, state from alert",
    );
    expect(told?.state).toBe("queued");
    const passport = await product.settled(told?.outbox_id);
    expect(JSON.stringify(passport)).toContain('"acts":1');
    expect(product.standIn.sent(CHAT).filter(isAlert)).toHaveLength(1);
  });

  it("sees it in /mis_alertas, removes it there, and hears nothing after BAJA", async () => {
    const mine = await say("/mis_alertas");
    expect(mine?.text).toContain(
      "1. Alerta: «El Calafate» o «turno de antigüedad», sin «atletismo»",
    );
    expect((await say("/mis_alertas quitar 1"))?.text).toBe(texts.changed.remove);
    expect((await say("/mis_alertas"))?.text).toBe(texts.none);
    await tap(await say('/suscribir alerta "libre designación"'), "sub:yes");
    await say("/baja");
    expect((await say("/mis_alertas"))?.text).toContain(texts.areOff);
    await ingest("BOE-A-2024-7309.pdf");
    await vi.waitFor(
      async () => {
        expect(await query("select distinct state from edition_match")).toEqual([
          { state: "done" },
        ]);
        // In the quiet hours it waits; when they end it is skipped.
        await query("update alert set not_before = now() where state = 'pending'");
        expect(await query("select distinct state, reason from alert")).toEqual([
          { state: "skipped", reason: "opted-out" },
        ]);
      },
      { timeout: 60_000, interval: 400 },
    );
    expect(product.standIn.sent(CHAT).filter(({ text }) => text.startsWith("Aviso:"))).toHaveLength(
      1,
    );
  });

  it("asks what is new of a subject today, or why there is nothing, of an edition that is read once more", async () => {
    const { gazetteStore, clock } = product.installation;
    const source = await gazetteStore.ensurePublicSource({
      slug: "la-gaceta",
      name: "La Gaceta",
      language: "es",
      country: "CR",
      timeZone: "UTC",
    });
    const text = "Decreto N° 45000. Se regula la pesca con almadrabas en el golfo.";
    const place = { page: 1, lastPage: 1, printedPage: "1" };
    const act = { section: "", issuingBody: "", title: "Decreto N° 45000", page: 1, lastPage: 1 };
    const { editionId } = await gazetteStore.storeEdition({
      source,
      publishedOn: clock.now().toISOString().slice(0, 10),
      number: "1",
      documentName: "hoy.pdf",
      contentHash: "almadrabas",
      fileKey: "editions/00/a.pdf",
      pages: [{ page: 1, printedPage: "1", width: 1, height: 1, origin: "text-layer", text }],
      acts: [{ ...act, passages: [{ heading: act.title, text, ...place, lines: [] }] }],
    });
    const told = await say("¿Qué salió hoy sobre almadrabas?");
    expect(told?.text).toContain("Lo publicado hoy sobre «almadrabas»:");
    expect(told?.text).toContain("[1] La Gaceta n.º 1");
    expect((await say("¿Qué salió ayer?"))?.text).toContain(texts.nothingIn.yesterday);
    // It came without what rules read in it: the scheduler reads it.
    await vi.waitFor(
      async () =>
        expect(await query(`select key from act_norm where edition_id = '${editionId}'`)).toEqual([
          { key: "decree:45000" },
        ]),
      { timeout: 60_000, interval: 400 },
    );
  });
});
