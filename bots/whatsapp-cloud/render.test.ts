import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Button, Reply, Span } from "../../src/core/message.ts";
import { textReply } from "../../src/core/message.ts";
import { replies } from "../conformance/replies.ts";
import { toMarkedText, toTypedText } from "./marked-text.ts";
import { type CloudPart, MAX_INTERACTIVE_LENGTH, render } from "./render.ts";
import { MAX_TEXT_LENGTH } from "./split-text.ts";

const typed = (...spans: readonly Span[]) => toTypedText(toMarkedText([spans]));
const typedOf = (part: CloudPart | undefined) =>
  part?.kind === "text" || part?.kind === "choices" ? toTypedText(part) : undefined;
const withButtons = (text: string, buttons: readonly Button[]): Reply => ({
  ...(textReply(text) as Extract<Reply, { kind: "text" }>),
  buttons,
});
const labels = (...names: readonly string[]) =>
  names.map((label, index) => ({ label, data: `choice-${index}` }));

describe("formatting", () => {
  it("puts WhatsApp's signs around words, not around the blanks beside them", () => {
    expect(typed({ text: " art. 3 ", style: "bold" }, { text: "rige" })).toBe(" *art. 3* rige");
    expect(
      typed({ text: "uno", style: "italic" }, { text: ", " }, { text: "2", style: "code" }),
    ).toBe("_uno_, `2`");
  });

  it("leaves a style out where WhatsApp would show its signs", () => {
    expect(typed({ text: "re" }, { text: "forma", style: "bold" })).toBe("reforma");
    expect(typed({ text: "uno\ndos", style: "bold" })).toBe("*uno*\n*dos*");
  });

  it("keeps signs that format nothing, and replaces pairs that would by their look-alikes", () => {
    expect(typed({ text: "3 * 4 * 5, a_b_c, 1*2*3" })).toBe("3 * 4 * 5, a_b_c, 1*2*3");
    expect(typed({ text: "el *decreto* y ~nada~" })).toBe("el ∗decreto∗ y ∼nada∼");
    expect(typed({ text: "a*b", style: "bold" })).toBe("*a∗b*");
  });

  it("prints an address behind its words, once, at the last place that links to it", () => {
    const url = "https://gaceta.example.org/p/10";
    expect(typed({ text: "Moba solicita [" }, { text: "1", url }, { text: "]." })).toBe(
      `Moba solicita [1 ${url} ].`,
    );
    const text = toTypedText(
      toMarkedText([
        [{ text: "Rige el lunes " }, { text: "[1]", url }, { text: ". Y " }, { text: "[1]", url }],
        [],
        [{ text: "[1] La Gaceta, p. 10", url }],
      ]),
    );
    expect(text).toBe(`Rige el lunes [1]. Y [1]\n\n[1] La Gaceta, p. 10 ${url}`);
  });

  it("prints an address once that is its own words, and none that is no web address", () => {
    expect(typed({ text: "https://a.example/x_y_z", url: "https://a.example/x_y_z" })).toBe(
      "https://a.example/x_y_z",
    );
    for (const url of ["javascript:alert(1)", "/gazettes/boe", "no url"]) {
      expect(typed({ text: "aquí", url })).toBe("aquí");
    }
  });

  it("turns control characters and lone surrogates into something that can be sent", () => {
    expect(typed({ text: "a\u0000b\ud800c\r\nd" })).toBe("a b\ufffdc\nd");
  });
});

describe("length", () => {
  it("keeps every part below the Cloud API's limits, signs and addresses included", () => {
    fc.assert(
      fc.property(replies, (reply) => {
        for (const part of render(reply)) {
          const text = typedOf(part) ?? "";
          const limit = part.kind === "choices" ? MAX_INTERACTIVE_LENGTH : MAX_TEXT_LENGTH;
          expect(text.length).toBeLessThanOrEqual(limit);
          expect(text.trim()).not.toBe("");
        }
      }),
      { numRuns: 300 },
    );
  });

  it("gives the buttons the end of a long text, and says every word once", () => {
    const text = "La municipalidad acuerda publicar lo siguiente.\n".repeat(120).trim();
    const parts = render(withButtons(text, labels("Sí", "No")));
    expect(parts.map(({ kind }) => kind)).toEqual(["text", "text", "choices"]);
    const said = parts.map((part) => typedOf(part)).join("\n");
    expect(said.replace(/\s+/g, " ")).toBe(text.replace(/\s+/g, " "));
  });

  it("never cuts inside an address that fits as a whole", () => {
    const url = `https://gaceta.example.org/${"x".repeat(700)}`;
    const spans: Span[] = [
      { text: "a ".repeat(1_800) },
      { text: "aquí", url },
      { text: "b ".repeat(900) },
    ];
    const parts = render({ kind: "text", paragraphs: [spans] });
    expect(parts.some((part) => typedOf(part)?.includes(url))).toBe(true);
  });

  it("puts a caption that is too long into a text of its own", () => {
    const caption = "Sus datos. ".repeat(120);
    const document = {
      fileName: "datos.json",
      mimeType: "application/json",
      contentBase64: "e30=",
    };
    const parts = render({ kind: "document", ...document, caption });
    expect(parts.map(({ kind }) => kind)).toEqual(["document", "text"]);
    expect(render({ kind: "document", ...document, caption: "Sus datos" })).toHaveLength(1);
  });
});

describe("choices", () => {
  const choicesOf = (buttons: readonly Button[]) => {
    const part = render(withButtons("¿Cuál?", buttons)).at(-1);
    return part?.kind === "choices" ? part.choices : [];
  };

  it("keeps up to three short labels as they are", () => {
    expect(choicesOf(labels("Sí", "No"))).toEqual([
      { id: "choice-0", title: "Sí" },
      { id: "choice-1", title: "No" },
    ]);
  });

  it("cuts a row's title at a word and says the whole label below", () => {
    const [choice] = choicesOf(labels("Solicitud de concesión de Moba", "b", "c", "d"));
    expect(choice).toEqual({
      id: "choice-0",
      title: "Solicitud de concesión…",
      description: "Solicitud de concesión de Moba",
    });
  });

  it("leaves out what the Cloud API would refuse the whole message for", () => {
    const repeated = [...labels("Sí"), ...labels("Sí"), { label: " ", data: "x" }];
    expect(choicesOf(repeated)).toEqual([{ id: "choice-0", title: "Sí" }]);
    const sameTitle = choicesOf([
      { label: "Sí", data: "a" },
      { label: "Sí", data: "b" },
    ]);
    expect(sameTitle.map(({ title }) => title)).toEqual(["Sí", "Sí (2)"]);
    expect(choicesOf(labels(...Array.from({ length: 14 }, (_, n) => `Fuente ${n}`)))).toHaveLength(
      10,
    );
  });

  it("never exceeds a title's or a description's length", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme", maxLength: 120 }), { maxLength: 14 }),
        (names) => {
          const choices = choicesOf(labels(...names));
          for (const { title, description } of choices) {
            expect(title.length).toBeLessThanOrEqual(24);
            expect(title.isWellFormed()).toBe(true);
            expect(description?.length ?? 0).toBeLessThanOrEqual(72);
          }
          expect(new Set(choices.map(({ title }) => title)).size).toBe(choices.length);
        },
      ),
    );
  });
});

it("fills a template with one line each, and never with nothing", () => {
  const [part] = render({
    kind: "template",
    name: "nuevo_aviso",
    language: "es",
    parameters: ["Ana\nMaría", "", "x".repeat(2_000)],
    text: "Hay un aviso.",
  });
  expect(part).toMatchObject({ kind: "template", name: "nuevo_aviso", language: "es" });
  const parameters = part?.kind === "template" ? part.parameters : [];
  expect(parameters.slice(0, 2)).toEqual(["Ana María", "-"]);
  expect(parameters[2]).toHaveLength(1024);
});
