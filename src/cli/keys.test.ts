import { expect, it } from "vitest";
import type { SealedColumnState } from "../core/key-rotation.ts";
import { keyStatusCommand, rotateKeysCommand } from "./keys.ts";

const context = { signal: new AbortController().signal, onProgress() {} };

function output() {
  const said: string[] = [];
  const note = (text: string) => void said.push(text);
  return { said, out: { progress: note, result: note, draw() {} } };
}

it("tells what still needs an old key, and whether that can go", async () => {
  const status = async (columns: readonly SealedColumnState[]) => {
    const { said, out } = output();
    const ports = { keyStatus: async () => ({ currentKeyId: "aaaaaaaa", columns }) };
    return { exitCode: await keyStatusCommand(ports, context, out), said: said.join("\n") };
  };
  const old = [{ keyId: "bbbbbbbb", count: 3, isKnown: true }];
  expect(await status([{ column: "bot.secrets", current: 1, others: old }])).toMatchObject({
    exitCode: 1,
    said: expect.stringMatching(/bot\.secrets\tbbbbbbbb\t3\told[\s\S]*keys rotate/),
  });
  expect(await status([{ column: "bot.secrets", current: 4, others: [] }])).toMatchObject({
    exitCode: 0,
    said: expect.stringContaining("SECRET_KEYS_OLD can go"),
  });
});

it("fails when something does not open, and names where", async () => {
  const { said, out } = output();
  const unreadable = [{ column: "turn.content", count: 2 }];
  const ports = { rotateKeys: async () => ({ resealed: 9, unreadable }) };
  expect(await rotateKeysCommand(ports, context, out)).toBe(1);
  expect(said.join("\n")).toMatch(/2 envelopes of turn\.content[\s\S]*9 envelopes/);
});
