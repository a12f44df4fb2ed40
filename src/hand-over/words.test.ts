import { describe, expect, it } from "vitest";
import { fillCanned, unknownPlaces } from "./canned-text.ts";
import { summariseHandOver } from "./summarise.ts";

const VALUES = { name: "María {agente}", agent: "Ana", date: "21/11/2026" };

describe("a canned reply", () => {
  it("is filled in the citizen's language, else in one that it has", () => {
    const texts = { es: "Hola, {nombre}. Le atiende {agente}, {fecha}.", pt: "Olá, {NOME}!" };
    expect(fillCanned({ texts }, "es", VALUES)).toBe(
      "Hola, María {agente}. Le atiende Ana, 21/11/2026.",
    );
    expect(fillCanned({ texts }, "pt", VALUES)).toBe("Olá, María {agente}!");
    expect(fillCanned({ texts }, "en", VALUES)).toContain("Hola");
  });

  it("says no empty name, and leaves unknown places as they are", () => {
    const texts = { es: "Hola, {nombre}: vea {enlace}." };
    expect(fillCanned({ texts }, "es", { ...VALUES, name: undefined })).toBe("Hola: vea {enlace}.");
    expect(unknownPlaces("{enlace} {Nombre} { x } {}")).toEqual(["enlace"]);
  });
});

describe("the summary of a hand-over", () => {
  it("keeps the person's own words and the last that was said, within bounds", () => {
    const said = Array.from({ length: 40 }, (_, at) => ({
      speaker: at % 2 === 0 ? ("citizen" as const) : ("person" as const),
      text: `frase número ${at} ${"x".repeat(200)}`,
    }));
    const summary = summariseHandOver(said, "Pidió cita.");
    expect(summary.length).toBeLessThan(760);
    expect(summary).toContain("Pidió cita.");
    expect(summary).toContain("person: frase número 39");
    expect(summary).not.toContain("número 3 ");
  });

  it("of a silent one is nothing", () => {
    expect(summariseHandOver([], undefined)).toBe("");
    expect(summariseHandOver([{ speaker: "person", text: " " }], " ")).toBe("");
  });
});
