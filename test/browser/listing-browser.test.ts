import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { createGuardedFetch } from "../../src/guarded-fetch/guarded-fetch.ts";
import { createListingBrowser } from "../../src/newsroom/browser/open-listings.ts";
import { fillAddress } from "../../src/newsroom/collection/fill-address.ts";
import { findLinks } from "../../src/newsroom/collection/find-links.ts";
import type { ListingBrowser } from "../../src/newsroom/collection/listing-browser.ts";
import { createPoliteFetch } from "../../src/newsroom/collection/polite-fetch.ts";
import { type GazetteSite, startGazetteSite } from "../stand-ins/gazette-site/gazette-site.ts";
import { chromiumPath, hasChromium } from "./chromium.ts";

const DATE = "2026-11-20";
const PNG = "89504e47";
let site: GazetteSite;
/** Of this machine, and no host of any source: whoever reaches it came past the guard. */
let neighbour: GazetteSite;
let browser: ListingBrowser;
/** What was asked for and answered. */
const asked: string[] = [];

beforeAll(async () => {
  site = await startGazetteSite({ documents: 2 });
  neighbour = await startGazetteSite();
  const politeFetch = createPoliteFetch({
    guardedFetch: createGuardedFetch({ allowed: [{ address: "127.0.0.1", port: site.port }] }),
    clock: systemClock,
    wait: async () => {},
  });
  browser = createListingBrowser({
    chromiumPath,
    async politeFetch(request) {
      const answer = await politeFetch(request);
      if (answer.kind === "ok") asked.push(request.url);
      return answer;
    },
    logger: silentLogger,
  });
});
afterAll(async () => {
  await site?.close();
  await neighbour?.close();
});

const open = (url: string) =>
  browser.open({
    url: fillAddress(url, DATE),
    hosts: ["127.0.0.1"],
    pauseSeconds: 0.5,
    selector: "ul.ediciones a.pdf",
    signal: new AbortController().signal,
  });

describe.skipIf(!hasChromium)("a listing that scripts draw", { timeout: 180_000 }, () => {
  it("is opened in a browser that reaches what its source names, and nothing else", async () => {
    site.setScript(`
      fetch("${neighbour.origin}/api/sumario/20261120").catch(() => {});
      fetch("/api/sumario/20261120", { method: "POST" }).catch(() => {});
      new WebSocket("ws://127.0.0.1:${neighbour.port}/");
      navigator.sendBeacon("${neighbour.origin}/visita");
      window.open("${neighbour.origin}/gaceta/");`);
    const opened = await open(site.liveListing);
    if (opened.kind !== "ok") throw new Error(JSON.stringify(opened));
    const patterns = [fillAddress(site.links, DATE)];
    const found = findLinks(opened, { selector: "ul.ediciones a.pdf", patterns });
    expect(found).toMatchObject({ kind: "links" });
    expect(found.kind === "links" ? found.links : []).toEqual([
      `${site.origin}/pub/2026/11/20/COMP_20_11_2026.pdf`,
      `${site.origin}/pub/2026/11/20/ACTO-2_20_11_2026.pdf`,
    ]);
    expect(asked).toEqual([
      fillAddress(site.liveListing, DATE),
      `${site.origin}/api/sumario/20261120`,
    ]);
    expect(neighbour.requests).toEqual([]);
    expect(site.requests.map(({ path }) => path)).not.toContain("/favicon.ico");
    expect(opened.screenshot?.subarray(0, 4).toString("hex")).toBe(PNG);
  });

  it("that is laid out otherwise comes with a picture; what robots.txt forbids is not opened", async () => {
    site.setScript("");
    site.setFault(DATE, "changed-layout");
    const changed = await open(site.liveListing);
    expect(changed).toMatchObject({ kind: "ok" });
    if (changed.kind !== "ok") return;
    const found = findLinks(changed, { selector: "ul.ediciones a.pdf", patterns: ["x"] });
    expect(found.kind).toBe("layout-changed");
    expect(changed.screenshot?.subarray(0, 4).toString("hex")).toBe(PNG);
    const drawn = await browser.draw(
      `<h1>Aviso</h1><img src="${neighbour.origin}/x.gif"><script>document.body.remove()</script>`,
      new AbortController().signal,
    );
    expect(drawn?.subarray(0, 4).toString("hex")).toBe(PNG);
    expect(neighbour.requests).toEqual([]);
    expect(await open(`${site.origin}/privado/{dd}`)).toMatchObject({
      kind: "failed",
      reason: { code: "robots-refused" },
    });
    expect(await open(`${neighbour.origin}/gaceta/viva/`)).toMatchObject({ kind: "failed" });
  });
});
