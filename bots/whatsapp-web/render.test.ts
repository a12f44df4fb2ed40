import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textReply } from "../../src/core/message.ts";
import { toComparable } from "./comparable-text.ts";
import { MAX_TEXT_LENGTH, render } from "./render.ts";

describe("a reply as it is typed into WhatsApp", () => {
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
