import { describe, expect, it } from "vitest";
import { lacksAskedLabel } from "./asked-labels.ts";

describe("lacksAskedLabel", () => {
  const fines = "ENOK FERREIRA, Processo: 0113.012315/2013, Infringência ao art. 165 do CTB.";
  const prices = "Categoría A: Treinta y seis mil córdobas. Categoría B: Seis mil córdobas.";

  it("finds another article, resolution or category than the one asked for", () => {
    expect(lacksAskedLabel("multa pelo artigo 306 do CTB", [fines])).toBe(true);
    expect(lacksAskedLabel("de qué trata la resolución n.º 999", ["resolución No. 00040"])).toBe(
      true,
    );
    expect(lacksAskedLabel("precio de la madera categoría K", [prices])).toBe(true);
  });

  it("finds the one asked for, whatever stands between and however it is written", () => {
    expect(lacksAskedLabel("multa pelo artigo 165 do CTB", [fines])).toBe(false);
    expect(lacksAskedLabel("la resolución 40", ["emite la resolución No. 00040"])).toBe(false);
    expect(lacksAskedLabel("precio de la categoria b", ["otra cosa", prices])).toBe(false);
    expect(lacksAskedLabel("anexo II", ["según el ANEXO II de la orden"])).toBe(false);
  });

  it("does not take a number for a label that belongs to no such noun", () => {
    expect(lacksAskedLabel("¿qué contratos hay en 2020?", [fines])).toBe(false);
    expect(lacksAskedLabel("cuántos habitantes, más de 30 000", [fines])).toBe(false);
  });
});
