import { describe, expect, it } from "vitest";
import { accountWith } from "./__fixtures__/bot-account.ts";
import { answerChallenge } from "./verify-webhook.ts";

describe("the challenge", () => {
  const right = {
    "hub.mode": "subscribe",
    "hub.verify_token": "chosen",
    "hub.challenge": "1158201444",
  };
  const bot = accountWith({}, { verifyToken: "chosen", webhookSecret: "random" });

  it("is answered for the token that a person chose, else for the bot's own", () => {
    expect(answerChallenge(bot, right)).toBe("1158201444");
    const own = accountWith({}, { webhookSecret: "random" });
    expect(answerChallenge(own, { ...right, "hub.verify_token": "random" })).toBe("1158201444");
  });

  it.each<[string, Record<string, string | undefined>]>([
    ["another token", { "hub.verify_token": "random" }],
    ["no token", { "hub.verify_token": undefined }],
    ["an empty token", { "hub.verify_token": "" }],
    ["another mode", { "hub.mode": "unsubscribe" }],
    ["no challenge", { "hub.challenge": undefined }],
    ["a challenge that is markup", { "hub.challenge": "<script>" }],
  ])("is refused with %s", (_, change) => {
    expect(answerChallenge(bot, { ...right, ...change })).toBeUndefined();
  });

  it("is refused for a bot without a secret", () => {
    expect(answerChallenge(accountWith({}), { ...right, "hub.verify_token": "" })).toBeUndefined();
  });
});
