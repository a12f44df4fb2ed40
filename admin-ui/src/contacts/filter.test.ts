import { describe, expect, it } from "vitest";
import { readContactsFilter, toConditions, toContactsQuery } from "./filter.ts";

describe("the filter of contacts", () => {
  it("keeps of an address what it knows, and nothing else", () => {
    const search = { tag: "vip", channel: "fax", consent: "granted", blocked: true, q: "Ana" };
    expect(readContactsFilter(search)).toEqual({
      tag: "vip",
      consent: "granted",
      blocked: "true",
    });
  });

  it("asks for a list by its id, and for a kept filter by what it says", () => {
    const shared = { id: "s1", name: "Prensa", updatedAt: "2026-01-01T00:00:00Z" };
    const tag = { kind: "tag", tag: "prensa" };
    const kept = { ...shared, kind: "filter", filter: tag } as const;
    const list = { ...shared, kind: "list", filter: {} } as const;
    expect(toContactsQuery({ segment: "s1", blocked: "false" })).toEqual({
      list: "s1",
      blocked: "false",
    });
    expect(toConditions({}, undefined)).toBeUndefined();
    expect(toConditions({ channel: "telegram" }, list)).toEqual({
      kind: "all",
      of: [
        { kind: "channel", channel: "telegram" },
        { kind: "in-list", segmentId: "s1" },
      ],
    });
    expect(toConditions({}, kept)).toEqual({ kind: "all", of: [tag] });
  });
});
