import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Span, textReply } from "../../src/core/message.ts";
import { toComparable } from "./marked-text.ts";
import { render } from "./render.ts";
import { MAX_TEXT_LENGTH } from "./split-text.ts";

function typed(...spans: Span[]): string {
  const [part] = render({ kind: "text", paragraphs: [spans] });
  return part?.kind === "text" ? part.text : "";
}

describe("a reply as it is typed into WhatsApp", () => {
  it("writes bold, italic and code with WhatsApp's signs", () => {
    expect(
      typed(
        { text: "Según " },
        { text: "La Gaceta", style: "bold" },
        { text: ", " },
        { text: "artículo 3", style: "italic" },
        { text: " y " },
        { text: "art. 4", style: "code" },
      ),
    ).toBe("Según *La Gaceta*, _artículo 3_ y ```art. 4```");
  });

  it("closes and opens a style at each line, around the words only", () => {
    expect(typed({ text: " uno \ndos ", style: "bold" }, { text: "tres" })).toBe(
      "*uno* \n*dos* tres",
    );
  });

  it("leaves a style out that would touch a word, where WhatsApp would show the signs", () => {
    expect(typed({ text: "Decreto", style: "bold" }, { text: "s" })).toBe("Decretos");
  });

  it("prints a link's address behind its text, apart from what follows", () => {
    const url = "https://example.org/a_b_";
    expect(typed({ text: "[1] La Gaceta", url }, { text: ", p. 3" })).toBe(
      `[1] La Gaceta: ${url}, p. 3`,
    );
    expect(typed({ text: "La Gaceta", url }, { text: "hoy" })).toBe(`La Gaceta: ${url} hoy`);
    expect(typed({ text: url, url, style: "bold" })).toBe(url);
  });

  it("drops addresses that are no links", () => {
    for (const url of ["javascript:alert(1)", "/chat", "no", "file:///etc/passwd"]) {
      expect(typed({ text: "aquí", url })).toBe("aquí");
    }
  });

  it("replaces signs that would format by accident, and no others", () => {
    expect(typed({ text: "*no* _es_ ~nada~ `x`" })).toBe(
      "∗no∗ ˍesˍ ∼nada∼ ˋxˋ".replace(/[∗ˍ∼ˋ]/g, "$&\u2060"),
    );
    expect(typed({ text: "3 * 4 = 12, a_b_c, ~" })).toBe("3 * 4 = 12, a_b_c, ~");
    expect(typed({ text: "a*b", style: "bold" })).toBe("*a∗\u2060b*");
  });

  it("begins no list that the compose box would continue by itself", () => {
    expect(typed({ text: "- uno\n1. dos\n> tres\n- no" })).toBe(
      "-\u2060 uno\n1.\u2060 dos\n>\u2060 tres\n-\u2060 no",
    );
  });

  it("turns buttons into a numbered list under the last part", () => {
    const buttons = [
      { label: "Hablar con\nuna persona", data: "handover" },
      { label: " ", data: "nothing" },
      { label: "Ver más", data: "more" },
    ];
    const parts = render({ kind: "text", paragraphs: [[{ text: "Listo." }]], buttons });
    expect(parts).toEqual([
      {
        kind: "text",
        text: "Listo.\n\n1) Hablar con una persona\n2) Ver más",
        choices: [
          { label: "Hablar con una persona", data: "handover" },
          { label: "Ver más", data: "more" },
        ],
      },
    ]);
  });

  it("sends a caption that is too long after its document", () => {
    const document = {
      kind: "document",
      fileName: "../../etc/passwd",
      mimeType: "text/plain",
      contentBase64: "eA==",
    } as const;
    const [short] = render({ ...document, caption: "Sus datos" });
    expect(short).toMatchObject({ caption: "Sus datos", fileName: "_.._etc_passwd" });
    const long = render({ ...document, caption: "palabra ".repeat(200) });
    expect(long.map((part) => part.kind)).toEqual(["document", "text"]);
    expect(long[0]).toMatchObject({ caption: "" });
  });

  it("says a template in plain words", () => {
    const template = { name: "aviso", language: "es", parameters: ["x"], text: "Aviso:\nx" };
    expect(render({ kind: "template", ...template })).toEqual(render(textReply("Aviso:\nx")));
  });

  it("keeps an address whole when it cuts", () => {
    const url = `https://example.org/${"a".repeat(500)}`;
    const parts = render({
      kind: "text",
      paragraphs: [[{ text: "x ".repeat(1_900) }, { text: "aquí", url }]],
    });
    expect(parts.length).toBe(2);
    expect(parts.some((part) => part.kind === "text" && part.text.includes(url))).toBe(true);
  });

  it("says all letters in order and no part too long, whatever the text", () => {
    const texts = fc.string({ unit: "grapheme", maxLength: 3_000 });
    const styles = fc.constantFrom(undefined, "bold" as const, "italic" as const, "code" as const);
    fc.assert(
      fc.property(fc.array(fc.tuple(texts, styles), { maxLength: 8 }), (pairs) => {
        const spans = pairs.map(([text, style]) => ({ text, ...(style && { style }) }));
        const parts = render({ kind: "text", paragraphs: [spans] });
        const said = parts.map((part) => (part.kind === "text" ? part.text : ""));
        for (const text of said) {
          expect(text.length).toBeLessThanOrEqual(MAX_TEXT_LENGTH);
          expect(text.isWellFormed()).toBe(true);
          expect(text.trim()).not.toBe("");
        }
        const letters = (text: string) => toComparable(text).replace(/[^\p{L}\p{N}]/gu, "");
        expect(letters(said.join(""))).toBe(letters(spans.map(({ text }) => text).join("")));
      }),
      { numRuns: 150 },
    );
  });
});
