import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type GazetteSite,
  startGazetteSite,
} from "../../../test/stand-ins/gazette-site/gazette-site.ts";
import { createGuardedFetch } from "../../guarded-fetch/guarded-fetch.ts";
import { createPoliteFetch } from "./polite-fetch.ts";

let site: GazetteSite;
let now = Date.parse("2026-11-20T12:00:00Z");
const waits: number[] = [];

beforeAll(async () => {
  site = await startGazetteSite();
});
afterAll(() => site?.close());

function politeFetch(timeoutMs = 2_000) {
  return createPoliteFetch({
    guardedFetch: createGuardedFetch({ allowed: [{ address: "127.0.0.1", port: site.port }] }),
    clock: { now: () => new Date(now) },
    async wait(ms) {
      waits.push(ms);
      now += ms;
    },
    timeoutMs,
  });
}

const asking = (path: string) => ({
  url: `${site.origin}${path}`,
  hosts: ["127.0.0.1"],
  pauseSeconds: 2,
  accept: "application/pdf",
  maxBytes: 1_000_000,
  signal: new AbortController().signal,
});
const PDF = "/pub/2026/11/20/COMP_20_11_2026.pdf";

describe("createPoliteFetch", () => {
  it("keeps what robots.txt says, its pause too, and asks for it once", async () => {
    site.setRobots("User-agent: pregonero\nDisallow: /privado/\nCrawl-delay: 7\n");
    const fetch = politeFetch();
    const before = site.requests.length;
    const refused = await fetch(asking("/privado/x.pdf"));
    expect(refused).toMatchObject({ kind: "failed", reason: { code: "robots-refused" } });
    expect(await fetch(asking(PDF))).toMatchObject({ kind: "ok" });
    waits.length = 0;
    expect(await fetch(asking(PDF))).toMatchObject({ kind: "ok" });
    expect(waits).toEqual([7_000]);
    const asked = site.requests.slice(before).map(({ path }) => path);
    expect(asked).toEqual(["/robots.txt", PDF, PDF]);
    site.setRobots("");
  });

  it("answers by name, and never throws, for what a site may do", async () => {
    const fetch = politeFetch(300);
    const cases = [
      ["missing", "absent", "not-there"],
      ["redirect-loop", "failed", "redirect-loop"],
      ["other-host", "failed", "host-refused"],
      ["unavailable", "failed", "http-503"],
      ["slow", "failed", "timed-out"],
    ] as const;
    for (const [fault, kind, code] of cases) {
      site.setFault("2026-11-20", fault);
      const answer = await fetch(asking(PDF));
      expect(answer, fault).toMatchObject({ kind, reason: { code } });
      if (fault === "unavailable") expect(answer).toMatchObject({ retryAfterMs: 120_000 });
    }
    site.setFault("2026-11-20", undefined);
    const elsewhere = await fetch({
      ...asking(PDF),
      url: "http://10.0.0.1/x.pdf",
      hosts: ["10.0.0.1"],
    });
    expect(elsewhere).toMatchObject({ kind: "failed", reason: { code: "robots-address-refused" } });
  });

  it("goes on where a file was cut off, in smaller parts, and has every byte once", async () => {
    const fetch = politeFetch();
    const whole = await fetch({ ...asking(PDF), isInParts: true });
    const large = Buffer.concat([
      whole.kind === "ok" ? whole.body : Buffer.alloc(0),
      Buffer.alloc(5_000_000, "x"),
    ]);
    site.setPdf("2026-11-20", large);
    site.setFault("2026-11-20", "cut-off");
    const before = site.requests.length;
    const answer = await fetch({ ...asking(PDF), maxBytes: 10_000_000, isInParts: true });
    expect(answer.kind === "ok" && answer.body.equals(large)).toBe(true);
    const ranges = site.requests.slice(before).map(({ range }) => range);
    expect(ranges).toEqual([
      "bytes=0-8388607",
      "bytes=0-2097151",
      "bytes=2097152-4194303",
      "bytes=4194304-6291455",
    ]);
    const known = answer.kind === "ok" ? { etag: answer.etag, lastModified: undefined } : undefined;
    site.setFault("2026-11-20", undefined);
    expect(await fetch({ ...asking(PDF), isInParts: true, ...(known && { known }) })).toEqual({
      kind: "not-modified",
    });
    const tooLarge = await fetch({ ...asking(PDF), isInParts: true });
    expect(tooLarge).toMatchObject({ kind: "failed", reason: { code: "too-large" } });
  });
});
