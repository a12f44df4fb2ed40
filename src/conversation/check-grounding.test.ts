import { describe, expect, it } from "vitest";
import { PregoneroError } from "../core/errors.ts";
import type { LanguageModel } from "../core/language-model.ts";
import { citizen } from "./__fixtures__/citizen.ts";

const TRUE_ONE = "Moba Sociedad Anónima solicita la inscripción de XARDIC [1].";
/** Every word of it is in the passage, which says nothing of the kind. */
const TWISTED =
  "Moba Sociedad Anónima solicita proteger los productos farmacéuticos de Guatemala [1].";

/** Writes both sentences, and says this of them when it is asked to check. */
function model(check: () => string | Promise<string>) {
  const asked: { prompt: string; purpose: string; endsAt: number; hasPayer: boolean }[] = [];
  const writer: LanguageModel = {
    name: "stand-in:m",
    async generate({ messages }, { purpose = "write", endsAt = 0, payer }) {
      const prompt = messages.map(({ text }) => text).join("\n");
      asked.push({ prompt, purpose, endsAt, hasPayer: payer !== undefined });
      const text = purpose === "check" ? await check() : `${TRUE_ONE} ${TWISTED}`;
      return {
        text,
        model: "stand-in:m",
        usage: { input: 1, cachedInput: 0, output: 1 },
        finish: "stop",
      };
    },
  };
  return { writer, asked };
}

async function answerWith(
  check: () => string | Promise<string>,
  options: { readonly checksGrounding?: boolean; readonly isBusy?: boolean } = {},
) {
  const { writer, asked } = model(check);
  const { say, notes } = citizen({ model: writer, checksGrounding: true, ...options });
  const { text } = await say("¿quién pide XARDIC?");
  const outcomes = notes
    .filter(({ detail }) => String(detail.outcome).startsWith("grounding-"))
    .map(({ detail }) => detail);
  return { text, asked, outcomes };
}

type Case = readonly [string, () => string | Promise<string>, string];

describe("a model's check of an answer", () => {
  it("removes the sentences that it finds unsupported, and the passport counts them", async () => {
    const { text, outcomes, asked } = await answerWith(() => 'Sure:\n{"unsupported": [2]}');
    expect(text).toContain("solicita la inscripción de XARDIC. [1]");
    expect(text).not.toContain("de Guatemala");
    expect(outcomes).toEqual([{ outcome: "grounding-checked", sentencesRemoved: 1 }]);
    expect(asked.map(({ purpose }) => purpose)).toEqual(["write", "check"]);
    expect(asked[1]?.prompt).toContain('<sentence number="2" cites="1">');
  });

  it("is on the turn's bill and within its time", async () => {
    const { asked } = await answerWith(() => '{"unsupported": []}');
    expect(asked[1]?.hasPayer).toBe(true);
    expect(asked[1]?.endsAt).toBeLessThanOrEqual(asked[0]?.endsAt ?? 0);
  });

  it.each([
    [
      "it fails",
      () => Promise.reject(new PregoneroError("model-over-budget", "x")),
      "model-over-budget",
    ],
    ["it says no verdict", () => "All of them stand.", "not-a-verdict"],
    ["its verdict is of another shape", () => '{"unsupported": "all"}', "not-a-verdict"],
  ] satisfies readonly Case[])(
    "leaves what the words support when %s",
    async (_when, check, reason) => {
      const { text, outcomes } = await answerWith(check);
      expect(text).toContain("de Guatemala");
      expect(outcomes).toEqual([{ outcome: "grounding-not-checked", reason }]);
    },
  );

  it("takes numbers that are of no sentence for nothing", async () => {
    const { text, outcomes } = await answerWith(() => '{"unsupported": [0, 7, -1]}');
    expect(text).toContain("de Guatemala");
    expect(outcomes).toEqual([{ outcome: "grounding-checked", sentencesRemoved: 0 }]);
  });

  it("abstains when it leaves nothing", async () => {
    const { text } = await answerWith(() => '{"unsupported": [1, 2]}');
    expect(text).toContain("No encontré la respuesta");
  });

  it("is not asked unless it is chosen, nor while the process is busy", async () => {
    const off = await answerWith(() => '{"unsupported": [2]}', { checksGrounding: false });
    expect(off.asked.map(({ purpose }) => purpose)).toEqual(["write"]);
    const busy = await answerWith(() => '{"unsupported": [2]}', { isBusy: true });
    expect(busy.outcomes).toEqual([{ outcome: "grounding-not-checked", reason: "busy" }]);
    expect(busy.asked).toHaveLength(1);
  });
});
