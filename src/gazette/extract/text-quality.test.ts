import { describe, expect, it } from "vitest";
import type { TextLine } from "../reading/fragment.ts";
import { judgeText, textScore } from "./text-quality.ts";

const SOUND =
  "Se cita a terceros interesados en defender sus derechos para hacerlos valer ante este Registro, dentro de los dos meses siguientes, contados a partir de la primera publicación de este edicto. Presentada el 31 de julio del 2014. A efectos de publicación, téngase en cuenta lo dispuesto en el artículo 85 de la Ley. ProCredit y PyME son marcas de servicios en clase 36, lo mismo que C=77 M=9 en el diseño.";

function lines(text: string): TextLine[] {
  const place = {
    x: 0,
    y: 0,
    width: 1,
    height: 1,
    size: 1,
    font: "",
    columnLeft: 0,
    columnRight: 1,
    gapAbove: 0,
  };
  return text.match(/.{1,60}(?:\s|$)/g)?.map((part) => ({ ...place, text: part.trim() })) ?? [];
}

/** What a font with a wrong ToUnicode map yields: other letters, in the places of the true ones. */
function shifted(text: string): string {
  return text.replace(/[a-z]/g, (letter) =>
    String.fromCharCode(((letter.charCodeAt(0) - 97 + 7) % 26) + 97),
  );
}

describe("judgeText", () => {
  it("takes sound text for readable, in capitals too, and short tables", () => {
    expect(judgeText(lines(SOUND), "es")).toBe("readable");
    expect(judgeText(lines(SOUND.toUpperCase()), "es")).toBe("readable");
    expect(judgeText(lines("TABLA DE TARIFAS DEL SERVICIO 12,50 13,75 14,00 15,25"), "es")).toBe(
      "readable",
    );
  });

  it("notices that there is no text", () => {
    expect(judgeText([], "es")).toBe("missing");
    expect(judgeText(lines("12 14 — 15"), "es")).toBe("missing");
  });

  it("notices text that is not what the page shows", () => {
    expect(judgeText(lines(shifted(SOUND)), "es")).toBe("garbage");
    expect(judgeText(lines(SOUND.replace(/[aeo]/g, "\ufffd")), "es")).toBe("garbage");
    expect(
      judgeText(
        lines(SOUND.replace(/(\w{5,})/g, (word) => `${word.slice(0, 2)}~${word.slice(2)}`)),
        "es",
      ),
    ).toBe("garbage");
  });

  it("is not slowed down by a word of a million characters", () => {
    const startedAt = performance.now();
    const [line] = lines("x");
    if (line !== undefined) judgeText([{ ...line, text: `a${"~".repeat(1_000_000)}b` }], "es");
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe("textScore", () => {
  it("prefers the better of two readings", () => {
    expect(textScore(lines(SOUND), "es")).toBeGreaterThan(textScore(lines(shifted(SOUND)), "es"));
    expect(textScore(lines(SOUND), "es")).toBeGreaterThan(textScore([], "es"));
  });
});
