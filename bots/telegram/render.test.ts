import { describe, expect, it } from "vitest";
import type { Reply, Span } from "../../src/core/message.ts";
import { render } from "./render.ts";

function text(
  paragraphs: readonly (readonly Span[])[],
  buttons: readonly { label: string; data: string }[] = [],
) {
  return render({ kind: "text", paragraphs, buttons });
}
const entitiesOf = (...spans: Span[]) => {
  const [part] = text([spans]);
  return part?.kind === "text" ? part.entities : [];
};

describe("render", () => {
  it("counts offsets in UTF-16 code units", () => {
    expect(entitiesOf({ text: "😀 ñ " }, { text: "Ley", style: "bold" })).toEqual([
      { type: "bold", offset: 5, length: 3 },
    ]);
  });

  it("puts style and link on the same words, but no style on linked code", () => {
    const url = "https://example.org/";
    expect(entitiesOf({ text: "p. 3", style: "italic", url }).map(({ type }) => type)).toEqual([
      "text_link",
      "italic",
    ]);
    expect(entitiesOf({ text: "p. 3", style: "code", url }).map(({ type }) => type)).toEqual([
      "text_link",
    ]);
  });

  it("leaves blanks out of entities", () => {
    expect(entitiesOf({ text: "  Ley ", style: "bold" }, { text: "7" })).toEqual([
      { type: "bold", offset: 0, length: 3 },
    ]);
    expect(entitiesOf({ text: "a" }, { text: "  ", style: "bold" })).toEqual([]);
  });

  it("links to the web only, and shows an address that Telegram would not link", () => {
    expect(entitiesOf({ text: "ver", url: "javascript:alert(1)" })).toEqual([]);
    expect(entitiesOf({ text: "ver", url: "/gazettes/boe" })).toEqual([]);
    expect(text([[{ text: "ver", url: "http://localhost:8080/a" }]])).toMatchObject([
      { text: "ver (http://localhost:8080/a)", entities: [] },
    ]);
  });

  it("drops what would make Telegram refuse the whole message", () => {
    expect(text([[{ text: "a\u0000b\ud800c\r\nd" }]])).toMatchObject([{ text: "a b\ufffdc\nd" }]);
  });

  it("puts the buttons under the last message, in rows that fit a phone", () => {
    const labels = ["Sí", "No", "Ver la página de la gaceta", "Otra"];
    const parts = text(
      [[{ text: "palabra ".repeat(1000) }]],
      [
        ...labels.map((label) => ({ label, data: label })),
        { label: "demasiado", data: "ñ".repeat(33) },
        { label: " ", data: "x" },
      ],
    );
    const rows = parts.map((part) =>
      part.kind === "text" ? part.buttonRows.map((row) => row.map(({ label }) => label)) : [],
    );
    expect(rows).toEqual([[], [["Sí", "No", "Ver la página de la gaceta"], ["Otra"]]]);
  });

  it("sends a caption that is too long as messages after the document", () => {
    const document = (caption: string): Reply => ({
      kind: "document",
      fileName: "informe.pdf\r\nX-Evil: 1",
      mimeType: "application/pdf",
      contentBase64: "AA==",
      caption,
    });
    expect(render(document("a".repeat(1024)))).toMatchObject([
      { kind: "document", caption: "a".repeat(1024), fileName: "informe.pdf__X-Evil: 1" },
    ]);
    expect(render(document("a".repeat(1025)))).toMatchObject([
      { kind: "document", caption: "" },
      { kind: "text", text: "a".repeat(1025) },
    ]);
  });
});
