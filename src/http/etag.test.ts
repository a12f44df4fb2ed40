import type { Request, Response } from "express";
import { describe, expect, it } from "vitest";
import { expectedRevision, expectedRevisionIfAny, sendRevision, staleRevision } from "./etag.ts";

const asking = (ifMatch: string | undefined) => ({ get: () => ifMatch }) as unknown as Request;

describe("If-Match", () => {
  it("takes the ETag that was sent", () => {
    const headers = new Map<string, string>();
    const response = { setHeader: (name: string, value: string) => headers.set(name, value) };
    sendRevision(response as unknown as Response, 12);
    expect(expectedRevision(asking(headers.get("ETag")))).toBe(12);
  });

  it("lets * stand for whichever revision there is", () => {
    expect(expectedRevision(asking("*"))).toBeUndefined();
  });

  it("is asked for where a change without it would overwrite unseen", () => {
    expect(() => expectedRevision(asking(undefined))).toThrow(
      expect.objectContaining({ code: "if-match-needed", status: 428 }),
    );
    expect(expectedRevisionIfAny(asking(undefined))).toBeUndefined();
  });

  it.each(['W/"r3"', '"3"', "r3", '"r3", "r4"', '"r3x"', '"r99999999999"', ""])(
    "matches nothing with %s",
    (tag) => {
      for (const read of [expectedRevision, expectedRevisionIfAny]) {
        expect(() => read(asking(tag))).toThrow(
          expect.objectContaining({ code: staleRevision().code, status: 412 }),
        );
      }
    },
  );
});
