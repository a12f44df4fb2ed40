import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../../core/language.ts";
import { catalogue } from "./catalogue.ts";

function leaves(value: object, path = ""): readonly (readonly [string, unknown])[] {
  return Object.entries(value).flatMap(([key, leaf]) =>
    typeof leaf === "object" && leaf !== null
      ? leaves(leaf, `${path}${key}.`)
      : [[`${path}${key}`, leaf] as const],
  );
}

/** Names and marks that languages may share. */
const SHARED =
  /^(numberMark|pageMark|pageWord|today\.heading|quotation\.(place|alsoIn)|askAboutAct|search\.heading)$/;

describe("the catalogue", () => {
  it.each(LANGUAGES)("in %s has the keys of Spanish, none of them empty", (language) => {
    const texts = leaves(catalogue(language));
    expect(texts.map(([key]) => key).sort()).toEqual(
      leaves(catalogue("es"))
        .map(([key]) => key)
        .sort(),
    );
    for (const [key, text] of texts) expect(text === "" ? key : "").toBe("");
  });

  it("says nothing in one language with the words of another", () => {
    const [es, pt, en] = LANGUAGES.map((language) => new Map(leaves(catalogue(language))));
    for (const [key, text] of es ?? []) {
      if (SHARED.test(key)) continue;
      const say = (leaf: unknown) =>
        typeof leaf === "function" ? String(leaf("X", 2, "Y")) : String(leaf);
      expect(new Set([say(text), say(pt?.get(key)), say(en?.get(key))]).size, key).toBe(3);
    }
  });

  it("keeps its buttons short enough to be read on a telephone", () => {
    for (const language of LANGUAGES) {
      const { todayButton, sourcesButton, erase } = catalogue(language);
      for (const label of [todayButton, sourcesButton, erase.yesButton, erase.noButton]) {
        expect(label.length).toBeLessThanOrEqual(40);
      }
    }
  });
});
