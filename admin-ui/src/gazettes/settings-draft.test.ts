import { describe, expect, it } from "vitest";
import { SettingsRequest, SourceRequest } from "../../../src/http/sources/contract.ts";
import { COLLECTION_PRESETS } from "../../../src/newsroom/collection/source-presets.ts";
import { problemAt, problemsElsewhere } from "../parts/field-problem.ts";
import { blankSource, requestOf, sourceOfPreset } from "./new-source.ts";
import {
  differences,
  draftOf,
  NEW_SETTINGS,
  settingsOf,
  slugOf,
  withOwnHosts,
} from "./settings-draft.ts";

describe("the settings of a form", () => {
  it.each(COLLECTION_PRESETS)("of $name are saved as they were read", ({ settings }) => {
    const { locator } = settings;
    const draft = draftOf({ ...settings, locator: { ...locator } });
    const saved = settingsOf(draft);
    expect(SettingsRequest.parse(saved)).toEqual(saved);
    expect(saved).toEqual(JSON.parse(JSON.stringify(settings)));
    expect(differences(draft, { ...draft })).toEqual([]);
  });

  it("name those in which somebody else's differ", () => {
    const theirs = { ...NEW_SETTINGS, weekdays: [1, 2] as const, expectedAt: "07:30" };
    expect(differences(NEW_SETTINGS, theirs)).toEqual(["weekdays", "expectedAt"]);
  });

  it("allow the hosts that their addresses name, once each", () => {
    const draft = {
      ...NEW_SETTINGS,
      kind: "listing" as const,
      url: "https://www.boe.es/{yyyy}{MM}{dd}",
      links: "https://www.boe.es/pdfs/*.pdf\nhttps://archivo.boe.es/{dd}/*.pdf",
      hosts: "*.boe.es",
    };
    expect(withOwnHosts(draft).hosts).toBe("*.boe.es");
    expect(withOwnHosts({ ...draft, hosts: "" }).hosts).toBe("www.boe.es\narchivo.boe.es");
    expect(withOwnHosts({ ...draft, kind: "upload", hosts: "" }).hosts).toBe("");
  });
});

describe("a source of a form", () => {
  const now = Date.parse("2026-11-20T03:30:00Z");

  it("that is known by name is added by that name, with what was changed of it", () => {
    const [preset] = COLLECTION_PRESETS;
    if (preset === undefined) throw new Error("There is no preset.");
    const { name, settings, doubt = null } = preset;
    const { country, timeZone, name: title } = preset.source;
    const given = { name, title, country, timeZone, doubt };
    const locator = { ...settings.locator };
    const source = sourceOfPreset({ ...given, settings: { ...settings, locator } }, now);
    const asked = requestOf({ ...source, settings: { ...source.settings, expectedAt: "07:00" } });
    // By its own clock it is the evening before.
    expect(asked).toMatchObject({ preset: "la-gaceta", since: "2026-11-19" });
    expect(asked.settings).toMatchObject({ expectedAt: "07:00" });
    expect(SourceRequest.parse(asked)).toEqual(asked);
  });

  it("that is not has the short name that its name makes, until it is given another", () => {
    const own = { ...blankSource("Europe/Madrid", now), name: " Gaceta Municipal ", country: "es" };
    const settings = { ...own.settings, kind: "upload" as const };
    const asked = requestOf({ ...own, settings });
    expect(asked.source).toEqual({
      name: "Gaceta Municipal",
      slug: "gaceta-municipal",
      language: "es",
      country: "ES",
      timeZone: "Europe/Madrid",
    });
    expect(SourceRequest.parse(asked)).toEqual(asked);
    expect(requestOf({ ...own, settings, slug: "gaceta" }).source?.slug).toBe("gaceta");
  });
});

describe("what the server refuses", () => {
  const problems = [
    { field: "settings.hosts", problem: "must name www.boe.es", example: "www.boe.es" },
    { field: "settings.holidays.2", problem: "must be a day" },
    { field: "color", problem: "is not known here" },
  ];

  it("is said at its field, also of one line of it", () => {
    expect(problemAt(problems, "settings.hosts")).toBe("must name www.boe.es (www.boe.es)");
    expect(problemAt(problems, "settings.holidays")).toBe("must be a day");
    expect(problemAt(problems, "settings.locator.url")).toBeUndefined();
  });

  it("is said at the head of the form when it has no field there", () => {
    const fields = ["settings.hosts", "settings.holidays"];
    expect(problemsElsewhere(problems, fields)).toEqual([
      { field: "color", problem: "is not known here" },
    ]);
  });
});

describe("a short name", () => {
  it("is made of a name", () => {
    expect(slugOf("Boletín Oficial, n.º 2")).toBe("boletin-oficial-n-2");
    expect(slugOf("  ¡Ñandú!  ")).toBe("nandu");
    expect(slugOf("…")).toBe("");
  });
});
