import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REACTION_VOTES, voteOfReaction } from "../../src/core/feedback.ts";
import { toReactions } from "./to-reactions.ts";

/** As documented: core.telegram.org/bots/api#messagereactionupdated, Bot API 9.2, read 2026-11. */
const update = (before: readonly string[], after: readonly string[], fields: object = {}) => ({
  update_id: 9,
  message_reaction: {
    chat: { id: 7, type: "private", first_name: "Ana" },
    message_id: 41,
    user: { id: 7, is_bot: false, first_name: "Ana" },
    date: 1_700_000_000,
    old_reaction: before.map((emoji) => ({ type: "emoji", emoji })),
    new_reaction: after.map((emoji) => ({ type: "emoji", emoji })),
    ...fields,
  },
});
const votes = (before: readonly string[], after: readonly string[], fields?: object) =>
  toReactions(update(before, after, fields)).map(({ vote }) => vote);

describe("a reaction in Telegram", () => {
  it("is told with its chat, its person, its message and its time", () => {
    expect(toReactions(update([], ["👍"]))).toEqual([
      {
        chatKey: "7",
        senderKey: "7",
        networkMessageId: "41",
        vote: "up",
        at: "2023-11-14T22:13:20.000Z",
      },
    ]);
  });

  it("judges by the table, changes its mind, and is taken back", () => {
    expect(votes([], ["👎"])).toEqual(["down"]);
    expect(votes(["👎"], ["👍"])).toEqual(["up"]);
    expect(votes(["👍"], [])).toEqual(["none"]);
    expect(votes(["👍"], ["🤔"])).toEqual(["none"]);
    expect(votes([], ["🤔", "👎"])).toEqual(["down"]);
  });

  it("is nothing when it says no more of the answer than before", () => {
    expect(votes([], ["🤔"])).toEqual([]);
    expect(votes(["🤔"], [])).toEqual([]);
    expect(votes(["👍"], ["👍", "🤔"])).toEqual([]);
    expect(
      votes([], [], { new_reaction: [{ type: "custom_emoji", custom_emoji_id: "1" }] }),
    ).toEqual([]);
  });

  it("is nobody's when a bot or an anonymous administrator put it there", () => {
    expect(votes([], ["👍"], { user: { id: 1, is_bot: true, first_name: "x" } })).toEqual([]);
    const actor = { user: undefined, actor_chat: { id: -100, type: "supergroup" } };
    expect(votes([], ["👍"], actor)).toEqual([]);
  });

  it("is never read out of anything else, and never throws", () => {
    for (const body of [undefined, null, 1, [], {}, { update_id: 9, message: {} }]) {
      expect(toReactions(body)).toEqual([]);
    }
    fc.assert(fc.property(fc.jsonValue(), (body) => toReactions(body).length === 0));
  });
});

describe("the table of reactions", () => {
  it("knows a thumb of any colour, and no property of objects", () => {
    expect(voteOfReaction("👍🏽")).toBe("up");
    expect(voteOfReaction("❤️")).toBe("up");
    expect(voteOfReaction("constructor")).toBeUndefined();
    expect(voteOfReaction("")).toBeUndefined();
    for (const [emoji, vote] of Object.entries(REACTION_VOTES)) {
      expect(voteOfReaction(emoji)).toBe(vote);
    }
  });
});
