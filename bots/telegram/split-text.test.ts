import fc from "fast-check";
import type { MessageEntity } from "grammy/types";
import { describe, expect, it } from "vitest";
import {
  MAX_ENTITIES,
  MAX_ENTITY_BYTES,
  MAX_TEXT_LENGTH,
  type StyledText,
  splitText,
} from "./split-text.ts";

const plain = (text: string) => splitText({ text, entities: [] }).map((piece) => piece.text);
const link = (offset: number, length: number, url = "https://example.org/"): MessageEntity => ({
  type: "text_link",
  offset,
  length,
  url,
});

describe("splitText", () => {
  it("leaves a text that fits alone", () => {
    expect(plain("a".repeat(MAX_TEXT_LENGTH))).toEqual(["a".repeat(MAX_TEXT_LENGTH)]);
  });

  it("prefers the end of a paragraph to that of a line, a sentence, a word", () => {
    const filler = (length: number) => "p".repeat(length);
    expect(plain(`${filler(2000)}\n\n${filler(1000)}\n${filler(500)}. ${filler(2000)}`)[0]).toBe(
      filler(2000),
    );
    expect(plain(`${filler(2000)}\n${filler(1500)}. ${filler(2000)}`)[0]).toBe(filler(2000));
    expect(plain(`${filler(2000)}. ${filler(1000)} ${filler(2000)}`)[0]).toBe(`${filler(2000)}.`);
    expect(plain(`${filler(2000)} ${filler(4000)}`)[0]).toBe(filler(2000));
  });

  it("does not send a heading alone before a long paragraph", () => {
    const [first] = plain(`Título\n\n${"palabra ".repeat(1000)}`);
    expect(first?.length).toBeGreaterThan(MAX_TEXT_LENGTH / 2);
  });

  it("cuts a word longer than a message between graphemes", () => {
    const family = "👩‍👩‍👧‍👦";
    for (const piece of plain(`x${family.repeat(1000)}`)) {
      expect(piece.startsWith("x") || piece.startsWith(family)).toBe(true);
      expect(piece.endsWith(family)).toBe(true);
    }
  });

  it("moves a link that would be cut to the next message whole", () => {
    const text = `${"a ".repeat(2040)}enlace a La Gaceta número 220 y más`;
    const offset = text.indexOf("enlace");
    const pieces = splitText({ text, entities: [link(offset, 35)] });
    expect(pieces.map((piece) => piece.entities.length)).toEqual([0, 1]);
    expect(pieces[1]?.entities[0]).toMatchObject({ offset: 0, length: 35 });
  });

  it("counts the bytes of URLs, not only entities", () => {
    const url = `https://example.org/${"a".repeat(2000)}`;
    const text = "palabra ".repeat(8).trim();
    const entities = Array.from({ length: 8 }, (_, index) => link(index * 8, 7, url));
    const pieces = splitText({ text, entities });
    expect(pieces.flatMap((piece) => piece.entities)).toHaveLength(8);
    expect(pieces).toHaveLength(2);
  });

  it("keeps every message within all limits, entities on whole characters and on their words", () => {
    fc.assert(
      fc.property(styledTexts, ({ text, entities }) => {
        const pieces = splitText({ text, entities });
        for (const piece of pieces) {
          expect(piece.text.length).toBeLessThanOrEqual(MAX_TEXT_LENGTH);
          expect(piece.text.trim()).toBe(piece.text);
          expect(piece.text).not.toBe("");
          expect(piece.text.isWellFormed()).toBe(true);
          expect(piece.entities.length).toBeLessThanOrEqual(MAX_ENTITIES);
          expect(Buffer.byteLength(JSON.stringify(piece.entities))).toBeLessThanOrEqual(
            MAX_ENTITY_BYTES,
          );
          for (const { offset, length } of piece.entities) {
            expect(offset + length).toBeLessThanOrEqual(piece.text.length);
            expect(piece.text.slice(offset, offset + length).isWellFormed()).toBe(true);
          }
        }
        const covered = ({ text: t, entities: e }: StyledText) =>
          e
            .map(({ offset, length }) => t.slice(offset, offset + length))
            .join("")
            .replace(/\s/g, "");
        expect(pieces.map(covered).join("")).toBe(covered({ text, entities }));
      }),
      { numRuns: 500 },
    );
  });
});

/** Runs of words, some of them linked or bold, as long as several messages. */
const styledTexts: fc.Arbitrary<StyledText> = fc
  .array(
    fc.record({
      text: fc.oneof(
        fc.constantFrom("La Gaceta", "artículo 3.", "😀", "párrafo\n\nsiguiente", "x".repeat(700)),
        fc
          .integer({ min: 1, max: 5_000 })
          .map((length) =>
            "y😀 ".repeat(length).slice(0, length).toWellFormed().replaceAll("\ufffd", "y"),
          ),
      ),
      style: fc.constantFrom("none", "link", "bold"),
      gap: fc.constantFrom("", " ", "\n", "\n\n"),
    }),
    { minLength: 1, maxLength: 250 },
  )
  .map((runs) => {
    let text = "";
    const entities: MessageEntity[] = [];
    for (const run of runs) {
      const trimmed = run.text.trim();
      if (run.style === "link" && trimmed !== "") entities.push(link(text.length, trimmed.length));
      if (run.style === "bold" && trimmed !== "")
        entities.push({ type: "bold", offset: text.length, length: trimmed.length });
      text += trimmed + run.gap;
    }
    return { text, entities };
  });
