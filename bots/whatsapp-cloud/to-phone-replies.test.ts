import { describe, expect, it } from "vitest";
import type { BotAccount } from "../../src/core/channel.ts";
import { asId } from "../../src/core/ids.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { toIncoming } from "./to-incoming.ts";
import { toPhoneReplies } from "./to-phone-replies.ts";

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

/** Documented payload: developers.facebook.com, "smb_message_echoes webhook reference", May 2026. */
const webhook = (echo: object, numberId = NUMBER) => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: "102290129340398",
      changes: [
        {
          field: "smb_message_echoes",
          value: {
            messaging_product: "whatsapp",
            metadata: { display_phone_number: "50640001001", phone_number_id: numberId },
            message_echoes: [echo],
          },
        },
      ],
    },
  ],
});
const echo = {
  from: "50640001001",
  to: "50688887777",
  id: "wamid.E",
  timestamp: "1749416383",
  type: "text",
  text: { body: "Pase por la ventanilla 3." },
};
const read = (one: object, numberId?: string) =>
  toPhoneReplies(bot, webhook(one, numberId), silentLogger);

describe("what is written from the phone", () => {
  it("is told with its chat, its words and its time", () => {
    expect(read(echo)).toEqual([
      {
        tenantId: "t",
        botId: "b",
        chatKey: "50688887777",
        networkMessageId: "wamid.E",
        text: "Pase por la ventanilla 3.",
        sentAt: new Date("2025-06-08T20:59:43.000Z"),
      },
    ]);
  });

  it("goes by the id that stays, as the chat does, and has no words where it is a picture", () => {
    const { text: _, ...picture } = {
      ...echo,
      type: "image",
      to_user_id: "CR.13491208655302741918",
    };
    expect(read(picture)).toMatchObject([{ chatKey: "CR.13491208655302741918", text: undefined }]);
  });

  it("is nothing when it only changes what was said, is of another number, or cannot be read", () => {
    expect(read({ ...echo, type: "revoke" })).toEqual([]);
    expect(read({ ...echo, type: "edit" })).toEqual([]);
    expect(read(echo, "1")).toEqual([]);
    expect(read({ ...echo, to: "../../etc" })).toEqual([]);
    expect(read({ ...echo, id: 7 })).toEqual([]);
  });

  it("is no message of a citizen's", () => {
    expect(toIncoming(bot, webhook(echo), silentLogger)).toEqual([]);
  });
});
