import { describe, expect, it } from "vitest";
import { keyOfWriter } from "./group-writers.ts";

const PHONE = "50688880001@c.us";
const LID = "148018893762345@lid";

/** The keys of what is written, one after the other. */
function keys(...senders: readonly { readonly key?: string; readonly name?: string }[]) {
  let aliases: readonly string[] = ["title:Vecinos"];
  return senders.map((sender) => {
    const found = keyOfWriter(aliases, sender);
    aliases = found?.aliases ?? aliases;
    return found?.key;
  });
}

describe("keyOfWriter", () => {
  it("keeps the key when the page shows a name first, then a phone, then a lid", () => {
    expect(
      keys({ name: "Ana" }, { name: "Ana", key: PHONE }, { name: "Ana", key: LID }, { key: LID }),
    ).toEqual(["Ana", "Ana", "Ana", "Ana"]);
  });

  it("keeps the key of somebody who is renamed, by their id", () => {
    expect(keys({ name: "Ana", key: LID }, { name: "Anita", key: LID }, { name: "Anita" })).toEqual(
      [LID, LID, LID],
    );
  });

  it("never takes two people of one name for each other when their ids tell them apart", () => {
    const other = "50688880002@c.us";
    expect(keys({ name: "Ana", key: PHONE }, { name: "Ana", key: other })).toEqual([PHONE, other]);
  });

  it("tells nothing of whom the page tells nothing", () => {
    expect(keys({})).toEqual([undefined]);
  });

  it("leaves the other aliases of the chat as they are and remembers a bounded number of writers", () => {
    let aliases: readonly string[] = ["title:Vecinos", "jid:1@g.us"];
    for (let at = 0; at < 400; at++) {
      aliases = keyOfWriter(aliases, { name: `P${at}` })?.aliases ?? [];
    }
    expect(aliases.slice(0, 2)).toEqual(["title:Vecinos", "jid:1@g.us"]);
    expect(aliases.length).toBe(302);
  });
});
