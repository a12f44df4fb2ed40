import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BegunAttempt, HeldSource } from "../../core/collection.ts";
import { asId, type EditionId, type SourceId, type TenantId } from "../../core/ids.ts";
import type { CollectedDocument, CollectionSettings, Locator } from "../../core/newsroom.ts";
import { type CollectPorts, collectEdition } from "./collect-edition.ts";
import type { PoliteAnswer } from "./fetch-answers.ts";
import { createWatchedFolders } from "./watched-folders.ts";

const DATE = "2026-06-19";
const PDF = (text: string) => Buffer.from(`%PDF-1.7\n${text}\n%%EOF\n`);
const signal = new AbortController().signal;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pregonero-collect-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface World {
  readonly locator: Locator;
  /** What addresses answer; others: 404. */
  readonly site?: Readonly<Record<string, PoliteAnswer | Buffer>>;
  readonly earlierUrls?: readonly string[];
  readonly owner?: TenantId;
  /** Happens while a folder is waited for. */
  readonly meanwhile?: () => Promise<void>;
}

/** One look at one day, with what was asked, kept and read. */
async function collect({ locator, site = {}, earlierUrls = [], owner, meanwhile }: World) {
  const asked: string[] = [];
  const kept = new Map<string, Uint8Array>();
  const notes: CollectedDocument[] = [];
  const ports: CollectPorts = {
    async politeFetch({ url }) {
      asked.push(url);
      const found = site[url];
      if (found === undefined) return { kind: "absent", reason: { code: "not-there", detail: "" } };
      if (!Buffer.isBuffer(found)) return found;
      const contentType = url.endsWith(".pdf") ? "application/pdf" : "text/html";
      return { ...ANSWER, body: found, contentType, url };
    },
    listingBrowser: {
      open: async ({ url }) => ({
        ...ANSWER,
        body: Buffer.from("<main>Sitio nuevo</main>"),
        contentType: "text/html",
        url,
        screenshot: Buffer.from("a picture of what was opened"),
      }),
      draw: async () => Buffer.from("a picture of what was read"),
    },
    watchedFolders: createWatchedFolders({ root: folder, wait: async () => meanwhile?.() }),
    ingest: async ({ documentName = "" }) => ({
      editionId: asId<EditionId>(documentName),
      outcome: "stored",
      publishedOn: DATE,
      ...{ pageCount: 1, ocrPageCount: 0, actCount: 1, seconds: 0 },
    }),
    fileStore: {
      put: async (key, bytes) => void kept.set(key, bytes),
      get: async () => undefined,
    },
    dateOf: async () => undefined,
    clock: { now: () => new Date(`${DATE}T12:00:00Z`) },
  };
  const collected = await collectEdition(ports, heldSource(locator, owner), begun(earlierUrls), {
    note: async (document) => void notes.push(document),
    signal,
  });
  const stored = notes.filter(({ state }) => state === "stored");
  return { ...collected, asked, kept, stored: stored.map(({ documentName }) => documentName) };
}

const ANSWER = { kind: "ok", etag: undefined, lastModified: undefined } as const;

function heldSource(locator: Locator, tenantId: TenantId | undefined): HeldSource {
  const settings: CollectionSettings = {
    locator,
    hosts: ["a.example"],
    weekdays: [1, 2, 3, 4, 5],
    expectedAt: "06:00",
    holidays: [],
    lateAfterMinutes: 60,
    missingAfterMinutes: 120,
    lookEveryMinutes: 15,
    pauseSeconds: 2,
    recheckDays: 0,
    checksDate: true,
  };
  const place = { slug: "g", name: "G", language: "es", country: "CR", timeZone: "UTC" } as const;
  const source = { sourceId: asId<SourceId>("s"), tenantId, ...place };
  return { source, settings, isPaused: false, plannedUntil: DATE };
}

function begun(earlierUrls: readonly string[]): BegunAttempt {
  const expectation = { publishedOn: DATE, reason: undefined } as BegunAttempt["expectation"];
  const startedAt = new Date(0);
  return {
    attemptId: "a",
    startedAt,
    expectation,
    before: "expected",
    documents: [],
    earlierUrls,
  };
}

describe("a number that runs through the year", () => {
  const url = "https://a.example/{yyyy}/ALCA{n}_{dd}_{MM}_{yyyy}.pdf";
  const locator: Locator = { kind: "numbered", url, firstNumber: 70, maxMisses: 3 };
  const at = (number: number) => `https://a.example/2026/ALCA${number}_19_06_2026.pdf`;

  it("is tried from the last known one on, past single gaps, until three in a row lead nowhere", async () => {
    const site = { [at(78)]: PDF("78"), [at(80)]: PDF("80") };
    const earlierUrls = ["https://a.example/2026/ALCA77_18_06_2026.pdf", "https://a.example/x"];
    const { asked, stored, found } = await collect({ locator, site, earlierUrls });
    expect(asked).toEqual([78, 79, 80, 81, 82, 83].map(at));
    expect(stored).toEqual(["ALCA78_19_06_2026.pdf", "ALCA80_19_06_2026.pdf"]);
    expect(found).toMatchObject({ kind: "found" });
  });

  it("begins where the settings say, and asks a site in trouble for no further one", async () => {
    const broken = { kind: "failed", reason: { code: "http-503", detail: "" } } as const;
    const { asked, found } = await collect({ locator, site: { [at(70)]: broken } });
    expect(asked).toEqual([at(70)]);
    expect(found).toMatchObject({ kind: "failed" });
    expect((await collect({ locator })).found).toMatchObject({ kind: "absent" });
  });
});

describe("a watched folder", () => {
  const locator: Locator = { kind: "folder", path: "cr", names: "gaceta-{yyyy}-{MM}-{dd}*.pdf" };
  const tenant = asId<TenantId>("00000000-0000-4000-8000-000000000001");

  it("gives the files of the day once they do not grow, and follows no link out of it", async () => {
    await mkdir(path.join(folder, "cr"), { recursive: true });
    await mkdir(path.join(folder, tenant), { recursive: true });
    const file = path.join(folder, "cr", `gaceta-${DATE}.pdf`);
    await writeFile(path.join(folder, "secret.pdf"), PDF("secret"));
    await writeFile(path.join(folder, "cr", "gaceta-2026-06-18.pdf"), PDF("another day"));
    await symlink(path.join(folder, "secret.pdf"), path.join(folder, "cr", `gaceta-${DATE}-b.pdf`));
    await symlink(path.join(folder, "cr"), path.join(folder, tenant, "cr"));
    await writeFile(file, PDF("half"));
    const growing = await collect({ locator, meanwhile: () => writeFile(file, PDF("the whole")) });
    expect(growing.found).toMatchObject({ kind: "absent", reason: { code: "still-growing" } });
    const whole = await collect({ locator });
    expect(whole.stored).toEqual([`gaceta-${DATE}.pdf`]);
    expect([...whole.kept.values()].map(String)).toEqual([String(PDF("the whole"))]);
    const theirs = await collect({ locator, owner: tenant });
    expect(theirs.found).toMatchObject({ kind: "failed", reason: { code: "folder-missing" } });
    const upwards = await collect({ locator: { ...locator, path: ".." } });
    expect(upwards.found).toMatchObject({ kind: "failed", reason: { code: "folder-missing" } });
  });
});

describe("a listing that is laid out otherwise", () => {
  const listing: Locator = {
    kind: "listing",
    url: "https://a.example/{dd}",
    selector: "ul a",
    links: ["https://a.example/*.pdf"],
  };

  it("is kept as it came, its first 64 KiB, and as it looks", async () => {
    const page = Buffer.from(`<main>${"x".repeat(100_000)}</main>`);
    const read = await collect({ locator: listing, site: { "https://a.example/19": page } });
    expect(read).toMatchObject({
      found: { kind: "layout-changed" },
      step: "listing https://a.example/19",
    });
    const [text, picture] = [read.evidence?.pageKey ?? "", read.evidence?.screenshotKey ?? ""];
    expect(read.kept.get(text)?.length).toBe(65_536);
    expect(String(read.kept.get(picture))).toBe("a picture of what was read");
    const opened = await collect({ locator: { ...listing, render: "browser" } });
    expect(opened.step).toBe("listing in a browser https://a.example/19");
    expect(String(opened.kept.get(opened.evidence?.screenshotKey ?? ""))).toBe(
      "a picture of what was opened",
    );
  });
});
