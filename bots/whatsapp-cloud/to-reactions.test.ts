import { describe, expect, it } from "vitest";
import type { BotAccount } from "../../src/core/channel.ts";
import { asId } from "../../src/core/ids.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { toIncoming } from "./to-incoming.ts";
import { toReactions } from "./to-reactions.ts";

const NUMBER = "106540352242922";
const bot: BotAccount = {
  tenantId: asId("t"),
  botId: asId("b"),
  botKey: "k",
  channel: "whatsapp-cloud",
  name: "Municipalidad",
  secrets: {},
  settings: { networkId: NUMBER },
};

/** Documented payload: developers.facebook.com, "Reaction messages webhook reference", May 2026. */
const webhook = (message: object, numberId = NUMBER) => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: "102290129340398",
      changes: [
        {
          field: "messages",
          value: {
            messaging_product: "whatsapp",
            metadata: { display_phone_number: "50640001001", phone_number_id: numberId },
            contacts: [{ profile: { name: "Ana" }, wa_id: "50688887777" }],
            messages: [message],
          },
        },
      ],
    },
  ],
});
const reaction = (fields: object, around: object = {}) => ({
  from: "50688887777",
  id: "wamid.R",
  timestamp: "1749416383",
  type: "reaction",
  reaction: { message_id: "wamid.OURS", ...fields },
  ...around,
});
const read = (message: object, numberId?: string) =>
  toReactions(bot, webhook(message, numberId), silentLogger);

describe("a reaction in WhatsApp", () => {
  it("is told with its chat, its person, our message and its time", () => {
    expect(read(reaction({ emoji: "👍🏾" }))).toEqual([
      {
        chatKey: "50688887777",
        senderKey: "50688887777",
        networkMessageId: "wamid.OURS",
        vote: "up",
        at: "2025-06-08T20:59:43.000Z",
      },
    ]);
  });

  it("takes back what it said when it is taken away, or becomes one that says nothing", () => {
    expect(read(reaction({}))).toMatchObject([{ vote: "none" }]);
    expect(read(reaction({ emoji: "" }))).toMatchObject([{ vote: "none" }]);
    expect(read(reaction({ emoji: "🤔" }))).toMatchObject([{ vote: "none" }]);
    expect(read(reaction({ emoji: "👎" }))).toMatchObject([{ vote: "down" }]);
  });

  it("goes by the id that stays, and by the group where it is in one", () => {
    const named = { from_user_id: "CR.13491208655302741918" };
    expect(read(reaction({ emoji: "👍" }, named))).toMatchObject([
      { chatKey: "CR.13491208655302741918", senderKey: "CR.13491208655302741918" },
    ]);
    const group = { group_id: "Y2FwaV9ncm91cDox" };
    expect(read(reaction({ emoji: "👍" }, group))).toMatchObject([
      { chatKey: "group:Y2FwaV9ncm91cDox", senderKey: "50688887777" },
    ]);
  });

  it("is nothing when it is of another number, of nobody, or cannot be read", () => {
    expect(read(reaction({ emoji: "👍" }), "1")).toEqual([]);
    expect(read(reaction({ emoji: "👍" }, { from: "../../etc" }))).toEqual([]);
    expect(read(reaction({ message_id: 7 }))).toEqual([]);
    expect(read({ ...reaction({}), reaction: undefined })).toEqual([]);
  });

  it("is no message of a citizen's", () => {
    expect(toIncoming(bot, webhook(reaction({ emoji: "👍" })), silentLogger)).toEqual([]);
  });
});
