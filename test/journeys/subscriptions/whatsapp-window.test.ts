import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { alertTexts } from "../../../src/conversation/catalogue/alert-texts.ts";
import { findPackageRoot } from "../../../src/package-root.ts";
import { type GraphStandIn, startGraphStandIn } from "../../stand-ins/graph/start-stand-in.ts";
import { type RunningProduct, startProduct } from "../running-product.ts";

const texts = alertTexts("es");
const DAY_MS = 86_400_000;
const TEMPLATE = {
  name: "aviso_de_publicacion",
  language: "es",
  text: "Hay {{1}} publicaciones de {{2}} que usted sigue: {{3}} Vea {{4}}",
};

let standIn: GraphStandIn;
let product: RunningProduct;
/** Of Meta's clock, before ours. */
let aheadMs = 0;

beforeAll(async () => {
  standIn = await startGraphStandIn({ now: () => Date.now() + aheadMs });
  const { accessToken, appSecret, phoneNumberId, businessAccountId } = standIn.addNumber({
    templates: [TEMPLATE],
  });
  product = await startProduct({
    env: { WHATSAPP_GRAPH_URL: standIn.graphUrl, NEWS_DAYS: "100000" },
  });
  const { botAdmin, tenantId } = product.installation;
  const account = {
    channel: "whatsapp-cloud" as const,
    name: "",
    secrets: { accessToken, appSecret },
    settings: { phoneNumberId, businessAccountId },
  };
  await botAdmin.add(tenantId, account, AbortSignal.timeout(30_000));
  await standIn.waitForCall("configure", ({ status }) => status === 200);
});
afterAll(async () => {
  await product?.close();
  await standIn?.close();
});

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
async function publishToday(text: string): Promise<void> {
  const { gazetteStore, clock } = product.installation;
  const source = await gazetteStore.ensurePublicSource({
    slug: "la-gaceta",
    name: "La Gaceta",
    language: "es",
    country: "CR",
    timeZone: "UTC",
  });
  const place = { page: 1, lastPage: 1 };
  const act = { section: "", issuingBody: "", title: "Decreto", ...place };
  await gazetteStore.storeEdition({
    source,
    publishedOn: clock.now().toISOString().slice(0, 10),
    number: "1",
    documentName: "hoy.pdf",
    contentHash: text,
    fileKey: "editions/00/a.pdf",
    pages: [],
    acts: [{ ...act, passages: [{ heading: "", text, ...place, printedPage: "1", lines: [] }] }],
  });
}
const query = <Row extends object>(text: string) =>
  product.installation.database.asTenant(product.installation.tenantId, (tx) =>
    tx.query<Row>(text),
  );
const eventually = (look: () => Promise<void>) =>
  vi.waitFor(look, { timeout: 60_000, interval: 300 });

type Person = ReturnType<GraphStandIn["person"]>;

async function say(person: Person, text: string, answer: string): Promise<void> {
  const before = new Set(standIn.sent(person.phone).map(({ wamid }) => wamid));
  person.write(text);
  const isNew = ({ wamid }: { readonly wamid: string }) => !before.has(wamid);
  await standIn.waitForMessage(
    person.phone,
    (sent) => isNew(sent) && sent.text.includes(answer),
    60_000,
  );
}

/** Somebody who wants to be told, at any hour. */
async function subscribe(phone: string, words: string): Promise<Person> {
  const person = standIn.person(phone);
  await say(person, `/suscribir alerta ${words}`, texts.confirm);
  await say(person, "sin silencio", texts.noQuiet);
  await say(person, "sí", texts.subscribed);
  return person;
}

/** WhatsApp takes a message in six seconds to one person, and so many were said before. */
const aWhilePasses = () => query("update conversation set send_next_at = null");
const aDayPasses = () =>
  query("update conversation set last_inbound_at = now() - interval '25 hours'");
const told = (person: Person) =>
  standIn.sent(person.phone).filter(({ text }) => text.startsWith("*Aviso:"));

describe("somebody who wrote to WhatsApp more than a day ago", () => {
  it("is told when they write again, at once, and until then it says why they were not", async () => {
    const ana = await subscribe("50688881001", '"turno de antigüedad"');
    await aDayPasses();
    await ingest("BOE-A-2024-7298.pdf");
    await eventually(async () => {
      expect(await query("select state, reason from alert")).toEqual([
        { state: "pending", reason: "outside-window" },
      ]);
    });
    const { admin } = product.installation.subscriptionFeatures;
    expect((await admin.count(product.installation.tenantId)).alerts).toMatchObject({
      pending: 1,
      outsideWindow: 1,
    });
    expect(told(ana)).toEqual([]);
    ana.write("/ayuda");
    await eventually(async () => expect(told(ana)).toHaveLength(1));
    expect(told(ana)[0]?.text).toContain("dice «turno de antigüedad»");
    await query("delete from subscription");
  });

  it("gets the tenant's template, filled in, of an alert and of a digest", async () => {
    const { templates } = product.installation.subscriptionFeatures;
    const parameters = ["{count}", "{source}", "{summary}", "{link}"];
    const { name, language } = TEMPLATE;
    const by = { actor: "person:ana", requestId: "r" };
    await templates.replace(
      product.installation.tenantId,
      (["alert", "digest"] as const).map((kind) => ({ kind, name, language, parameters })),
      by,
    );
    const luis = await subscribe("50688881002", '"libre designación"');
    await say(luis, "/suscribir diario", texts.confirm);
    await say(luis, "sí", texts.subscribed);
    await aDayPasses();
    await ingest("BOE-A-2024-7309.pdf");
    const alert = await standIn.waitForMessage(
      luis.phone,
      (sent) => sent.type === "template",
      60_000,
    );
    expect(alert).toMatchObject({ template: TEMPLATE.name });
    expect(alert.text).toMatch(
      /^Hay 1 publicaciones de Boletín Oficial del Estado n\.º 92 que usted sigue: .+ Vea http\S+BOE-A-2024-7309\.pdf\S+$/,
    );
    await query(
      "update subscription set told_until = now() - interval '1 hour', next_at = now() where kind = 'daily'",
    );
    await eventually(async () => {
      const sent = standIn.sent(luis.phone).filter(({ type }) => type === "template");
      expect(sent).toHaveLength(2);
      expect(sent[1]?.text).toContain("Boletín Oficial del Estado");
    });
    await templates.replace(product.installation.tenantId, [], by);
    await query("delete from subscription");
  });

  it("loses nothing that WhatsApp refuses by its own clock, alert or digest", async () => {
    const eva = await subscribe("50688881003", "consular");
    await say(eva, "/suscribir diario", texts.confirm);
    await say(eva, "sí", texts.subscribed);
    aheadMs = 2 * DAY_MS;
    await query(
      "update subscription set told_until = now() - interval '1 hour', next_at = now() + interval '1 second' where kind = 'daily'",
    );
    await publishToday("Se abre una oficina consular.");
    await eventually(async () => {
      expect(await query("select distinct state, reason from alert")).toEqual([
        { state: "pending", reason: "outside-window" },
      ]);
      expect(
        await query("select tell_at::text, told_before from subscription where kind = 'daily'"),
      ).toEqual([{ tell_at: "infinity", told_before: null }]);
    });
    aheadMs = 0;
    eva.write("/ayuda");
    await eventually(async () => {
      expect(told(eva)).toHaveLength(1);
      expect(
        standIn.sent(eva.phone).filter(({ text }) => text.includes(texts.digestHeading.daily)),
      ).toHaveLength(1);
    });
  });

  it("gets by the template, or when they write, what WhatsApp took first and refused later", async () => {
    const { templates } = product.installation.subscriptionFeatures;
    const { name, language } = TEMPLATE;
    const by = { actor: "person:ana", requestId: "r" };
    const parameters = ["{count}", "{source}", "{summary}", "{link}"];
    const news = { kind: "alert" as const, name, language, parameters };
    await templates.replace(product.installation.tenantId, [news], by);
    await query("delete from subscription");
    const rosa = await subscribe("50688881004", "acuicultura");
    await say(rosa, "/suscribir diario", texts.confirm);
    await say(rosa, "sí", texts.subscribed);
    const digests = () =>
      standIn.sent(rosa.phone).filter(({ text }) => text.includes(texts.digestHeading.daily));
    await query("update subscription set told_until = now() where kind = 'daily'");
    await aWhilePasses();
    const effect = { kind: "fail-later", code: 131047 } as const;
    standIn.faults.add({ effect });
    await publishToday("Se regula la acuicultura en los golfos.");
    await standIn.waitForMessage(rosa.phone, ({ type }) => type === "template", 60_000);
    expect(told(rosa)).toHaveLength(1);
    standIn.faults.add({ effect });
    // Of those who may be written to by our clock, and by what is known of WhatsApp's.
    await query("update conversation set window_closed_at = null, send_next_at = null");
    await query("update subscription set next_at = now() where kind = 'daily'");
    await eventually(async () => {
      expect(digests()).toHaveLength(1);
      expect(await query("select tell_at::text from subscription where kind = 'daily'")).toEqual([
        { tell_at: "infinity" },
      ]);
    });
    await aWhilePasses();
    rosa.write("/ayuda");
    await eventually(async () => expect(digests()).toHaveLength(2));
    expect(await query("select state from alert")).toEqual([{ state: "queued" }]);
  });
});
