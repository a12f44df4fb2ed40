import { describe, expect, it } from "vitest";
import { readConfig } from "../config.ts";
import type { Answer } from "../core/answer.ts";
import { PregoneroError } from "../core/errors.ts";
import { asId } from "../core/ids.ts";
import { guessSource } from "./commands.ts";
import { describePassport } from "./passport.ts";
import type { CommandPorts, PassportView } from "./ports.ts";
import { type ProgramActions, runProgram } from "./program.ts";

const ANSWER: Answer = {
  text: "Se crea una oficina. [1]",
  language: "es",
  abstained: false,
  citations: [
    {
      number: 1,
      passageId: asId("1"),
      editionId: asId("e"),
      source: "boe",
      edition: "BOE n.º 92",
      date: "2024-04-15",
      page: 2,
      printedPage: "41276",
      quote: "Se crea una Oficina\u001b[2J Consular",
      url: "http://127.0.0.1:8080/gazettes/boe/2024-04-15/pages/2?hl=1",
    },
  ],
  model: "extractive",
  passport: asId("0190a1b2-0000-7000-8000-000000000000"),
};

/** Runs the program with commands that answer as given and records what was printed. */
async function run(
  args: readonly string[],
  ports: Partial<CommandPorts> = {},
  over: Partial<ProgramActions> = {},
) {
  const printed = { result: "", progress: "" };
  const out = {
    result(text: string) {
      printed.result += `${text}
`;
    },
    progress(text: string) {
      printed.progress += `${text}
`;
    },
    draw() {},
  };
  const actions: ProgramActions = {
    loadConfig() {
      const result = readConfig({ env: {}, readFile: () => undefined });
      if (result.kind === "problems") throw new Error("configuration");
      return result.config;
    },
    start: async () => 0,
    migrate: async () => ["0001_line"],
    evaluate: async () => 0,
    withCommands: (_config, use) => use(ports as CommandPorts),
    readSecrets: async (labels) => labels.map(() => "1:asked"),
    confirm: async () => undefined,
    ...over,
  };
  const signal = new AbortController().signal;
  const exitCode = await runProgram(args, { actions, version: "1.2.3", out, signal });
  return { exitCode, ...printed };
}

describe("ask", () => {
  it("prints the answer, each citation with both page numbers and its link, and the passport", async () => {
    const { exitCode, result } = await run(["ask", "¿Qué se crea?"], { ask: async () => ANSWER });
    expect(exitCode).toBe(0);
    expect(result).toContain("[1] BOE n.º 92, 2024-04-15, PDF page 2, printed 41276");
    expect(result).toContain("/gazettes/boe/2024-04-15/pages/2?hl=1");
    expect(result).toContain("pregonero passport 0190a1b2-0000-7000-8000-000000000000");
  });

  it("passes date and source on, and with --json prints what POST /api/v1/ask answers", async () => {
    const asked: unknown[] = [];
    const ask: CommandPorts["ask"] = async (input) => {
      asked.push(input);
      return { ...ANSWER, citations: [] };
    };
    const args = ["ask", "x", "--date", "2024-04-15", "--source", "boe", "--json"];
    const { result } = await run(args, { ask });
    expect(asked).toEqual([{ question: "x", date: "2024-04-15", source: "boe" }]);
    expect(JSON.parse(result)).toEqual({
      answer: ANSWER.text,
      abstained: false,
      citations: [],
      model: "extractive",
      passport: ANSWER.passport,
    });
  });
});

describe("dead-letter", () => {
  const ID = "0190a1b2-0000-7000-8000-000000000000";

  it("lists the id, bot and reason of what was given up, and says when there is none", async () => {
    const letter = {
      messageId: ID,
      bot: "ventanilla",
      reason: "turn-threw",
      attempts: 5,
      receivedAt: "2024-04-15T12:34:56.000Z",
    };
    const { result } = await run(["dead-letter", "list"], {
      listDeadLetters: async () => [letter],
    });
    expect(result).toMatch(/0190a1b2-\S+ +ventanilla +turn-threw +5 +2024-04-15 12:34 UTC/);
    const none = await run(["dead-letter", "list"], { listDeadLetters: async () => [] });
    expect(none).toMatchObject({ exitCode: 0, progress: "No message was given up.\n" });
  });

  it.each(["retry", "drop"])("passes the id on to %s", async (command) => {
    const settled: unknown[] = [];
    const settle = async (input: unknown) => {
      settled.push(input);
      return {};
    };
    const { exitCode } = await run(["dead-letter", command, ID], {
      [`${command}DeadLetter`]: settle,
    });
    expect([exitCode, settled]).toEqual([0, [{ id: ID }]]);
  });
});

describe("exit codes", () => {
  it.each([
    ["a missing argument", ["ask"], {}, 64, /missing required argument/],
    ["an unknown command", ["aks"], {}, 64, /unknown command/],
    [
      "a failure",
      ["ask", "x"],
      { ask: () => Promise.reject(new PregoneroError("x", "So.")) },
      1,
      /So\./,
    ],
    [
      "a failure that may pass",
      ["ask", "x"],
      { ask: () => Promise.reject(new PregoneroError("x", "Soon.", { retry: "backoff" })) },
      75,
      /Soon\./,
    ],
    [
      "a passport that is not there",
      ["passport", "9"],
      { passport: async () => [] },
      1,
      /No message is known/,
    ],
    ["--version", ["--version"], {}, 0, /^$/],
    ["--help", ["--help"], {}, 0, /^$/],
  ] as const)("%s", async (_what, args, ports, expected, message) => {
    const { exitCode, progress } = await run(args, ports as Partial<CommandPorts>);
    expect(exitCode).toBe(expected);
    expect(progress).toMatch(message);
  });

  it("a wrong configuration exits 78 before anything is opened", async () => {
    const loadConfig = () => {
      throw new PregoneroError("config-invalid", "PORT is wrong");
    };
    expect(await run(["doctor"], {}, { loadConfig })).toMatchObject({
      exitCode: 78,
      progress: "PORT is wrong\n",
    });
  });
});

describe("start", () => {
  it("takes roles that win over the environment", async () => {
    const asked: unknown[] = [];
    const loadConfig: ProgramActions["loadConfig"] = (overrides) => {
      asked.push(overrides);
      throw new PregoneroError("config-invalid", "");
    };
    await run(["start", "--roles=worker"], {}, { loadConfig });
    await run(["start"], {}, { loadConfig });
    expect(asked).toEqual([{ ROLES: "worker" }, {}]);
  });
});

describe("passport", () => {
  it("shows when each thing happened since the message came, and what became of each part", () => {
    const passport: PassportView = {
      messageId: "m",
      botId: "b",
      conversationId: "c",
      state: "answered",
      deadReason: undefined,
      events: [
        { kind: "received", at: "2026-11-21T10:00:00.000Z", detail: {} },
        {
          kind: "retrieved",
          at: "2026-11-21T10:00:00.250Z",
          detail: { passages: 5, best: { score: 7 } },
        },
        { kind: "sent", at: "2026-11-21T10:00:03.000Z", detail: {} },
      ],
      parts: [
        { outboxId: "o", state: "sent", attempts: 1, networkMessageId: "77", reason: undefined },
      ],
    };
    const text = describePassport(passport);
    expect(text).toContain('+250 ms  retrieved  passages=5 best={"score":7}');
    expect(text).toContain("+3.0 s  sent");
    expect(text).toContain("o  sent  attempts 1  network id 77");
  });
});

describe("the source of a document", () => {
  const slugs = ["boe", "la-gaceta", "ni-la-gaceta"];

  it.each([
    ["/tmp/BOE-S-2024-92.pdf", "boe"],
    ["CR_LaGaceta_220.pdf", "la-gaceta"],
    ["NI_LaGaceta_214.pdf", "ni-la-gaceta"],
  ])("%s is of %s", (location, slug) => {
    expect(guessSource(location, slugs)).toBe(slug);
  });

  it("must be said when the name does not tell", () => {
    expect(() => guessSource("scan.pdf", slugs)).toThrow(/--source, one of: boe, la-gaceta/);
  });
});

describe("plan", () => {
  it("sets limits for a day, and gives a tenant the plan", async () => {
    const asked: unknown[] = [];
    const ports: Partial<CommandPorts> = {
      setPlan: async (input) => {
        asked.push(input);
        return { ...input, tenants: 0 };
      },
      assignPlan: async (input) => {
        asked.push(input);
        return {};
      },
    };
    const { exitCode, result } = await run(["plan", "set", "basic", "--per-person", "40"], ports);
    expect([exitCode, result]).toEqual([0, "basic: questions a day all, a day and person 40.\n"]);
    await run(["plan", "assign", "basic", "--tenant", "salud"], ports);
    await run(["plan", "assign"], ports);
    expect(asked).toEqual([
      { name: "basic", questionsPerDay: null, questionsPerContactDay: 40 },
      { name: "basic", tenant: "salud" },
      { name: undefined, tenant: undefined },
    ]);
    const refused = await run(["plan", "set", "basic", "--per-day", "many"], ports);
    expect(refused.exitCode).toBe(64);
  });
});

describe("budget", () => {
  it("sets a limit in dollars, and says what happens past it", async () => {
    const set: unknown[] = [];
    const setBudget: CommandPorts["setBudget"] = async (input) => {
      set.push(input);
      return {};
    };
    const { exitCode, result } = await run(["budget", "set", "month", "25"], { setBudget });
    await run(["budget", "set", "message", "$0.000250"], { setBudget });
    await run(["budget", "remove", "day"], { setBudget });
    expect([exitCode, result]).toEqual([
      0,
      "Models may cost at most $25.00 per month. Past it, answers are quotations.\n",
    ]);
    expect(set).toEqual([
      { period: "month", limit: 25_000_000 },
      { period: "message", limit: 250 },
      { period: "day", limit: undefined },
    ]);
  });

  it.each(["25 €", "-1", "0.0000001", "1e3", ""])("refuses %j as an amount", async (usd) => {
    const { exitCode, progress } = await run(["budget", "set", "--", "month", usd]);
    expect(exitCode).toBe(1);
    expect(progress).toContain("is not an amount of US dollars");
  });

  it("shows limits, the balance and the month's calls", async () => {
    const { result } = await run(["budget", "list"], {
      showSpending: async () => ({
        budgets: [{ period: "day", limit: 1_000_000, spent: 412_345, reserved: 3_000 }],
        balance: { balance: 5_000_000, reserved: 0 },
        models: [
          {
            model: "openai:gpt-5-mini",
            calls: 12,
            usage: { input: 34_000, cachedInput: 12_000, output: 2_100 },
            cost: 10_100,
            unpricedCalls: 1,
          },
        ],
      }),
    });
    const lines = result.split("\n").map((line) => line.trim().split(/ {2,}/));
    expect(lines).toContainEqual(["per day", "$1.00", "$0.412345", "$0.003"]);
    expect(lines).toContainEqual(["prepaid", "$5.00", "$0.00"]);
    expect(lines).toContainEqual([
      "openai:gpt-5-mini",
      "12",
      "34000",
      "12000",
      "2100",
      "$0.0101 and 1 unpriced",
    ]);
  });
});
