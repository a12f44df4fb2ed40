import { describe, expect, it } from "vitest";
import type { ReadableAct } from "../../core/entities.ts";
import { readReferences } from "./read-references.ts";
import { readSelfNorm } from "./read-self-norm.ts";

function act(text: string, more: Partial<ReadableAct> = {}): ReadableAct {
  return { section: "", issuingBody: "", title: "", passages: [{ text }], ...more };
}

/** `relation key`, with `~` before a part and where it was published after it. */
function told(one: ReadableAct, country: string): readonly string[] {
  const self = readSelfNorm(one, country);
  return readReferences(one, { self, country }).map(({ relation, isPartial, target }) =>
    [relation, `${isPartial ? "~" : ""}${target.key}`, target.gazetteOn, target.gazettePage]
      .filter((part) => part !== undefined)
      .join(" "),
  );
}

describe("what an act is", () => {
  it.each([
    [
      "Orden AUC/319/2024, de 9 de abril, por la que se crea la Oficina",
      "ES",
      "order:auc/319/2024",
    ],
    ["PORTARIA Nº 02, DE 11 DE JANEIRO DE 2019", "BR", "ordinance:2/2019"],
    ["PORTARIA DP Nº. 074, DE 08 DE OUTUBRO DE 2020.", "BR", "ordinance:74/2020"],
    ["DECRETO Nº 39.611, DE 1º DE JANEIRO DE 2019", "BR", "decree:39611"],
    ["DECRETO Nº 56 DE 26 DE OUTUBRO DE 2020", "BR", "decree:56/2020"],
    ["DECRETO DE 21 DE FEVEREIRO DE 2019", "BR", "decree@2019-02-21"],
    ["Real Decreto 353/2024, de 2 de abril, por el que se nombra", "ES", "royal-decree:353/2024"],
    ["Ley N° 7983 del 16 de febrero del 2000", "CR", "law:7983"],
    ["Decreto Ejecutivo N° 38170-MINAE", "CR", "decree:38170"],
    ["RETIFICAÇÃO", "BR", undefined],
    ["XARDIC", "CR", undefined],
  ])("is read in the title %s (%s)", (title, country, key) => {
    expect(readSelfNorm(act("", { title }), country)?.key).toBe(key);
  });

  it("is read under a number alone when the section says what it is", () => {
    const text = "LA ASAMBLEA LEGISLATIVA DE LA REPÚBLICA DE COSTA RICA\nDECRETA:";
    const law = act(text, { section: "PODER LEGISLATIVO · LEYES", title: "Nº 9635" });
    expect(readSelfNorm(law, "CR")?.key).toBe("law:9635");
  });
});

// Sentences of BOE-A-2024-7296, DODF 11 and 39 of 2019, and Diário Oficial de Pratânia 136 of 2020, as printed.
describe("what an act changes", () => {
  it.each([
    [
      "ES",
      "Queda derogada la Orden ECD/1209/2014, de 3 de julio, por la que se establece el currículo de los ciclos inicial y final de grado medio, correspondiente al Título de Técnico Deportivo en Atletismo.",
      ["derogates order:ecd/1209/2014"],
    ],
    [
      "BR",
      "Art. 9º Revogam-se as disposições em contrário, especificamente o Decreto nº 35.851, de 26 de setembro de 2014.",
      ["derogates decree:35851"],
    ],
    [
      "BR",
      "Art. 1º Tornar sem efeito a Portaria nº 68, de 28 de agosto de 2018, publicada no DODF nº 166, de 30 de agosto de 2018, página 33 e a Portaria nº 93, de 14 de novembro de de 2018, publicada no DODF nº 219, de 19 de novembro de 2018, página 46.",
      ["derogates ordinance:68/2018 2018-08-30 33", "derogates ordinance:93/2018 2018-11-19 46"],
    ],
    [
      "BR",
      "TORNAR SEM EFEITO no Decreto de 08 de janeiro de 2019, publicado no DODF nº 06, de 09 de janeiro de 2019, página 04, o ato que nomeou VIVIANE DIAS FERREIRA.",
      ["derogates ~decree@2019-01-08 2019-01-09 4"],
    ],
    [
      "BR",
      "RETIFICAR, na Ordem de Serviço de 25 de agosto de 2017, publicada no DODF nº 199, de 17/10/2017, pág. 12, o ato que averbou o tempo.",
      ["corrects ~service-order@2017-08-25 2017-10-17 12"],
    ],
    [
      "BR",
      "Art. 1º Alterar a Instrução nº 538, de 07 de agosto de 2015, publicada no DODF nº 157, de 14/08/2015, de modo que o nome passe a ser Programa.",
      ["modifies instruction:538/2015 2015-08-14"],
    ],
    [
      "BR",
      "Art. 1º Prorrogar por 30 (trinta) dias, a contar de 20/01/2019, o prazo de tramitação da Sindicância nº 019/2018-SESIPE, instituída pela Ordem de Serviço nº 257, de 31/07/2018, publicada no DODF nº 148, de 06/08/2018, pág. 21.",
      ["extends service-order:257/2018 2018-08-06 21"],
    ],
    [
      "BR",
      "residente e domiciliada no Município de Pratânia /SP, ficando revogado a Portaria DP nº 93/19 de 29 de julho de 2019.",
      ["derogates ordinance:93/2019"],
    ],
    [
      "BR",
      "O art. 2º da Lei nº 5.010, de 3 de maio de 2013, passa a vigorar com a seguinte redação:",
      ["modifies ~law:5010"],
    ],
    [
      "CR",
      "Refórmase el artículo 4 de la Ley N° 7983, Ley de Protección al Trabajador, del 16 de febrero de 2000.",
      ["modifies ~law:7983"],
    ],
    [
      "CR",
      "Adiciónase un artículo 9 bis a la Ley de Marcas y Otros Signos Distintivos, N° 7978.",
      ["adds ~law:7978"],
    ],
    ["CR", "El Decreto Ejecutivo N° 38170-MINAE queda derogado.", ["derogates decree:38170"]],
    // What another norm does, was done before, or is a reason, is no change of this act's.
    [
      "BR",
      "no uso da atribuição prevista no art. 3º do Decreto nº 39.002, de 24 de abril de 2018, que regulamenta os artigos 44 e 45 da Lei Complementar nº 840, de 23 de dezembro de 2011, resolve:",
      [],
    ],
    [
      "BR",
      "cujo prazo foi prorrogado a contar de 18 de dezembro de 2018, conforme Portaria nº 471, de 14 de dezembro de 2018.",
      [],
    ],
    ["BR", "Art. 3º Revogam-se as disposições em contrário.", []],
    [
      "ES",
      "utilizando las fórmulas de la Orden ITC/3292/2008, de 14 de noviembre, por la que se modifica el sistema de determinación de las tarifas.",
      [],
    ],
    [
      "ES",
      "de conformidad con el artículo 20 de la Ley 30/1984, de 2 de agosto, de Medidas para la Reforma de la Función Pública.",
      [],
    ],
  ])("is read in %s: %s", (country, text, expected) => {
    expect(told(act(text), country)).toEqual(expected);
  });

  it("is what its title says, and not what the norm that the title names changed", () => {
    const title =
      "Real Decreto 100/2024, de 30 de enero, por el que se modifica el Real Decreto 84/2015, de 13 de febrero, por el que se desarrolla la Ley 10/2014, de 26 de junio.";
    expect(told(act(title, { title }), "ES")).toEqual(["modifies royal-decree:84/2015"]);
  });

  it("may be named by its date alone, of the same kind", () => {
    const title =
      "Resolución de 9 de abril de 2024, de la Subsecretaría, por la que se corrigen errores en la de 27 de marzo de 2024, por la que se resuelve la convocatoria.";
    expect(told(act(title, { title }), "ES")).toEqual(["corrects resolution@2024-03-27"]);
  });

  it("is, of a correction, what it says was published", () => {
    const text =
      'Na Ordem de Serviço Nº 177, de 26 de dezembro de 2018, publicada no DODF Nº 245, de 27 de dezembro de 2018, página 102, o ato que concedeu a Licença Prêmio a EVANDRO GOMES DE SOUZA, ONDE SE LÊ: "...EVANDRO..." LEIA-SE: "...EVANDO...".';
    expect(told(act(text, { title: "RETIFICAÇÃO" }), "BR")).toEqual([
      "corrects ~service-order:177/2018 2018-12-27 102",
    ]);
    const errata =
      "En La Gaceta N° 218 del 12 de noviembre de 2014, en la página 34, se publicó el aviso de la Municipalidad de Escazú. Donde dice: «martes», léase: «jueves».";
    expect(told(act(errata, { title: "FE DE ERRATAS" }), "CR")).toEqual([
      "corrects ~gazette@2014-11-12 2014-11-12 34",
    ]);
  });

  it("is, of a republication, the same act as it was published before", () => {
    const text =
      "PORTARIA Nº 16, DE 9 DE JANEIRO DE 2019\nO SECRETÁRIO resolve: designar a comissão.\n(*) Republicada por ter sido encaminhada com incorreção no original, publicada no DODF nº 9, de 14/01/2019, pág. 4.";
    expect(told(act(text, { title: "PORTARIA Nº 16, DE 9 DE JANEIRO DE 2019" }), "BR")).toEqual([
      "corrects ordinance:16/2019 2019-01-14 4",
    ]);
  });

  it("has its sentence as it stands in the passage", () => {
    const text =
      "Artículo 1. Objeto de la orden.\nQueda derogada la Orden ECD/1209/2014, de 3 de julio. Otra cosa.";
    const [reference] = readReferences(act(text), { self: undefined, country: "ES" });
    expect(text.slice(reference?.start, reference?.end)).toBe(
      "Queda derogada la Orden ECD/1209/2014, de 3 de julio.",
    );
  });
});
