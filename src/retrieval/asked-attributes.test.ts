import { describe, expect, it } from "vitest";
import { lacksAskedAttribute } from "./asked-attributes.ts";

describe("lacksAskedAttribute", () => {
  const notice =
    "Cervecería Nacional Potosí Ltda., Calle Bolívar 810, solicita la marca CORONA POTOSINA.";

  it("finds a notice without the telephone, the salary or the price that is asked for", () => {
    expect(lacksAskedAttribute("teléfono de la cervecería Potosí", [notice])).toBe(true);
    expect(lacksAskedAttribute("¿qué sueldo tiene el cervecero?", [notice])).toBe(true);
    expect(lacksAskedAttribute("cuánto vale la cerveza", [notice])).toBe(true);
  });

  it("finds nothing lacking when one of the texts shows it, or nothing of the kind is asked", () => {
    expect(lacksAskedAttribute("teléfono de la cervecería", [notice, "Tel. 2222-3333"])).toBe(
      false,
    );
    expect(lacksAskedAttribute("teléfono o correo", ["ventas@potosi.example"])).toBe(false);
    expect(lacksAskedAttribute("cuánto vale la cerveza", ["VALOR: R$ 15.577,22"])).toBe(false);
    expect(lacksAskedAttribute("¿quién pide CORONA POTOSINA?", [notice])).toBe(false);
  });

  it("finds a notice without opening hours, an age or an address of mail", () => {
    expect(lacksAskedAttribute("¿a qué hora abre la cervecería?", [notice])).toBe(true);
    expect(lacksAskedAttribute("cuántos años tiene el dueño", [notice])).toBe(true);
    expect(lacksAskedAttribute("correo electrónico de la cervecería", [notice])).toBe(true);
    expect(lacksAskedAttribute("a qué hora abre", ["Horario de 8:00 a 17:00"])).toBe(false);
  });

  it("does not take goods for what is asked, nor a word without its number for a telephone", () => {
    const goods =
      "para distinguir: aparatos telefónicos; teléfonos inalámbricos; correo electrónico";
    expect(lacksAskedAttribute("¿quién registra la marca de teléfonos ZOOM?", [goods])).toBe(false);
    expect(lacksAskedAttribute("quién pide un servicio de correos", [goods])).toBe(false);
    expect(lacksAskedAttribute("cuál es el teléfono de ZOOM", [goods])).toBe(true);
  });
});
