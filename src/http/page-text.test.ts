import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PageDraft, PlacedPassage } from "../core/gazette-store.ts";
import { pageText } from "./page-text.ts";

function pageOf(text: string): PageDraft {
  return { page: 1, printedPage: "21", width: 600, height: 800, origin: "text-layer", text };
}

/** A passage of these lines, as ingest joins and places them. */
function passageOf(...lines: readonly string[]): PlacedPassage {
  const box = { page: 1, x: 0, y: 0, width: 1, height: 1 };
  let textStart = 0;
  const placed = lines.map((line) => {
    const start = textStart;
    textStart += line.length + 1;
    return { ...box, textStart: start };
  });
  return { passage: { text: lines.join(" ") }, lines: placed } as unknown as PlacedPassage;
}

const markup = (text: string, cited?: PlacedPassage) =>
  pageText(pageOf(text), cited)
    .map((one) => one.markup)
    .join("\n");

describe("the text of a page", () => {
  it("marks the cited lines, and not the same words of another act", () => {
    const text = [
      "Ana Mora Solís solicita la marca ALBA;",
      "se cita a terceros interesados aquí.",
      "Eva Rojas Vega solicita la marca BRISA;",
      "se cita a terceros interesados aquí.",
    ].join("\n");
    const cited = passageOf(
      "Eva Rojas Vega solicita la marca BRISA;",
      "se cita a terceros interesados aquí.",
    );
    const marked = [...markup(text, cited).matchAll(/<mark>(.*?)<\/mark>/g)];
    expect(marked).toHaveLength(2);
    expect(markup(text, cited).indexOf("<mark>")).toBeGreaterThan(markup(text).indexOf("ALBA"));
  });

  it("puts divided words together and keeps numbers apart by their hyphen", () => {
    expect(markup("Se publica la informa-\nción de la solicitud 2014-\n0007878 hoy")).toBe(
      "<p>Se publica la información de la solicitud 2014-0007878 hoy</p>",
    );
  });

  it("begins a paragraph after a short line that closes a sentence, and after a title", () => {
    const full = "palabra ".repeat(8).trim();
    const text = [full, full, "Fin de la primera parte de esto y aquello.", full, "TÍTULO", full];
    expect(markup(text.join("\n")).split("\n")).toHaveLength(3);
  });

  it("never lets text become markup, and loses no word", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        const shown = markup(text, passageOf(text.split("\n")[0] ?? ""));
        expect(shown.replaceAll(/<\/?(p|mark)>/g, "")).not.toMatch(/[<>]/);
      }),
    );
  });
});
