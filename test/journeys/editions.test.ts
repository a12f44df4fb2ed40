import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Source } from "../../src/core/gazette.ts";
import { READING_VERSION, readAct } from "../../src/gazette/entities/read-act.ts";
import { type SiteUnderTest, startSite } from "../browser/site-under-test.ts";

const DAY = "/gazettes/la-gaceta/2014-11-14";
const HOSTILE = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`;

let site: SiteUnderTest;
let source: Source;

beforeAll(async () => {
  site = await startSite();
  source = await site.gazetteStore.ensurePublicSource({
    slug: "la-gaceta",
    name: "La Gaceta",
    language: "es",
    country: "CR",
    timeZone: "America/Costa_Rica",
  });
  await store("2014-11-13", "COMP_13.pdf", ["Se otorga la patente ALBA a la sociedad."]);
  await store("2014-11-14", "COMP_14.pdf", [
    "Se conceden licencias de conducir en Heredia, previa inscripción de los vecinos.",
    "La licencia municipal vence en diciembre, dice la alcaldesa.",
    `Aviso de quien firma ${HOSTILE} y nada más, con su inscripción.`,
  ]);
  await store("2014-11-17", "COMP_17.pdf", [
    "Se convoca a los vecinos.",
    "Cemex S. A. pide licencia, según la Ley N° 7978.",
  ]);
});
afterAll(() => site?.close());

/** One page; each text is an act of its own. */
async function store(publishedOn: string, documentName: string, texts: readonly string[]) {
  const lines = [{ page: 1, x: 27, y: 60, width: 270, height: 10, textStart: 0 }];
  const acts = texts.map((text, at) => ({
    section: at === 2 ? HOSTILE : "AVISOS",
    issuingBody: "MUNICIPALIDAD",
    title: at === 2 ? HOSTILE : `Aviso ${at + 1}`,
    page: 1,
    lastPage: 1,
    passages: [
      {
        heading: `MUNICIPALIDAD · Aviso ${at + 1}`,
        text,
        page: 1,
        lastPage: 1,
        printedPage: "12",
        lines,
      },
    ],
  }));
  return site.gazetteStore.storeEdition({
    source,
    publishedOn,
    number: "220",
    documentName,
    contentHash: Buffer.from(documentName).toString("hex").padEnd(64, "0").slice(0, 64),
    fileKey: `editions/${documentName.toLowerCase()}`,
    pages: [
      {
        page: 1,
        printedPage: "12",
        width: 606,
        height: 912,
        origin: "text-layer",
        text: texts.join("\n"),
      },
    ],
    acts,
    readings: { version: READING_VERSION, ofActs: acts.map((act) => readAct(act, source)) },
  });
}

async function open(path: string, headers: Record<string, string> = {}, root = site.url) {
  const response = await fetch(root + path, {
    headers: { accept: "text/html", "accept-language": "es", ...headers },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe("the page of an edition", () => {
  it("leads to the acts that mention a law or a company, and lists no people", async () => {
    const day = "/gazettes/la-gaceta/2014-11-17";
    const { text } = await open(day);
    expect(text).toContain(`href="${day}?entity=company%3Acemex"`);
    expect(text).toContain(`href="${day}?entity=norm%3Alaw%3A7978"`);
    const chosen = await open(`${day}?entity=norm%3Alaw%3A7978`);
    expect(chosen.text).toContain("Actos que mencionan «Ley N° 7978»");
    expect(chosen.text).toContain("Aviso 2");
    expect(chosen.text).not.toContain("Aviso 1");
    expect(chosen.text).toContain('content="noindex, follow"');
    for (const nothing of ["company%3Anone", "person%3Aana", "x", HOSTILE]) {
      const page = await open(`${day}?entity=${encodeURIComponent(decodeURIComponent(nothing))}`);
      expect(page.status).toBe(200);
      expect(page.text).toContain("Aviso 1");
      expect(page.text).not.toContain("<script>alert");
    }
  });

  it("says what is in it, leads to its neighbours, and is told once", async () => {
    const page = await open(DAY);
    expect(page.status).toBe(200);
    expect(page.text).toContain("<title>La Gaceta, 14 de noviembre de 2014 · Pregonero</title>");
    expect(page.text).toContain("3 actos · 2 secciones · 1 página.");
    expect(page.text).toContain('rel="prev" href="/gazettes/la-gaceta/2014-11-13"');
    expect(page.text).toContain('rel="next" href="/gazettes/la-gaceta/2014-11-17"');
    expect(page.text).toContain('href="#s1"');
    expect(page.text).toContain('type="application/atom+xml"');
    const etag = page.headers.get("etag") ?? "";
    expect((await open(DAY, { "if-none-match": etag, "cache-control": "" })).status).toBe(304);
    expect((await open(`${DAY}?lang=en`)).text).toContain("3 acts");
    expect((await open(`${DAY}?lang=pt`)).text).toContain("Buscar nesta edição");
  });

  it("shows what a hostile PDF says as text", async () => {
    for (const path of [
      DAY,
      `${DAY}?section=s2`,
      `${DAY}?q=firma`,
      `${DAY}?q=${encodeURIComponent(HOSTILE)}`,
    ]) {
      const { text, status } = await open(path);
      expect(status, path).toBe(200);
      expect(text, path).toContain("&lt;script&gt;alert(1)");
      expect(text, path).not.toMatch(/<script(?![^>]*\ssrc=)|<img src=x/i);
    }
  });

  it("finds words in other forms and without accents, with quote, page and the lines to highlight", async () => {
    const { text } = await open(`${DAY}?q=licencias`);
    expect(text).toContain("2 actos con «licencias»");
    expect(text).toContain("<mark>licencias</mark>");
    expect(text).toContain("<mark>licencia</mark>");
    expect(text).toMatch(/href="[^"]*\/pages\/1\?document=COMP_14\.pdf&amp;hl=\d+"/);
    expect(text).toContain("página impresa 12");
    expect(text).toContain('content="noindex, follow"');
    expect((await open(`${DAY}?q=INSCRIPCION`)).text).toContain("<mark>inscripción</mark>");
  });

  it("wants all the words, says when no act has them, and finds nothing in another edition", async () => {
    const all = await open(`${DAY}?q=licencias+Heredia`);
    expect(all.text).toContain("1 acto con");
    expect(all.text).not.toContain("Ningún acto tiene todas");
    expect((await open(`${DAY}?q=licencias+Limón`)).text).toContain("Ningún acto tiene todas");
    expect((await open(`${DAY}?q=patente`)).text).toContain("Nada en esta edición contiene");
    expect((await open(`${DAY}?q=de+la`)).text).toContain("Nada en esta edición contiene");
    expect((await open(`${DAY}?q=${"a".repeat(300)}`)).text).toContain("demasiado larga");
    const odd = await open(`${DAY}?q=%00%27%3B--&part=9&section=zz`);
    expect(odd.status).toBe(200);
  });

  it("answers a date without an edition with the nearest ones", async () => {
    const page = await open("/gazettes/la-gaceta/2014-11-15");
    expect(page.status).toBe(404);
    expect(page.text).toContain('href="/gazettes/la-gaceta/2014-11-14"');
    expect(page.text).toContain('href="/gazettes/la-gaceta/2014-11-17"');
    expect(page.text).toContain('content="noindex, nofollow"');
    const wrong = await open("/gazettes/la-gaceta/2014-99-99");
    expect([wrong.status, wrong.text.includes("/2014-11-17")]).toEqual([404, true]);
    const unknown = await open("/gazettes/gaceta-lunar/2014-11-15");
    expect([unknown.status, unknown.text.includes('href="/gazettes/la-gaceta"')]).toEqual([
      404,
      true,
    ]);
    const program = await open("/gazettes/la-gaceta/2014-11-15", { accept: "*/*" });
    expect(program.headers.get("content-type")).toContain("application/problem+json");
  });
});

describe("the gazettes", () => {
  it("are listed, by month too, newest first", async () => {
    expect((await open("/gazettes")).text).toContain('href="/gazettes/la-gaceta"');
    const { text } = await open("/gazettes/la-gaceta");
    const days = [...text.matchAll(/href="\/gazettes\/la-gaceta\/(2014-11-\d\d)"/g)];
    expect(days.map(([, day]) => day)).toEqual(["2014-11-17", "2014-11-14", "2014-11-13"]);
    expect(text).toContain('href="/gazettes/la-gaceta?month=2014-11"');
    const month = await open("/gazettes/la-gaceta?month=2014-11");
    expect(month.text).toContain('aria-current="page"');
    expect((await open("/gazettes/la-gaceta?month=2013-01")).text).not.toContain("/2014-11-14");
    expect((await open("/gazettes/la-gaceta?month=2014-13")).status).toBe(200);
  });

  it("have a feed, a sitemap and rules for robots, under the public address", async () => {
    const publicUrl = "https://gaceta.example";
    const config = { ...site.ports.config, publicUrl };
    const { url, close } = await site.variant({ config });
    const feed = await open("/gazettes/la-gaceta/feed.xml", {}, url);
    expect(feed.headers.get("content-type")).toBe("application/atom+xml; charset=utf-8");
    expect(feed.text.match(/<entry>/g)).toHaveLength(3);
    expect(feed.text).toContain(`href="${publicUrl}${DAY}"`);
    const map = await open("/sitemap.xml", {}, url);
    expect(map.text).toContain(`<loc>${publicUrl}${DAY}</loc>`);
    expect((await open("/robots.txt", {}, url)).text).toContain(
      `Sitemap: ${publicUrl}/sitemap.xml`,
    );
    const page = await open(`${DAY}?lang=en`, {}, url);
    expect(page.text).toContain(`<link rel="canonical" href="${publicUrl}${DAY}">`);
    expect(page.text).toContain('property="og:title"');
    await close();
    expect((await open("/gazettes/nada/feed.xml")).status).toBe(404);
  });

  it("show a page as data: what the chat draws beside the conversation", async () => {
    const found = await open(`${DAY}?q=Heredia`);
    const path = /href="([^"]*\/pages\/1)(\?document=[^"]*hl=\d+)"/.exec(found.text);
    const query = path?.[2]?.replaceAll("&amp;", "&");
    const { text, headers } = await open(`${path?.[1]}/page.json${query}`);
    const page = JSON.parse(text);
    expect(headers.get("content-type")).toContain("application/json");
    expect(page).toMatchObject({
      gazette: "La Gaceta · n.º 220",
      where: "Página 1 de 1",
      previousPath: null,
      nextPath: null,
      cited: { heading: "MUNICIPALIDAD · Aviso 1", path: null },
    });
    expect(page.marks).toHaveLength(1);
    expect(page.path).toContain("hl=");
  });
});
