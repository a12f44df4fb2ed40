import { describe, expect, it } from "vitest";
import type { CommandPorts } from "./ports.ts";
import { type ProgramActions, runProgram } from "./program.ts";

/** Runs the program; `ports` are what the installation does. */
async function run(args: readonly string[], ports: Partial<CommandPorts> = {}) {
  const lines = { result: "", progress: "" };
  const exitCode = await runProgram(args, {
    actions: {
      loadConfig: () => ({}),
      withCommands: (_config: unknown, use: (all: CommandPorts) => Promise<number>) =>
        use(ports as CommandPorts),
    } as unknown as ProgramActions,
    version: "1",
    out: {
      result: (text) => {
        lines.result += text;
      },
      progress: (text) => {
        lines.progress += text;
      },
      draw() {},
    },
    signal: new AbortController().signal,
  });
  return { exitCode, ...lines };
}

const link = { url: "http://x/access/invitation#t0ken", expiresAt: "2026-11-28T10:30:00.000Z" };

describe("user", () => {
  it("add prints the link alone as its result", async () => {
    const asked: unknown[] = [];
    const added = await run(["user", "add", "ana@example.org", "--role", "owner"], {
      addUser: async (input) => {
        asked.push(input);
        return link;
      },
    });
    expect(added).toMatchObject({ exitCode: 0, result: link.url });
    expect(added.progress).toContain("until 2026-11-28");
    expect(asked).toEqual([{ email: "ana@example.org", role: "owner" }]);
  });

  it("add needs a role, and one that there is", async () => {
    for (const options of [[], ["--role", "root"]]) {
      const refused = await run(["user", "add", "ana@example.org", ...options]);
      expect(refused.exitCode).toBe(64);
      expect(refused.progress).toContain("--role");
    }
  });

  it("list shows who may what, and who has no second factor", async () => {
    const { result } = await run(["user", "list"], {
      listUsers: async () => [
        {
          email: "ana@example.org",
          name: "Ana",
          roles: ["platform-admin", "owner"],
          isDisabled: false,
          hasTotp: false,
          lastSignInAt: undefined,
        },
      ],
    });
    expect(result).toMatch(/ana@example\.org +Ana +platform-admin, owner +no +active +never/);
  });

  it("disable, enable and reset-password say what they did", async () => {
    const asked: unknown[] = [];
    const ports: Partial<CommandPorts> = {
      setUserDisabled: async (input) => {
        asked.push(input);
        return {};
      },
      resetUserPassword: async (input) => {
        asked.push(input);
        return link;
      },
    };
    const email = "ana@example.org";
    expect((await run(["user", "disable", email], ports)).result).toContain("is disabled");
    expect((await run(["user", "enable", email], ports)).result).toContain("again");
    const reset = await run(["user", "reset-password", email, "--drop-totp"], ports);
    expect([reset.result, reset.progress.includes("10:30 UTC")]).toEqual([link.url, true]);
    expect(asked).toEqual([
      { email, isDisabled: true },
      { email, isDisabled: false },
      { email, dropsTotp: true },
    ]);
  });
});
