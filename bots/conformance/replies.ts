import fc from "fast-check";
import type { Reply, Span } from "../../src/core/message.ts";

const words = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      "Se",
      "acuerda:",
      "publicar",
      "artículo",
      "n.º",
      "220.",
      "¿Cuándo?",
      "ñandú",
      "👩‍👩‍👧‍👦",
      "🇨🇷",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }).map(printable),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 6_000 })
      .map((length) => "x😀".repeat(length).slice(0, length))
      .map(printable),
  },
);
const texts = fc
  .array(fc.tuple(words, fc.constantFrom(" ", " ", " ", "\n", "\n\n", "")), { maxLength: 400 })
  .map((pairs) => pairs.flat().join(""));
const spans: fc.Arbitrary<Span> = fc.record(
  {
    text: texts,
    style: fc.constantFrom("bold" as const, "italic" as const, "code" as const),
    url: fc.constantFrom(
      "https://www.boe.es/diario_boe/txt.php?id=BOE-A-2024-1",
      `https://example.org/${"a".repeat(900)}`,
    ),
  },
  { requiredKeys: ["text"] },
);

/** Control characters are not words: channels may drop them. */
function printable(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\s\ufffd]/gu, "");
}

/** Texts as an answer has them, and nastier: long words, emoji, many styles and links. */
export const replies: fc.Arbitrary<Extract<Reply, { kind: "text" }>> = fc.record({
  kind: fc.constant("text" as const),
  paragraphs: fc.array(fc.array(spans, { maxLength: 6 }), { maxLength: 8 }),
  buttons: fc.array(
    fc.record({ label: fc.constant("Sí"), data: fc.constantFrom("a", "x".repeat(64)) }),
    { maxLength: 4 },
  ),
});
