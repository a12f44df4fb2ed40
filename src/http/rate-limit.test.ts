import type { Request } from "express";
import { describe, expect, it } from "vitest";
import { callerOf } from "./rate-limit.ts";

const caller = (ip: string) => callerOf({ ip } as Request);

describe("whom a limit counts", () => {
  it("counts an IPv4 address, also one that is written as IPv6", () => {
    expect(caller("192.0.2.7")).toBe("192.0.2.7");
    expect(caller("::ffff:192.0.2.7")).toBe("192.0.2.7");
  });

  it.each([
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2/64"],
    ["2001:db8:1:2::9", "2001:db8:1:2/64"],
    ["2001:0db8:0001:0002::9", "2001:db8:1:2/64"],
    ["2001:db8::9", "2001:db8:0:0/64"],
    ["::1", "0:0:0:0/64"],
    ["fe80::1%eth0", "fe80:0:0:0/64"],
  ])("counts the network of one subscriber: %s as %s", (address, key) => {
    expect(caller(address)).toBe(key);
  });
});
