import { describe, expect, it } from "vitest";
import type { Fragment, RawPage } from "./fragment.ts";
import { dropRunningHeads } from "./running-heads.ts";

function line(text: string, y: number): Fragment {
  return { text, x: 40, y, width: 300, height: 10, font: "f", hasSpaceBefore: false };
}
function pages(count: number, of: (page: number) => Fragment[]): RawPage[] {
  return Array.from({ length: count }, (_, i) => ({
    page: i + 1,
    width: 600,
    height: 900,
    turn: 0,
    fragments: of(i + 1),
  }));
}
const texts = (page: RawPage) => page.fragments.map((fragment) => fragment.text);

describe("dropRunningHeads", () => {
  it("drops heads of left and right pages, and keeps the printed number", () => {
    const read = dropRunningHeads(
      pages(6, (page) => [
        line(
          page % 2 === 0
            ? `Pág ${page + 11} La Gaceta Nº 220`
            : `La Gaceta Nº 220 Pág ${page + 11}`,
          30,
        ),
        line(`text of page ${page}`, 300),
      ]),
    );
    expect(read.map(texts)).toEqual(Array.from({ length: 6 }, (_, i) => [`text of page ${i + 1}`]));
    expect(read.map((page) => page.printedPage)).toEqual(["12", "13", "14", "15", "16", "17"]);
  });

  it("takes a lone number for the page's only when it grows with the pages", () => {
    const read = dropRunningHeads(
      pages(5, (page) => [
        line("a paragraph", 400),
        line(String(page * 7), 820),
        line(String(9421 + page), 860),
      ]),
    );
    expect(read.map((page) => page.printedPage)).toEqual(["9422", "9423", "9424", "9425", "9426"]);
    expect(read.map(texts)[2]).toEqual(["a paragraph", "21"]);
  });

  it("fills in a number that one page lacks, between neighbours that agree", () => {
    const read = dropRunningHeads(
      pages(5, (page) => [
        line("a paragraph", 400),
        ...(page === 3 ? [] : [line(String(page + 100), 860)]),
      ]),
    );
    expect(read[2]?.printedPage).toBe("103");
  });

  it("keeps the first row of a form, which is in the middle of pages, too", () => {
    const form = (page: number) =>
      [60, 400, 650].map((y) => line(`NUMERO DE PUBLICACION ${page}${y}`, y));
    expect(dropRunningHeads(pages(8, form)).map(texts)).toEqual(pages(8, form).map(texts));
  });

  it("knows the heads of a gazette in a document of one page", () => {
    const [page] = dropRunningHeads(
      pages(1, () => [
        line("BOLETÍN OFICIAL DEL ESTADO", 30),
        line("Núm. 92 Lunes 15 de abril de 2024 Sec. I. Pág. 41275", 45),
        line("Orden AUC/319/2024", 300),
      ]),
    );
    expect(page && texts(page)).toEqual(["Orden AUC/319/2024"]);
    expect(page?.printedPage).toBe("41275");
  });
});
