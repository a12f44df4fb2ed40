import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { pt } from "./pt.ts";

const folder = path.join(import.meta.dirname, "..");
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !/^i18n|\.test\./.test(file))
  .map((file) => readFileSync(path.join(folder, file), "utf8"))
  .join("\n");

/** Of a count, i18next adds the form. */
const withoutForm = (key: string) => key.replace(/_(one|many|other)$/, "");
const placesOf = (text: string) => [...text.matchAll(/\{\{\w+\}\}/g)].map(String).sort();

describe("the catalogues", () => {
  it("have the same keys in Spanish and English", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(es).sort());
  });

  it("have the same places to fill in in every language", () => {
    const known: Readonly<Record<string, string>> = es;
    for (const catalogue of [en, pt]) {
      for (const [key, text] of Object.entries(catalogue)) {
        expect(placesOf(text), key).toEqual(placesOf(known[key] ?? ""));
      }
    }
  });

  it("lack nothing that a view says", () => {
    const keys = new Set(Object.keys(es).map(withoutForm));
    const said = [...sources.matchAll(/\bt\(\s*"([a-zA-Z0-9.-]+)"/g)].map(([, key]) => key);
    expect(said.length).toBeGreaterThan(100);
    expect(said.filter((key) => !keys.has(key ?? ""))).toEqual([]);
  });

  it("hold nothing that no view says", () => {
    const quoted = new Set([...sources.matchAll(/"([a-zA-Z0-9.-]+)"/g)].map(([, key]) => key));
    const begun = [...sources.matchAll(/`([a-zA-Z0-9.-]+\.)\$\{/g)].map(([, start]) => start ?? "");
    const unsaid = Object.keys(es)
      .map(withoutForm)
      .filter((key) => !quoted.has(key) && !begun.some((start) => key.startsWith(start)));
    expect(unsaid).toEqual([]);
  });
});
