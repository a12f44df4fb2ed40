import { describe, expect, it } from "vitest";
import { checkPassword } from "./password-policy.ts";

const ana = { email: "ana.solano@example.org", name: "Ana Solano Ruiz" };
const problemOf = (password: string) =>
  checkPassword(password, ana).then(
    () => "taken",
    (error: { code: string; message: string }) => error.message,
  );

describe("a password", () => {
  it.each([
    ["elevenchars", "at least 12"],
    ["ñandú🦙🦙", "at least 12"],
    ["x".repeat(257), "at most 256"],
    ["1q2w3e4r5t6y", "everybody tries"],
    ["Password1234!", "everybody tries"],
    ["123456789012", "everybody tries"],
    ["098765432109", "everybody tries"],
    ["aaaaaaaaaaaaaa", "repeats"],
    ["abcabcabcabcabc", "repeats"],
    ["Ana.Solano2026", "your own name or address"],
    ["ana.solano@example.org", "your own name or address"],
    ["Ana Solano Ruiz", "your own name or address"],
    ["pregonero2026!!", "your own name or address"],
  ])("%s is refused", async (password, why) => {
    expect(await problemOf(password)).toContain(why);
  });

  it.each([
    "tres gatos leen la gaceta",
    "correcto caballo bateria grapa",
    "zzxqvbnmplok",
    "7291 8340 5526 1",
    "🦙🐈🐕🦜🐟🦊🐢🐝🦋🐙🦀🐌",
    `${"larga y sin reglas ".repeat(4)}x`,
    "y".repeat(20) + "zaw q".repeat(20),
  ])("%s is taken, whatever it is made of", async (password) => {
    expect(await problemOf(password)).toBe("taken");
  });
});
