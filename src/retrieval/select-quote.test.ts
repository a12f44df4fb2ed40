import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectQuote, selectStretches } from "./select-quote.ts";

const EDICT =
  "Se cita a terceros interesados en defender sus derechos para hacerlos valer ante este Registro. " +
  "Latín Farma, Sociedad Anónima, con domicilio en Guatemala, solicita la inscripción de: DERVIDA " +
  "como marca de fábrica, para proteger: Producto para el tratamiento de cicatrices y estrías. " +
  "Presentada el 4 de noviembre de 2014. Solicitud Nº 2014-0009475. San José, 7 de noviembre.";

describe("selectQuote", () => {
  it("quotes the sentence that was asked for, with what follows it", () => {
    const quote = selectQuote("vi una crema para estrias que se llama Dervida", EDICT, 300);
    expect(quote).toContain("Latín Farma");
    expect(quote).toContain("cicatrices y estrías.");
    expect(quote).not.toContain("Se cita a terceros");
  });

  it("cuts a sentence that is too long around the words asked for", () => {
    const text = `${"considerando lo dispuesto ".repeat(30)}la planta FAUSITA de 188,2 MW ${"y demás extremos ".repeat(30)}`;
    const quote = selectQuote("cuantos megavatios tiene Fausita", text, 120);
    expect(quote).toContain("FAUSITA");
    expect(quote.length).toBeLessThanOrEqual(120);
  });

  it("is always verbatim, within bounds, and never empty for a text", () => {
    const text = fc.oneof(fc.string({ unit: "binary", maxLength: 400 }), fc.constant(EDICT));
    fc.assert(
      fc.property(
        fc.string(),
        text,
        fc.integer({ min: 20, max: 500 }),
        (question, body, length) => {
          const quote = selectQuote(question, body, length);
          expect(quote.length).toBeLessThanOrEqual(length);
          expect(body.includes(quote) || !body.isWellFormed() || !quote.isWellFormed()).toBe(true);
        },
      ),
    );
  });
});

describe("selectStretches", () => {
  const notice =
    "Se cita a terceros interesados en defender su derecho para hacerlo valer ante este Registro. ";

  it("quotes a whole act that fits", () => {
    expect(selectStretches("¿quién pide DERVIDA?", { text: EDICT }, 700, [])).toEqual([EDICT]);
  });

  it("quotes from two places: who is named, and the date that is asked for", () => {
    const text = `${notice.repeat(4)}X PLAY la pide Transdatelecom S. A. de Grecia. ${notice.repeat(5)}Presentada el 3 de octubre del 2014. ${notice.repeat(3)}`;
    const stretches = selectStretches(
      "¿en qué fecha presentó X PLAY Transdatelecom?",
      { text },
      400,
      [],
    );
    expect(stretches).toHaveLength(2);
    expect(stretches[0]).toContain("Transdatelecom S. A. de Grecia.");
    expect(stretches[1]).toContain("3 de octubre del 2014.");
    expect(stretches.join("").length).toBeLessThanOrEqual(400);
  });

  it("never ends a sentence at an abbreviation", () => {
    const text = `${notice.repeat(6)}La sociedad Comercial del Norte Núm. 4 S. A. y su socia Hermanos Ltda. Vega viven en Av. Central. ${notice.repeat(6)}`;
    const [stretch] = selectStretches("Comercial del Norte", { text }, 130, []);
    expect(stretch).toMatch(/^La sociedad .* Av\. Central\.$/);
  });
});
