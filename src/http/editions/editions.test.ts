import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Edition, Source } from "../../core/gazette.ts";
import type { ListedAct } from "../../core/gazette-archive.ts";
import { asId, type EditionId, type SourceId } from "../../core/ids.ts";
import { countKinds, kindOf } from "./act-kinds.ts";
import { indexView } from "./day-view.ts";
import { atomFeed, xmlText } from "./feed.ts";
import { findRoads } from "./follow-view.ts";
import { busiestBodies, countBodies, groupActs } from "./group-acts.ts";
import { headTags } from "./head-tags.ts";
import { marked } from "./search-view.ts";

const source: Source = {
  sourceId: asId<SourceId>("7d1c3a52-92b4-4cf4-9d1c-0c7e0f1f9b10"),
  tenantId: undefined,
  slug: "la-gaceta",
  name: "La Gaceta & Cía",
  language: "es",
  country: "CR",
  timeZone: "America/Costa_Rica",
};

function editionOf(documentName: string): Edition {
  return {
    editionId: asId<EditionId>(documentName),
    source,
    publishedOn: "2014-11-14",
    number: "220",
    documentName,
    contentHash: "0".repeat(64),
    pageCount: 88,
  };
}

const act = (section: string, issuingBody: string, title: string, page = 1): ListedAct => ({
  section,
  issuingBody,
  title,
  page,
  lastPage: page,
});

const COMP = {
  edition: editionOf("COMP.pdf"),
  acts: [
    act("PODER EJECUTIVO", "Ministerio de Hacienda", "Decreto n.º 1"),
    act("PODER EJECUTIVO", "MINISTERIO  DE HACIENDA", "Resolución 2"),
    act("AVISOS", "", "Aviso a los vecinos", 3),
  ],
};
const ALCA = {
  edition: editionOf("ALCA1.pdf"),
  acts: [act("Poder Ejécutivo", "Ministerio de Salud", "Decreto n.º 3", 2)],
};

describe("the index of a date", () => {
  const sections = groupActs([COMP, ALCA]);

  it("has one section for one name, however it is written, over all documents", () => {
    expect(sections.map(({ id, name, actCount }) => [id, name, actCount])).toEqual([
      ["s1", "PODER EJECUTIVO", 3],
      ["s2", "AVISOS", 1],
    ]);
    expect(sections[0]?.bodies.map(({ name, acts }) => [name, acts.length])).toEqual([
      ["Ministerio de Hacienda", 2],
      ["Ministerio de Salud", 1],
    ]);
    expect(countBodies(sections)).toBe(2);
    expect(busiestBodies(sections, 1)).toEqual([{ name: "Ministerio de Hacienda", actCount: 2 }]);
  });

  it("loses no act and adds none", () => {
    const word = fc.constantFrom("", "A", "a", "Á", "B ", "C");
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word)), (named) => {
        const acts = named.map(([section, body], at) => act(section, body, `t${at}`));
        const titles = groupActs([{ ...COMP, acts }]).flatMap(({ bodies }) =>
          bodies.flatMap((body) => body.acts.map(({ title }) => title)),
        );
        expect([...titles].sort()).toEqual(acts.map(({ title }) => title).sort());
      }),
    );
  });

  it("leads each act to its document and page", () => {
    const day = { first: COMP.edition, documents: [COMP, ALCA], sections };
    const { markup } = indexView({ ...day, earlier: undefined, later: undefined }, undefined, "es");
    expect(markup).toContain('href="/gazettes/la-gaceta/2014-11-14/pages/2?document=ALCA1.pdf"');
    expect(markup).toContain('id="s2"');
  });

  it("shows a long section's beginning, and all of it on a page of its own", () => {
    const acts = Array.from({ length: 700 }, (_, at) => act("AVISOS", "", `Aviso ${at}`));
    const documents = [{ ...COMP, acts }];
    const long = groupActs(documents);
    const day = { first: COMP.edition, documents, sections: long };
    const near = { earlier: undefined, later: undefined };
    const whole = indexView({ ...day, ...near }, undefined, "es").markup;
    expect(whole.match(/<li /g)).toHaveLength(25);
    expect(whole).toContain('href="/gazettes/la-gaceta/2014-11-14?section=s1"');
    expect(indexView({ ...day, ...near }, long[0], "es").markup.match(/<li /g)).toHaveLength(700);
  });

  it.each([
    ["Real Decreto 411/2024, de 23 de abril", "decree"],
    ["Resolución de 3 de abril por la que se nombra Catedrático a don José", "appointment"],
    ["Corrección de errores de la Orden", "correction"],
    ["Extracto de la Orden por la que se convocan becas", "call"],
    ["EDICTO", "notice"],
    ["PORTARIA Nº 12", "order"],
    ["LICITACIÓN PÚBLICA 2014LN-000005", "tender"],
    ["XARDIC", undefined],
  ])("takes %s for %s", (title, kind) => {
    expect(kindOf(title)).toBe(kind);
  });

  it("counts what has no kind last", () => {
    const acts = ["XARDIC", "Ley 1", "BRISA", "Ley 2", "ALBA"].map((title) => ({ title }));
    expect(countKinds(acts)).toEqual([
      { kind: "law", actCount: 2 },
      { kind: undefined, actCount: 3 },
    ]);
  });
});

describe("what was found", () => {
  it("is marked where it stands, and stays text", () => {
    const parts = marked("la <b>licencia</b> y", [{ start: 6, end: 14 }]);
    expect(parts.map((part) => (typeof part === "string" ? part : part.markup))).toEqual([
      "la <b>",
      "<mark>licencia</mark>",
      "</b> y",
    ]);
  });
});

describe("the feed", () => {
  const day = {
    publishedOn: "2014-11-14",
    number: "220\u0000<",
    documentCount: 2,
    pageCount: 92,
    actCount: 1,
    takenInAt: new Date("2014-11-14T13:00:00Z"),
  };

  it("tells of each date once, under an id that stays, with what a reader needs", () => {
    const feed = atomFeed(source, [day], "https://gaceta.example");
    expect(feed).toContain("<title>La Gaceta &amp; Cía</title>");
    expect(feed).toContain("<title>Edición del 14 de noviembre de 2014 · n.º 220&lt;</title>");
    expect(feed).toContain("<updated>2014-11-14T13:00:00.000Z</updated>");
    expect(feed).toContain('href="https://gaceta.example/gazettes/la-gaceta/2014-11-14"');
    expect(feed).toContain("<summary>1 acto, 92 páginas, 2 documentos</summary>");
    const corrected = { ...day, takenInAt: new Date("2014-11-15T00:00:00Z") };
    const idOf = (text: string) => /<entry>\n<id>(.*?)<\/id>/.exec(text)?.[1];
    expect(idOf(atomFeed(source, [corrected], ""))).toBe(idOf(feed));
  });

  it("holds no character that XML cannot", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const kept = xmlText(`${text}\u0001\ud800`);
        expect(kept.isWellFormed()).toBe(true);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        expect(kept).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
      }),
    );
  });
});

describe("where a reader may go on", () => {
  it("is a bot of the open tenant that has a name, and nothing else", () => {
    const open = asId<never>("open");
    const bot = (tenantId: string, channel: string, username?: string) => ({
      tenantId,
      channel,
      botKey: `${channel}-key`,
      settings: username === undefined ? {} : { username },
    });
    const registry = (...bots: readonly object[]) => ({ list: () => bots as never });
    const all = registry(
      bot("other", "telegram", "Other_bot"),
      bot("open", "telegram", "x/../y"),
      bot("open", "telegram", "Gaceta_bot"),
      bot("open", "web-chat"),
      bot("open", "whatsapp-cloud", "106540352242922"),
      bot("open", "whatsapp-cloud", "+506 8888-7777"),
    );
    const nowhere = { chat: undefined, telegram: undefined, whatsapp: undefined };
    expect(findRoads(all, open)).toEqual({
      chat: "/chat/web-chat-key",
      telegram: "Gaceta_bot",
      whatsapp: "50688887777",
    });
    expect(findRoads(all, undefined)).toEqual(nowhere);
    expect(findRoads(registry(), open)).toEqual(nowhere);
  });
});

describe("what search engines read", () => {
  it("names absolute addresses when the public one is known, and none when it is not", () => {
    const page = {
      path: "/gazettes/boe",
      title: "A",
      description: 'B "<',
      kind: "website" as const,
    };
    const known = headTags({ ...page, publicUrl: "https://gaceta.example" }).markup;
    expect(known).toContain('<link rel="canonical" href="https://gaceta.example/gazettes/boe">');
    expect(known).toContain('content="B &quot;&lt;"');
    expect(headTags({ ...page, publicUrl: undefined }).markup).not.toContain("http");
  });
});
