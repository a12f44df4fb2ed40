import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  documentNameAt,
  fillAddress,
  isHostAllowed,
  matchesPattern,
  unknownPlaces,
} from "./fill-address.ts";
import { findLinks, isSelector } from "./find-links.ts";

const page = (body: string, contentType = "text/html") => ({
  body: Buffer.from(body),
  contentType,
  url: "https://www.example.org/gaceta/hoy",
});
const patterns = ["https://www.example.org/pub/2026/11/20/*_20_11_2026.pdf"];

describe("findLinks", () => {
  it("takes the links of the day, wherever they are relative to, each once", () => {
    const found = findLinks(
      page(
        '<a href="../pub/2026/11/20/COMP_20_11_2026.pdf#p=2">1</a><a href="/pub/2026/11/20/COMP_20_11_2026.pdf">2</a>' +
          '<a href="/pub/2026/11/20/ALCA7_20_11_2026.pdf">3</a><a href="/pub/2026/11/19/COMP_19_11_2026.pdf">4</a>' +
          '<a href="javascript:alert(1)">5</a><a href="https://evil.example/pub/2026/11/20/COMP_20_11_2026.pdf">6</a>',
      ),
      { selector: undefined, patterns },
    );
    expect(found).toEqual({
      kind: "links",
      links: [
        "https://www.example.org/pub/2026/11/20/COMP_20_11_2026.pdf",
        "https://www.example.org/pub/2026/11/20/ALCA7_20_11_2026.pdf",
      ],
    });
  });

  it("reads the addresses of an API as they are written there", () => {
    const json = JSON.stringify({
      item: [
        { url_pdf: { texto: "https://www.example.org/pub/2026/11/20/BOE-A-1_20_11_2026.pdf" } },
        { url_html: "https://www.example.org/txt.php?id=1&b=2" },
      ],
    }).replaceAll("/", "\\/");
    const xml =
      "<item><url_pdf>https://www.example.org/pub/2026/11/20/BOE-A-1_20_11_2026.pdf</url_pdf></item>";
    for (const [body, type] of [
      [json, "application/json"],
      [xml, "application/xml"],
    ] as const) {
      expect(findLinks(page(body, type), { selector: undefined, patterns }), type).toEqual({
        kind: "links",
        links: ["https://www.example.org/pub/2026/11/20/BOE-A-1_20_11_2026.pdf"],
      });
    }
  });

  it("tells a page without the day's edition from a page that is another one", () => {
    const old = page(
      '<ul class="ediciones"><a href="/pub/2014/11/14/COMP_14_11_2014.pdf">x</a></ul>',
    );
    const options = { selector: "ul.ediciones a", patterns };
    expect(findLinks(old, options)).toEqual({ kind: "links", links: [] });
    const other = page('<nav><a href="/inicio">Inicio</a></nav>');
    expect(findLinks(other, options)).toMatchObject({
      kind: "layout-changed",
      reason: { code: "layout-changed" },
    });
    expect(findLinks(page("{}", "application/json"), options)).toMatchObject({
      kind: "layout-changed",
    });
  });
});

describe("addresses of a day", () => {
  it("are filled with its date, and named after their file", () => {
    const template = "https://x.example/{yyyy}/{MM}/{dd}/{yy}-{M}-{d}.pdf";
    expect(fillAddress(template, "2026-03-07")).toBe("https://x.example/2026/03/07/26-3-7.pdf");
    expect(unknownPlaces("{yyyy}{month}{dd}{__proto__}")).toEqual(["month", "__proto__"]);
    const inQuery = "https://x.example/abrirPDF.php?archivo=07032026-MAT.pdf&anio=2026&repo=";
    expect(documentNameAt(inQuery)).toBe("07032026-MAT.pdf");
    expect(documentNameAt("https://x.example/a/%2e%2e%2fb.pdf")).toBe("b.pdf");
    expect(documentNameAt("https://x.example/")).toBe("document.pdf");
  });

  it("match a pattern part by part, never across a slash", () => {
    const pattern = "https://x.example/*/BOE-*.pdf";
    expect(matchesPattern("https://x.example/a/BOE-A-1.pdf", pattern)).toBe(true);
    expect(matchesPattern("https://x.example/a/b/BOE-A-1.pdf", pattern)).toBe(false);
    expect(matchesPattern("https://x.example/a/BOE-A-1.pdf?x", pattern)).toBe(false);
    expect(matchesPattern("https://x.example/a/BOE-.pd", pattern)).toBe(false);
    const part = fc.stringMatching(/^[a-z0-9._-]{0,6}$/);
    fc.assert(
      fc.property(part, part, part, (before, between, after) => {
        expect(matchesPattern(`${before}${between}${after}`, `${before}*${after}`)).toBe(true);
        expect(matchesPattern(`${before}/${after}`, `${before}*${after}`)).toBe(false);
      }),
    );
  });

  it("are asked of hosts that are named, and of no other that looks like one", () => {
    const hosts = ["www.boe.es", "*.gob.mx"];
    for (const host of ["www.boe.es", "WWW.BOE.ES", "dof.gob.mx", "a.b.gob.mx"])
      expect(isHostAllowed(host, hosts), host).toBe(true);
    for (const host of ["boe.es", "www.boe.es.evil.example", "gob.mx", "evilgob.mx", ""])
      expect(isHostAllowed(host, hosts), host).toBe(false);
  });
});

it("isSelector knows selectors from words", () => {
  expect(isSelector("ul.ediciones > li a[href$='.pdf']")).toBe(true);
  expect(isSelector("a[[")).toBe(false);
});
