import { describe, expect, it } from "vitest";
import { type Assistant, bodyOf, differences, draftOf, moved, newDraft } from "./draft.ts";

const SAVED: Assistant = {
  name: "civica",
  isDefault: true,
  revision: 3,
  bots: [],
  chain: [
    { provider: "openai", model: "gpt-5-mini", baseUrl: null, hasKey: true, unlisted: false },
    {
      provider: "own",
      model: "m",
      baseUrl: "https://m.example.org",
      hasKey: false,
      unlisted: true,
    },
  ],
  large: [],
  largeContextCharacters: 6_000,
  quotesOnly: false,
  checksGrounding: null,
  temperature: 0.1,
  maxSentences: 4,
  readingLevel: "plain",
  persona: "Clara",
  tone: "",
  disclaimer: "",
  forbiddenTopics: ["partidos políticos", "apuestas"],
  greeting: "",
  resendsUnknown: false,
  knowledgeSets: ["parques"],
  handOver: { isOff: false, afterAbstentions: 2, words: ["humano"] },
  workingHours: {
    timeZone: "America/Costa_Rica",
    days: {
      mon: [
        ["08:00", "12:00"],
        ["13:00", "16:00"],
      ],
    },
    holidays: ["2026-12-25"],
  },
};

describe("an assistant's draft", () => {
  it("is sent as it was read when nothing is changed, with the revision that was read", () => {
    const { name: _name, bots: _bots, chain: _chain, ...same } = SAVED;
    expect(bodyOf(draftOf(SAVED, "UTC"), SAVED.revision)).toEqual({
      ...same,
      chain: [
        { provider: "openai", model: "gpt-5-mini" },
        { provider: "own", model: "m", baseUrl: "https://m.example.org", unlisted: true },
      ],
    });
  });

  it("sends a key that was typed, and none that was not", () => {
    const draft = draftOf(SAVED, "UTC");
    const chain = draft.chain.map((link, at) => (at === 0 ? { ...link, apiKey: "sk-1" } : link));
    expect(bodyOf({ ...draft, chain }, 3).chain[0]).toEqual({
      provider: "openai",
      model: "gpt-5-mini",
      apiKey: "sk-1",
    });
  });

  it("reads hours as people write them, and leaves closed days out", () => {
    const draft = { ...newDraft("UTC"), hasHours: true };
    const days = { ...draft.days, mon: "8:00 – 12:00; 13:00 a 16:30", tue: " ", wed: "" };
    expect(bodyOf({ ...draft, days }, 0).workingHours?.days).toEqual({
      mon: [
        ["08:00", "12:00"],
        ["13:00", "16:30"],
      ],
      thu: [["08:00", "16:00"]],
      fri: [["08:00", "16:00"]],
    });
  });

  it("differs from another in the fields that somebody changed, and not in what the form alone knows", () => {
    const one = draftOf(SAVED, "UTC");
    const other = draftOf({ ...SAVED, persona: "Luz", knowledgeSets: [] }, "UTC");
    expect([...differences(one, other)].sort()).toEqual(["knowledgeSets", "persona"]);
    expect(differences(one, draftOf(SAVED, "UTC"))).toEqual([]);
  });

  it("moves a model to its new place, and none beyond the ends", () => {
    expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
    expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b"], 1, 2)).toEqual(["a", "b"]);
    expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
  });
});
