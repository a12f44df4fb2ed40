import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { findPackageRoot } from "../../../src/package-root.ts";
import { buildInterface } from "./desk-under-test.ts";

const folder = path.join(findPackageRoot(), "dist", "admin-ui");
/** Issue 6: what is loaded before anything can be done. */
const FIRST_LOAD_BYTES = 250_000;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

describe("what the admin interface is built into", () => {
  let chunks: Readonly<Record<string, Chunk>>;
  beforeAll(() => {
    buildInterface();
    chunks = JSON.parse(readFileSync(path.join(folder, "manifest.json"), "utf8"));
  });

  const withImports = (name: string, found = new Set<string>()): ReadonlySet<string> => {
    if (!found.has(name)) {
      found.add(name);
      for (const each of chunks[name]?.imports ?? []) withImports(each, found);
    }
    return found;
  };

  it.each([
    "src/home/home.tsx",
    "src/inbox/inbox.tsx",
    "src/contacts/contacts.tsx",
    "src/campaigns/campaigns.tsx",
    "src/campaigns/campaign.tsx",
    "src/queues/queues.tsx",
    "src/bots/bots.tsx",
  ])("loads %s in at most 250 kB of compressed JavaScript, whatever the language", (view) => {
    const names = new Set([
      ...withImports("src/main.tsx"),
      ...withImports(view),
      ...withImports("src/i18n/en.ts"),
    ]);
    const bytes = [...names].reduce(
      (sum, name) => sum + statSync(path.join(folder, `${chunks[name]?.file}.gz`)).size,
      0,
    );
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
  });

  it("keeps each file beside its compressed forms, and no map of its sources", () => {
    const files = readdirSync(path.join(folder, "assets"));
    const plain = files.filter((file) => /\.(js|css)$/.test(file));
    expect(plain.length).toBeGreaterThan(5);
    for (const file of plain) {
      expect(files).toContain(`${file}.gz`);
      expect(files).toContain(`${file}.br`);
    }
    expect(files.filter((file) => file.endsWith(".map"))).toEqual([]);
  });
});
