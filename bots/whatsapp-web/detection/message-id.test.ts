import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kindOfJid, normaliseJid, phoneOfJid, readMessageId } from "./message-id.ts";

describe("the id of a message", () => {
  it.each([
    ["3EB0C767D26B8C1A4F1D2E", "3EB0C767D26B8C1A4F1D2E"],
    ["false_50688887777@c.us_3A12AB", "3A12AB"],
    ["true_50688887777@c.us_3EB0AA", "3EB0AA"],
    ["true_50688887777@c.us_3EB0AA_out", "3EB0AA"],
    ["false_120363-1@g.us_AC12_50688887777@c.us", "AC12"],
    ["false_123456789012345@lid_AUDIO.7F", "AUDIO.7F"],
    ["false_120363@g.us_3A_B_C_123456789012345@lid", "3A_B_C"],
    ["album-3A12", "album-3A12"],
    ["false_", "false_"],
  ])("%s is %s", (raw, canonical) => {
    expect(readMessageId(raw).canonicalId).toBe(canonical);
  });

  it("tells the chat, the member and the direction where they are in it", () => {
    expect(readMessageId("false_120363@g.us_AC12_50688887777:12@s.whatsapp.net")).toEqual({
      canonicalId: "AC12",
      chatJid: "120363@g.us",
      participant: "50688887777@c.us",
      direction: "in",
    });
  });

  it("is one for every form in which the page writes it", () => {
    const id = fc.stringMatching(/^[0-9A-F]{16,32}$/);
    const user = fc.stringMatching(/^[1-9][0-9]{6,14}$/);
    const server = fc.constantFrom("c.us", "g.us", "lid", "s.whatsapp.net");
    const own = fc.boolean();
    fc.assert(
      fc.property(id, user, server, own, user, (bare, chat, at, isOwn, member) => {
        const prefixed = `${isOwn}_${chat}@${at}_${bare}`;
        const forms = [bare, prefixed, `${prefixed}_${member}@lid`, `${prefixed}_out`];
        expect(forms.map((form) => readMessageId(form).canonicalId)).toEqual(forms.map(() => bare));
      }),
    );
  });

  it("never fails, and never tells a direction that is not written", () => {
    fc.assert(
      fc.property(fc.string(), (raw) => {
        const { canonicalId, direction } = readMessageId(raw);
        expect(canonicalId).toBeTypeOf("string");
        if (!/^\s*(true|false)_/.test(raw)) expect(direction).toBeUndefined();
      }),
    );
  });
});

describe("a jid", () => {
  it("names a phone only when it is one's", () => {
    expect(phoneOfJid("50688887777@c.us")).toBe("50688887777");
    expect(phoneOfJid("190000000000001@lid")).toBeUndefined();
    expect(phoneOfJid("1203@g.us")).toBeUndefined();
  });

  it("loses its device, and is written in one way", () => {
    expect(normaliseJid("50688887777:3@s.whatsapp.net")).toBe("50688887777@c.us");
  });

  it("tells groups from people", () => {
    expect(["1@g.us", "12@lid", "1@c.us", "1@newsletter", undefined].map(kindOfJid)).toEqual([
      "group",
      "private",
      "private",
      "unknown",
      "unknown",
    ]);
  });
});
