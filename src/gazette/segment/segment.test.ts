import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrangePages } from "../extract/arrange-pages.ts";
import { openPdf, readPage } from "../extract/pdf-document.ts";
import type { TextLine } from "../reading/fragment.ts";
import type { ReadPage } from "./document-line.ts";
import { segment } from "./segment.ts";

async function readSample(name: string): Promise<readonly ReadPage[]> {
  const pdf = await openPdf(await readFile(`sample/${name}`));
  const raw = [];
  for (let page = 1; page <= pdf.numPages; page++) raw.push(await readPage(pdf, page));
  return arrangePages(raw, "text-layer");
}

/** Lines of one column, 270 points wide, at 12 points' distance. */
function makePages(
  texts: readonly (readonly string[])[],
  centred: readonly string[] = [],
): ReadPage[] {
  return texts.map((page, index) => ({
    page: index + 1,
    printedPage: String(index + 12),
    lines: page.map((text, row): TextLine => {
      const isCentred = centred.includes(text);
      return {
        text,
        x: isCentred ? 90 : 30,
        y: 60 + row * 12,
        width: isCentred ? 150 : 270,
        height: 10,
        size: 10,
        font: isCentred ? "bold" : "body",
        columnLeft: 30,
        columnRight: 300,
        gapAbove: row === 0 ? 9 : isCentred ? 1.2 : 0.2,
      };
    }),
  }));
}

describe("segment", () => {
  it("takes a BOE disposition as one act with its section, ministry and title", async () => {
    const acts = segment(await readSample("BOE-A-2024-7297.pdf"), "es");
    expect(acts).toHaveLength(1);
    expect(acts[0]).toMatchObject({
      section: "I. DISPOSICIONES GENERALES",
      issuingBody: "MINISTERIO PARA LA TRANSICIÓN ECOLÓGICA Y EL RETO DEMOGRÁFICO",
      page: 1,
      lastPage: 3,
    });
    expect(acts[0]?.title).toMatch(/^Resolución de 8 de abril de 2024, de la Dirección General/);
    expect(acts[0]?.passages[0]).toMatchObject({ page: 1, printedPage: "41368" });
  });

  it("takes each entry of the BOE's summary as an act of its own, under its heading", async () => {
    const acts = segment(await readSample("BOE-S-2024-92.pdf"), "es");
    const codes = acts.flatMap((act) => {
      const text = act.passages.map((passage) => passage.text).join(" ");
      return [...text.matchAll(/BOE-[AB]-2024-\d+/g)].map((match) => match[0]);
    });
    expect(new Set(codes).size).toBeGreaterThan(370);
    const withTwo = acts.filter(
      (act) => (act.passages[0]?.text.match(/BOE-[AB]-2024-\d+/g)?.length ?? 0) > 1,
    );
    expect(withTwo).toEqual([]);
    const order = acts.find((act) => act.title.startsWith("Real Decreto 354/2024"));
    expect(order).toMatchObject({
      section: "II. AUTORIDADES Y PERSONAL · A. Nombramientos, situaciones e incidencias",
    });
  });

  it("ends a notice of La Gaceta at its receipt number and names it by its mark", () => {
    const acts = segment(
      makePages(
        [
          [
            "REGISTRO DE LA PROPIEDAD INTELECTUAL",
            "Carlos López, en calidad de apoderado de Moba Sociedad Anónima, solicita la inscripción",
            "de: XARDIC como marca de fábrica y comercio en clase: 5. Presen-",
            "tada el 31 de julio. Solicitud Nº 2014-",
            "0006558.—Grettel Solís, Registradora.—(IN2014071238).",
            "Latín Farma solicita la inscripción de: DERVIDA como marca de fábrica",
            "Alex Villegas, Registrador.—(IN2014071239).",
            ...Array.from({ length: 4 }, (_, i) => `Otro aviso número ${i}.—(IN201407124${i}).`),
          ],
        ],
        ["REGISTRO DE LA PROPIEDAD INTELECTUAL"],
      ),
      "es",
    );
    expect(acts.slice(0, 2).map((act) => [act.issuingBody, act.title])).toEqual([
      ["REGISTRO DE LA PROPIEDAD INTELECTUAL", "XARDIC"],
      ["REGISTRO DE LA PROPIEDAD INTELECTUAL", "DERVIDA"],
    ]);
    expect(acts).toHaveLength(6);
    expect(acts[0]?.passages[0]?.text).toContain(
      "Presentada el 31 de julio. Solicitud Nº 2014-0006558.",
    );
  });

  it("keeps the codes on the margin of a summary out of the sentences of its entries", async () => {
    const acts = segment(await readSample("BOE-S-2024-92.pdf"), "es");
    const entry = acts.find((act) => act.passages[0]?.text.includes("BOE-A-2024-7295"));
    expect(entry?.passages.map((passage) => passage.text)).toEqual([
      "BOE-A-2024-7295 Orden AUC/321/2024, de 9 de abril, por la que se suprime la Oficina Consular Honoraria, con categoría de Consulado Honorario de España, en Ventimiglia, y se modifica la circunscripción de la Oficina Consular Honoraria, con categoría de Viceconsulado Honorario de España, en Génova, en la República Italiana.",
    ]);
    expect(entry?.title).toMatch(/^Orden AUC\/321\/2024/);
    const [code, first] = entry?.passages[0]?.lines ?? [];
    expect(code).toMatchObject({ textStart: 0 });
    expect(code?.x).toBeGreaterThan(450);
    expect(first).toMatchObject({ textStart: 16, y: code?.y });
    const inside = acts.filter((act) =>
      act.passages.some(({ text }) => /[\p{Ll},] BOE-[AB]-\d{4}-\d+ \S/u.test(text)),
    );
    expect(inside.map((act) => act.title)).toEqual([]);
    expect(acts.filter((act) => /^(?:Objeto|Expediente):/.test(act.title))).toEqual([]);
  });

  it("leaves out the dots between an entry of a table of contents and its page", () => {
    const acts = segment(
      makePages([
        [
          "PODER EXECUTIVO ................................................ 1",
          "Secretaria de Estado de Saúde ....................... .",
          "........................................................ 12",
          "Firma, etc... y sello",
          ". . . . . . . . . .",
        ],
      ]),
      "pt",
    );
    const text = acts.flatMap((act) => act.passages.map((passage) => passage.text)).join("\n");
    expect(text.split(/\s+/).join(" ")).toBe(
      "PODER EXECUTIVO 1 Secretaria de Estado de Saúde 12 Firma, etc... y sello",
    );
  });

  it("leaves a signature with the act above it", () => {
    const acts = segment(
      makePages(
        [
          [
            "PORTARIA Nº 01, DE 10 DE JANEIRO DE 2019",
            "O SECRETÁRIO, no uso das atribuições, resolve designar o servidor Fulano de Tal.",
            "OSNEI OKUMOTO",
            "PORTARIA Nº 02, DE 10 DE JANEIRO DE 2019",
            "O SECRETÁRIO, no uso das atribuições, resolve exonerar o servidor Sicrano de Tal.",
          ],
        ],
        ["PORTARIA Nº 01, DE 10 DE JANEIRO DE 2019", "PORTARIA Nº 02, DE 10 DE JANEIRO DE 2019"],
      ),
      "pt",
    );
    expect(acts.map((act) => act.title)).toEqual([
      "PORTARIA Nº 01, DE 10 DE JANEIRO DE 2019",
      "PORTARIA Nº 02, DE 10 DE JANEIRO DE 2019",
    ]);
    expect(acts[0]?.passages[0]?.text).toContain("OSNEI OKUMOTO");
  });

  it("puts every line into exactly one passage, at the place that the passage says, whatever the text", () => {
    const word = fc.constantFrom(
      "de",
      "PORTARIA",
      "Art. 1",
      "(IN2014071238).",
      "casa-",
      "2014-",
      "Reg. 1 - M. 2",
      "X",
      "ñandú,",
      "fin.",
    );
    const line = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(" "));
    fc.assert(
      fc.property(fc.array(fc.array(line, { maxLength: 60 }), { maxLength: 4 }), (texts) => {
        const pages = makePages(texts);
        const passages = segment(pages, "es").flatMap((act) => act.passages);
        const placed = passages.flatMap((passage) =>
          passage.lines.map((place) => ({ place, passage })),
        );
        const lines = pages.flatMap((page) =>
          page.lines.map((text) => ({ page: page.page, ...text })),
        );
        expect(placed.length).toBeLessThanOrEqual(lines.length);
        for (const { place, passage } of placed) {
          const origin = lines.find((known) => known.page === place.page && known.y === place.y);
          const start = passage.text.slice(
            place.textStart,
            place.textStart + (origin?.text.length ?? 1) - 1,
          );
          expect(origin?.text.startsWith(start)).toBe(true);
          expect(passage.page).toBeLessThanOrEqual(place.page);
          expect(passage.lastPage).toBeGreaterThanOrEqual(place.page);
        }
        for (const passage of passages) expect(passage.text.length).toBeLessThanOrEqual(1_800);
      }),
      { numRuns: 60 },
    );
  });
});
