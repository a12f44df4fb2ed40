import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { PregoneroApiError } from "../../../client/index.ts";
import { inReadersWords } from "./refusals.ts";
import { REFUSALS_ES } from "./refusals-es.ts";

const root = path.join(import.meta.dirname, "..", "..", "..");

/** Said by no page of the interface: to machines, to commands, or to nobody. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  "invalid-input",
  "bad-update",
  "signature-wrong",
  "wrong-secret",
  "file-unreadable",
  "chat-not-found",
]);

/** Every code that is thrown with a status for HTTP, or through a function that gives it one. */
function codesThrown(): ReadonlySet<string> {
  const files = ["src", "bots"].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !/\.(test|contract)\.ts$|^cli\//.test(file))
      .map((file) => path.join(root, folder, file)),
  );
  // In the folders of the bots `refused` is what a network said of a message.
  const thrown = /(new PregoneroError|refused|refuse|forbidden)\(\s*"([a-z0-9-]+)",([^;]{0,700})/g;
  const isAnswer = (file: string) => file.startsWith(path.join(root, "src"));
  return new Set(
    files.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(thrown)].flatMap(([, how, code = "", rest = ""]) =>
        (how === "new PregoneroError" ? /\bstatus\b/.test(rest) : isAnswer(file)) ? [code] : [],
      ),
    ),
  );
}

const facts = { status: 409, requestId: "r1" };

describe("a refusal of the API", () => {
  it("has words for every code that the server throws", () => {
    const codes = codesThrown();
    expect(codes.size).toBeGreaterThan(120);
    const lacking = [...codes].filter(
      (code) => !ELSEWHERE.has(code) && !Object.hasOwn(REFUSALS_ES, code),
    );
    expect(lacking).toEqual([]);
  });

  it("is told in Spanish, with what only the API knows, and keeps its facts", async () => {
    const taken = new PregoneroApiError("The campaign is sending; …", {
      ...facts,
      code: "campaign-state",
    });
    expect(await inReadersWords(taken, "es")).toMatchObject({
      ...facts,
      code: "campaign-state",
      message: "La campaña no está en un estado que lo permita. The campaign is sending; …",
    });
    const unheard = new PregoneroApiError("Own words.", { ...facts, code: "constructor" });
    expect((await inReadersWords(unheard, "pt")).message).toBe("Own words.");
    expect(await inReadersWords(taken, "en")).toBe(taken);
  });

  it("names each field and its rule, and a rule without words in the API's", async () => {
    const invalid = new PregoneroApiError("The request is not valid: …", {
      ...facts,
      code: "invalid-input",
      fields: [
        { field: "name", problem: "Too small", rule: "too-short", limit: 1, example: "Prensa" },
        { field: "until", problem: "must be in the future" },
      ],
    });
    expect((await inReadersWords(invalid, "es")).message).toBe(
      "Hay datos que corregir: name: es demasiado corto (mínimo: 1) (por ejemplo Prensa); until: must be in the future.",
    );
  });
});
