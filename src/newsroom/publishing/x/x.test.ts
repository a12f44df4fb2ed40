import fc from "fast-check";
import twitter from "twitter-text";
import { describe, expect, it } from "vitest";
import { asId, type EditionId } from "../../../core/ids.ts";
import type { ApprovedText } from "../../../core/prompts.ts";
import { findPost } from "./find-post.ts";
import { planThread } from "./plan-thread.ts";
import { cutByWeight, MAX_POST_WEIGHT, weigh } from "./weigh-text.ts";

const URL = "https://gacetas.example.org";

const word = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
  fc.constantFrom(
    ...[
      "gob.cr",
      "https://example.org/a?b=c&d",
      "👩‍👩‍👧‍👦",
      "mh.go.cr.",
      "año",
      "中文",
      "e\u0301",
      "@imprenta",
    ],
    ...[
      "(gob.cr)",
      "«mh.go.cr»",
      "http://127.0.0.1:8080/a/b",
      "https://example.org/中文",
      "a.co,b.co/x",
      "S.A.",
    ],
    ...["x@gob.cr", "12.500,00", "https://a.com/x.co?y=b.cr", "art.1.°"],
  ),
);
const line = fc.array(word, { maxLength: 120 }).map((words) => words.join(" "));

function textOf(title: string, statements: readonly string[]): ApprovedText {
  const edition = {
    id: asId<EditionId>("00000000-0000-4000-8000-000000000001"),
    sourceSlug: "la-gaceta",
    sourceName: "La Gaceta",
    date: "2014-11-14",
  } as const;
  return {
    runId: asId("00000000-0000-4000-8000-000000000002"),
    tenantId: asId("00000000-0000-4000-8000-000000000003"),
    promptId: asId("00000000-0000-4000-8000-000000000004"),
    promptName: "Resumen",
    version: 1,
    language: "es",
    title,
    statements: statements.map((text, at) => ({
      text,
      citations: [
        {
          editionId: edition.id,
          sourceName: "La Gaceta",
          date: "2014-11-14",
          pdfPage: at + 1,
          printedPage: undefined,
          quote: "…",
          link: `/gazettes/la-gaceta/2014-11-14/pages/${at + 1}?document=a.pdf&hl=${at}`,
        },
      ],
    })),
    editions: [edition],
    approvedBy: "person:1",
    approvedAt: new Date(0),
  };
}

describe("the weight of a post", () => {
  it.each([
    ["hola", 4],
    ["https://www.imprentanacional.go.cr/pub/2014/11/14/COMP_14_11_2014.pdf", 23],
    ["中文", 4],
    ["e\u0301", 1],
  ])("of %s is what X counts: %i", (text, weight) => {
    expect(weigh(text)).toBe(weight);
    expect(twitter.parseTweet(text).weightedLength).toBe(weight);
  });

  it("is never less than what X's own library counts", () => {
    fc.assert(
      fc.property(line, (text) => {
        expect(weigh(text)).toBeGreaterThanOrEqual(twitter.parseTweet(text).weightedLength);
      }),
    );
  });

  it("cuts a line into pieces that fit, and loses nothing but spaces", () => {
    fc.assert(
      fc.property(line, fc.integer({ min: 40, max: 280 }), (text, limit) => {
        const normal = text.split(" ").filter(Boolean).join(" ");
        const pieces = cutByWeight(normal, limit);
        for (const piece of pieces) expect(weigh(piece)).toBeLessThanOrEqual(limit);
        const bare = pieces.map((piece, at) =>
          piece.slice(at > 0 ? 2 : 0, at < pieces.length - 1 ? -2 : undefined),
        );
        expect(bare.join("").replaceAll(" ", "")).toBe(normal.replaceAll(" ", ""));
      }),
    );
  });
});

describe("a thread", () => {
  it("fits everywhere, repeats nothing, and leads back with every post", () => {
    fc.assert(
      fc.property(line, fc.array(line, { minLength: 1, maxLength: 30 }), (title, statements) => {
        const posts = planThread(textOf(title, statements), URL);
        expect(new Set(posts).size).toBe(posts.length);
        expect(posts.length).toBeLessThanOrEqual(25);
        for (const post of posts) {
          expect(twitter.parseTweet(post).weightedLength).toBeLessThanOrEqual(MAX_POST_WEIGHT);
          expect(post).toContain(`${URL}/gazettes/la-gaceta/2014-11-14`);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is one post where all of it fits", () => {
    const posts = planThread(textOf("Salario mínimo", ["Sube el salario mínimo."]), URL);
    expect(posts).toEqual([
      `Salario mínimo\n\nSube el salario mínimo.\n${URL}/gazettes/la-gaceta/2014-11-14/pages/1?document=a.pdf&hl=0`,
    ]);
  });

  it("says how much is left over", () => {
    const statements = Array.from(
      { length: 40 },
      (_, at) => `Acto número ${at}. ${"x ".repeat(90)}`,
    );
    const posts = planThread(textOf("Resumen", statements), URL);
    expect(posts).toHaveLength(25);
    expect(posts.at(-1)).toBe(`Y 17 más, en la edición:\n${URL}/gazettes/la-gaceta/2014-11-14`);
  });

  it("addresses nobody, whatever a gazette says", () => {
    const posts = planThread(textOf("Resumen", ["Escriba a @imprenta o a info@mh.go.cr."]), URL);
    expect(twitter.extractMentions(posts.join("\n"))).toEqual([]);
    expect(posts.join("\n")).toContain("info@mh.go.cr");
  });
});

describe("a post that is looked for", () => {
  const since = new Date("2026-11-22T10:00:00Z");
  const shown = (id: string, text: string, createdAt: string) => ({
    id,
    text,
    createdAt,
    urls: [{ url: "https://t.co/abc", expandedUrl: "https://example.org/?a=1&b=2" }],
  });
  const words = "Plazo < 30 días & más\nhttps://example.org/?a=1&b=2";

  it("is known by its words, as they were before X changed them", () => {
    const posts = [
      shown("2", "Plazo &lt; 30 días &amp; menos\nhttps://t.co/abc", "2026-11-22T10:00:05.000Z"),
      shown("1", "Plazo &lt; 30 días &amp; más\nhttps://t.co/abc", "2026-11-22T10:00:04.000Z"),
    ];
    expect(findPost(posts, words, since)?.id).toBe("1");
  });

  it("is not one from before the publication was made", () => {
    const old = shown(
      "1",
      "Plazo &lt; 30 días &amp; más\nhttps://t.co/abc",
      "2026-11-21T10:00:00Z",
    );
    expect(findPost([old], words, since)).toBeUndefined();
  });
});
