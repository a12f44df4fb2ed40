import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asId } from "../../core/ids.ts";
import type { Turn } from "../../core/turn.ts";
import { splitComparison } from "./comparison.ts";
import { findThread } from "./follow-up.ts";
import { switchSubject } from "./switch-subject.ts";

const said = (speaker: Turn["speaker"], text: string, page?: number): Turn => ({
  speaker,
  text,
  saidAt: new Date(0),
  citations:
    page === undefined
      ? []
      : [
          {
            number: 1,
            passageId: asId("1"),
            editionId: asId("e"),
            source: "boe",
            edition: "BOE",
            date: "2024-04-15",
            page,
            printedPage: undefined,
            quote: "",
            url: "",
          },
        ],
});
const BEFORE = [
  said("citizen", "¿Qué dice el decreto sobre vertidos en el río?"),
  said("assistant", "Prohíbe verter sin permiso [1].", 4),
];

const undated = (text: string) => text.includes("ayer");

describe("what a question goes on from", () => {
  it.each([
    "¿Y quién lo firma?",
    "¿Quién la firma?",
    "¿Desde cuándo?",
    "y la de ayer?",
    "E quem assina?",
    "And who signed it?",
    "¿Desde cuándo vale ese decreto?",
    "A partir de quando vale esse decreto?",
    "When does that decree take effect?",
  ])("%s says so itself", (text) => {
    expect(findThread({ text, history: BEFORE }, undated)).toEqual({
      kind: "continues",
      topic: "¿Qué dice el decreto sobre vertidos en el río?",
      search: expect.stringContaining("¿Qué dice el decreto sobre vertidos en el río?"),
      asksToExplain: false,
      ...(text.includes("ayer") ? {} : { aspect: expect.anything() }),
      cited: [expect.objectContaining({ editionId: "e", page: 4 })],
    });
  });

  it.each(["¿Cuánto era la multa?", "¿Qué plazo hay?", "Qual o prazo?", "What was the fine?"])(
    "%s is too short to search by, and may",
    (text) => {
      expect(findThread({ text, history: BEFORE }, undated)?.kind).toBe("may-continue");
    },
  );

  it.each([
    ["says what it is about", "¿Qué requisitos hay para una beca universitaria?", false],
    ["names somebody", "¿Quién es Ana Quirós?", false],
    ["holds a number", "¿qué dice el 41.234?", false],
    ["names a gazette or a day", "¿qué salió ayer?", true],
  ])("nothing, when it %s", (_, text, namesDate) => {
    expect(findThread({ text, history: BEFORE }, () => namesDate)).toBeUndefined();
  });

  it("nothing, when nothing was asked before", () => {
    const history = [said("citizen", "/start"), said("assistant", "Hola")];
    expect(findThread({ text: "¿Y quién lo firma?", history }, undated)).toBeUndefined();
  });

  it("the question that began it, through a follow-up of a follow-up", () => {
    const history = [
      ...BEFORE,
      said("citizen", "¿Y cuánto es la multa?"),
      said("assistant", "5 millones [1].", 5),
    ];
    const thread = findThread({ text: "¿y quién la cobra?", history }, undated);
    expect(thread?.search).toBe(
      "¿Qué dice el decreto sobre vertidos en el río?\n¿Y cuánto es la multa?\n¿y quién la cobra?",
    );
    expect(thread?.cited).toMatchObject([{ page: 5 }]);
  });
});

describe("a talk of many turns", () => {
  const ORDER = "¿Qué dice la orden sobre El Calafate?";
  /** Asks the texts one after the other, each answered on `page`, and then the last. */
  function threadAfter(texts: readonly (readonly [string, number])[], text: string) {
    const history = texts.flatMap(([asked, page]) => [
      said("citizen", asked),
      said("assistant", "Cita [1].", page),
    ]);
    return findThread({ text, history }, undated);
  }

  it("asks the same of another place, and of the first no more", () => {
    const before = [[ORDER, 4] as const, ["¿y quién la firma?", 5] as const];
    const switched = threadAfter(before, "¿y la de Ventimiglia?");
    expect(switched).toMatchObject({
      kind: "switches",
      search: "¿Qué dice la orden sobre Ventimiglia?",
    });
    const next = threadAfter([...before, ["¿y la de Ventimiglia?", 9]], "¿desde cuándo?");
    expect(next?.search).toBe("¿Qué dice la orden sobre Ventimiglia?");
    expect(next?.aspect?.name).toBe("entry-into-force");
    expect(next?.cited).toMatchObject([{ page: 9 }]);
  });

  it("goes on from the last subject, whatever was thanked, tapped or commanded since", () => {
    const since = ["gracias", "/fuentes", "[cmd:today]", "¿?"];
    const before = [
      [ORDER, 4],
      ["¿Qué precio tiene el gas por canalización?", 70],
    ] as const;
    const history = [...before, ...since.map((text) => [text, 1] as const)];
    expect(threadAfter(history, "¿y eso qué significa?")).toMatchObject({
      search: "¿Qué precio tiene el gas por canalización?",
      cited: [{ page: 70 }],
    });
  });

  it("takes a short question for another subject when it was answered from another place", () => {
    const elsewhere = threadAfter(
      [
        [ORDER, 4],
        ["¿Cuánto vale el gas?", 70],
      ],
      "¿desde cuándo?",
    );
    expect(elsewhere?.topic).toBe("¿Cuánto vale el gas?");
    const beside = threadAfter(
      [
        [ORDER, 4],
        ["¿Qué plazo hay?", 5],
      ],
      "¿desde cuándo?",
    );
    expect(beside?.topic).toBe(ORDER);
  });

  it("goes on from what is only in the summary", () => {
    const summary = { questions: [{ question: ORDER, cited: [] }] };
    const thread = findThread({ text: "¿y quién la firma?", history: [], summary }, undated);
    expect(thread?.topic).toBe(ORDER);
  });
});

describe("another subject", () => {
  it.each([
    [
      "¿Qué dice la orden sobre El Calafate?",
      "¿y la de Ventimiglia?",
      "¿Qué dice la orden sobre Ventimiglia?",
    ],
    [
      "que dice la orden sobre el calafate",
      "y la de ventimiglia",
      "que dice la orden sobre el ventimiglia",
    ],
    [
      "O que diz a ordem sobre El Calafate?",
      "e a de Ventimiglia?",
      "O que diz a ordem sobre Ventimiglia?",
    ],
    [
      "What does the order on El Calafate say?",
      "what about Ventimiglia?",
      "What does the order on Ventimiglia say?",
    ],
    [
      "What does the order on El Calafate say?",
      "and the one in Ventimiglia?",
      "What does the order on Ventimiglia say?",
    ],
    [
      "What does the order on El Calafate say?",
      "and the Ventimiglia one?",
      "What does the order on Ventimiglia say?",
    ],
    [
      "¿Quién solicita la marca XARDIC?",
      "¿y la marca SCOTIA COOL?",
      "¿Quién solicita la marca SCOTIA COOL?",
    ],
    [
      "¿Quién es el alcalde de Nicoya?",
      "¿y el alcalde de Liberia?",
      "¿Quién es el alcalde de Liberia?",
    ],
    ["¿Qué cambia la Orden 321?", "¿y la 322?", "¿Qué cambia la Orden 322?"],
    ["precio del gas en madrid", "¿y en barcelona?", "precio del gas en barcelona"],
    ["precio del gas en madrid", "¿y el del diésel?", "precio del diésel en madrid"],
    [
      "¿Qué hay en El Calafate, República Argentina?",
      "¿y en Río Gallegos?",
      "¿Qué hay en Río Gallegos?",
    ],
  ])("after %s, %s is %s", (earlier, text, expected) => {
    expect(switchSubject(earlier, text)).toBe(expected);
  });

  it.each([
    "¿y quién la firma?",
    "¿y el plazo?",
    "¿y el artículo 5?",
    "¿y para qué sirve?",
    "¿y de qué país es?",
    "¿y en caso de incumplimiento?",
    "¿y la de El Calafate?",
    "and who signs it?",
    "and why?",
    "e por quê?",
    "gracias",
  ])("is not named by %s", (text) => {
    expect(switchSubject("¿Qué dice la orden 319 sobre El Calafate?", text)).toBeUndefined();
  });

  it("is not looked for in what somebody made long", () => {
    const text = `what about ${" ".repeat(50_000)}x`;
    const startedAt = performance.now();
    expect(switchSubject("¿Qué dice la orden sobre El Calafate?", text)).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it("changes one stretch of the earlier question, whatever is typed", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.string({ unit: "grapheme" }),
        (earlier, text) => {
          const switched = switchSubject(earlier, text);
          if (switched === undefined) return;
          expect(switched.length).toBeLessThanOrEqual(earlier.length + text.length);
        },
      ),
    );
  });
});

describe("a comparison", () => {
  it.each([
    [
      "¿Qué diferencia hay entre la licencia A2 y la licencia B1?",
      ["la licencia A2", "la licencia B1"],
    ],
    ["Compara el edicto de Liberia con el de Nicoya", ["el edicto de Liberia", "el de Nicoya"]],
    ["Qual a diferença entre o edital 4 e o edital 7?", ["o edital 4", "o edital 7"]],
    ["what is the difference between order 321 and order 322?", ["order 321", "order 322"]],
  ])("%s is two searches", (text, expected) => {
    expect(splitComparison(text)).toEqual(expected);
  });

  it.each(["¿Quién compró y vendió la finca?", "¿Cuánto cuesta?", "diferencia entre y"])(
    "is not seen in %j",
    (text) => {
      expect(splitComparison(text)).toBeUndefined();
    },
  );
});
