import { describe, expect, it } from "vitest";
import { ownPath, postLink } from "./post-link.ts";

describe("the address of a post", () => {
  it("is that of its network", () => {
    expect(postLink({ kind: "x", settings: {} }, "17")).toBe("https://x.com/i/web/status/17");
    const channel = { kind: "telegram-channel" as const, settings: { chatId: "-1001234" } };
    expect(postLink(channel, "5")).toBe("https://t.me/c/1234/5");
  });

  it("is none where nobody could open it", () => {
    expect(postLink({ kind: "x", settings: {} }, null)).toBeUndefined();
    expect(postLink({ kind: "x", settings: {} }, "javascript:0")).toBeUndefined();
    expect(
      postLink({ kind: "telegram-channel", settings: { chatId: "-77" } }, "5"),
    ).toBeUndefined();
    expect(postLink({ kind: "email", settings: {} }, "17")).toBeUndefined();
  });

  it("is a path of ours where it leads to a page of the gazette", () => {
    expect(ownPath("/gazettes/boe/2024-04-15/pages/1?hl=3")).toMatch(/^\/gazettes/);
    for (const link of ["https://evil.example", "//evil.example", "/\\evil.example"]) {
      expect(ownPath(link)).toBe("#");
    }
  });
});
