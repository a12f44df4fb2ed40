import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Assistant, type AssistantSettings, DEFAULT_STYLE } from "../core/assistant.ts";
import { asId } from "../core/ids.ts";
import { versionFor } from "./version-for.ts";

const endpoint = { baseUrl: "https://models.example.org/v1", apiKey: "of-now" };
const link = { provider: "openai", model: "gpt-5-mini", isUnlisted: false, endpoint };
const settings: AssistantSettings = {
  ...DEFAULT_STYLE,
  persona: "Luz",
  largeContextCharacters: 6_000,
  usual: [link],
  large: [],
};
const bare = { ...link, endpoint: { ...endpoint, apiKey: undefined } };

function compared(share: number): Assistant {
  const former = { ...settings, persona: "Clara", usual: [bare] };
  return {
    assistantId: asId<Assistant["assistantId"]>(randomUUID()),
    name: "civica",
    isDefault: true,
    revision: 2,
    settings,
    comparison: { experimentId: randomUUID(), share, revision: 1, settings: former },
  };
}

describe("which of two versions answers", () => {
  it("is the same for a person every time, and the other one for its share of them", () => {
    const assistant = compared(30);
    const people = Array.from({ length: 4_000 }, () => randomUUID());
    const once = people.map((person) => versionFor(assistant, person).revision);
    expect(people.map((person) => versionFor(assistant, person).revision)).toEqual(once);
    const others = once.filter((revision) => revision === 1).length;
    // Five standard errors of 0.3 among 4,000.
    expect(Math.abs(others / people.length - 0.3)).toBeLessThan(0.037);
  });

  it("is drawn anew in another experiment", () => {
    const [one, other] = [compared(50), compared(50)];
    const people = Array.from({ length: 400 }, () => randomUUID());
    const same = people.filter(
      (person) => versionFor(one, person).revision === versionFor(other, person).revision,
    );
    expect(same.length).toBeGreaterThan(120);
    expect(same.length).toBeLessThan(280);
  });

  it("answers with the keys of now, counts in both arms, and is the live one for whom nobody knows", () => {
    const seen = Array.from({ length: 400 }, () => versionFor(compared(50), randomUUID()));
    expect(seen.every(({ experimentId }) => experimentId !== undefined)).toBe(true);
    const former = seen.find(({ revision }) => revision === 1);
    expect(former?.settings).toMatchObject({ persona: "Clara", usual: [link] });
    const unknown = versionFor(compared(99), undefined);
    expect([unknown.revision, unknown.experimentId]).toEqual([2, undefined]);
  });
});
