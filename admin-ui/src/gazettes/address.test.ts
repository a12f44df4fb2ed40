import { describe, expect, it } from "vitest";
import * as server from "../../../src/newsroom/collection/fill-address.ts";
import { COLLECTION_PRESETS } from "../../../src/newsroom/collection/source-presets.ts";
import { fillAddress, hostOf, unknownPlaces } from "./address.ts";

const TEMPLATES = [
  "https://www.example.org/{yyyy}/{MM}/{dd}/COMP_{d}_{M}_{yy}.pdf",
  "https://www.example.org/?date={dd}/{MM}/{yyyy}",
  "https://www.example.org/{day}/{}/{dd}",
  "https://www.example.org/{constructor}/{ dd }.pdf",
  ...COLLECTION_PRESETS.flatMap(({ settings: { locator } }) =>
    "url" in locator ? [locator.url] : [],
  ),
];

describe("the preview of an address", () => {
  it("fills in what the server fills in, on every date", () => {
    for (const template of TEMPLATES) {
      for (const date of ["2026-11-09", "2027-01-31", "2024-02-29"]) {
        expect(fillAddress(template, date)).toBe(server.fillAddress(template, date));
      }
      expect(unknownPlaces(template)).toEqual(server.unknownPlaces(template));
    }
  });

  it("names the host that must be allowed, once there is one", () => {
    expect(hostOf("https://www.boe.es/boe/dias/{yyyy}/{MM}/{dd}/pdfs/BOE-S-*.pdf")).toBe(
      "www.boe.es",
    );
    expect(hostOf("http://127.0.0.1:8099/pub/{dd}.pdf")).toBe("127.0.0.1");
    for (const unfinished of ["", "www.boe.es", "https://", "ftp://www.boe.es/{dd}"]) {
      expect(hostOf(unfinished)).toBeUndefined();
    }
  });
});
