import { describe, expect, it } from "vitest";
import { readConfig } from "../config.ts";
import { type AssistantView, DEFAULT_STYLE, type ModelState } from "../core/assistant.ts";
import { DEFAULT_CONDUCT } from "../core/hand-over.ts";
import type { CommandPorts } from "./ports.ts";
import { runProgram } from "./program.ts";

const CIVICA: AssistantView = {
  ...DEFAULT_STYLE,
  ...DEFAULT_CONDUCT,
  name: "civica",
  isDefault: true,
  revision: 3,
  persona: "Clara",
  chain: [
    {
      provider: "openai",
      model: "gpt-5-mini",
      baseUrl: "https://llm.example.org/v1",
      hasKey: true,
      unlisted: false,
    },
  ],
  large: [],
  largeContextCharacters: 6_000,
  quotesOnly: false,
  checksGrounding: null,
  bots: [],
};

/** Runs the program over an installation that has one assistant; what is saved is kept. */
async function run(args: readonly string[], over: Partial<CommandPorts> = {}) {
  const printed = { result: "", progress: "" };
  const saved: Parameters<CommandPorts["saveAssistant"]>[0][] = [];
  const ports: Partial<CommandPorts> = {
    listAssistants: async () => [CIVICA],
    async saveAssistant(input) {
      saved.push(input);
      return CIVICA;
    },
    ...over,
  };
  const exitCode = await runProgram(args, {
    actions: {
      loadConfig() {
        const read = readConfig({ env: {}, readFile: () => undefined });
        if (read.kind === "problems") throw new Error("configuration");
        return read.config;
      },
      start: async () => 0,
      migrate: async () => [],
      evaluate: async () => 0,
      withCommands: (_config, use) => use(ports as CommandPorts),
      readSecrets: async (labels) => labels.map(() => "sk-typed"),
      confirm: async () => undefined,
    },
    version: "1.2.3",
    out: {
      result(text) {
        printed.result += `${text}\n`;
      },
      progress(text) {
        printed.progress += `${text}\n`;
      },
      draw() {},
    },
    signal: new AbortController().signal,
  });
  return { exitCode, ...printed, saved };
}

describe("assistant set", () => {
  it("changes what is named, and leaves the rest with its address, under the revision that was read", async () => {
    const { saved } = await run(["assistant", "set", "civica", "--tone", "cercano"]);
    expect(saved).toMatchObject([
      {
        name: "civica",
        draft: {
          persona: "Clara",
          tone: "cercano",
          revision: 3,
          chain: [{ model: "gpt-5-mini", baseUrl: "https://llm.example.org/v1" }],
        },
      },
    ]);
    expect(saved[0]?.draft.chain?.[0]).not.toHaveProperty("apiKey");
  });

  it("gives no key but the one that is typed, to the provider that it is for", async () => {
    const chain = "anthropic:claude-haiku-4-5,openai:gpt-5-mini";
    const { saved, result } = await run([
      ...["assistant", "set", "civica", "--chain", chain, "--key", "anthropic"],
      ...["--forbid", "elecciones", "--forbid", "aborto", "--max-sentences", "2", "--default"],
    ]);
    expect(saved[0]?.draft).toMatchObject({
      isDefault: true,
      maxSentences: 2,
      forbiddenTopics: ["elecciones", "aborto"],
      chain: [
        { provider: "anthropic", apiKey: "sk-typed" },
        { provider: "openai", baseUrl: "https://llm.example.org/v1" },
      ],
    });
    expect(saved[0]?.draft.chain?.[1]).not.toHaveProperty("apiKey");
    expect(result).not.toContain("sk-typed");
  });

  it.each([
    [["--chain", "openai"], "a link is PROVIDER:MODEL"],
    [["--base-url", "https://x"], "PROVIDER=URL"],
  ])("refuses %j in one sentence", async (options, said) => {
    const { exitCode, progress } = await run(["assistant", "set", "civica", ...options]);
    expect([exitCode, progress.includes(said)]).toEqual([1, true]);
  });

  it("is wrong usage with a number that is none", async () => {
    const { exitCode } = await run(["assistant", "set", "civica", "--max-sentences", "two"]);
    expect(exitCode).toBe(64);
  });
});

it("assistant show says what it is, and that there is none", async () => {
  const shown = await run(["assistant", "show", "civica"]);
  expect(shown.result).toContain(
    "openai:gpt-5-mini at https://llm.example.org/v1 with its own key",
  );
  const missing = await run(["assistant", "show", "nobody"]);
  expect([missing.exitCode, missing.progress]).toEqual([
    1,
    expect.stringContaining('There is no assistant "nobody"'),
  ]);
});

it("model list shows each link's state, calls, cost and latency", async () => {
  const state: ModelState = {
    assistant: "civica",
    route: "usual",
    position: 1,
    link: "openai:gpt-5-mini",
    model: "openai:gpt-5-mini",
    state: "ok",
    restingUntil: null,
    calls: 12,
    costMicroUsd: 3_400,
    firstTokenMs: { p50: 410, p95: 1_200 },
  };
  const needsKey: ModelState = {
    ...state,
    position: 2,
    link: "xai:grok-4",
    state: "needs-key",
    calls: 0,
    firstTokenMs: null,
  };
  const { result } = await run(["model", "list"], { listModels: async () => [state, needsKey] });
  expect(result).toMatch(/openai:gpt-5-mini +ok +12 +\$0\.0034 +410 \/ 1200 ms/);
  expect(result).toMatch(/xai:grok-4 +needs key/);
});
