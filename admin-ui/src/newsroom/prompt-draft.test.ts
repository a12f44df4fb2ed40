import { describe, expect, it } from "vitest";
import { blankPrompt, differences, draftOf, type PromptDraft, requestOf } from "./prompt-draft.ts";

const draft: PromptDraft = {
  ...blankPrompt("es", "America/Costa_Rica"),
  name: " resumen ",
  title: "Lo más importante",
  sources: ["la-gaceta"],
};

describe("a prompt in its form", () => {
  it("asks for the whole of each edition unless more is said", () => {
    expect(requestOf(draft)).toEqual({
      name: "resumen",
      title: "Lo más importante",
      language: "es",
      assistant: null,
      sources: ["la-gaceta"],
      scope: { kind: "whole" },
      schedule: { kind: "each-edition" },
      instructions: "",
      maxStatements: 12,
      reviewPolicy: "required",
    });
  });

  it("comes back from what is saved as it was written", () => {
    const written: PromptDraft = {
      ...draft,
      name: "resumen",
      assistant: "prensa",
      scope: "matching",
      anyOf: "salario mínimo + sector público\npensiones",
      without: "judicial",
      body: "Ministerio de Trabajo",
      person: "Juan Mora",
      schedule: "weekly",
      at: "07:30",
      weekday: 1,
    };
    const { name, assistant = null, ...request } = requestOf(written);
    expect(request.scope).toEqual({
      kind: "matching",
      topic: {
        anyOf: [["salario mínimo", "sector público"], ["pensiones"]],
        without: ["judicial"],
        body: "Ministerio de Trabajo",
        name: "Juan Mora",
      },
    });
    const saved = {
      title: request.title,
      language: request.language,
      assistant,
      sources: request.sources,
      instructions: request.instructions ?? "",
      maxStatements: request.maxStatements ?? 0,
      reviewPolicy: request.reviewPolicy ?? "automatic",
      scope: { ...request.scope, kind: "matching" },
      schedule: { ...request.schedule, kind: "weekly" },
    };
    expect(draftOf(name, saved, "UTC")).toEqual(written);
  });

  it("differs by what is saved, not by what the choice above leaves aside", () => {
    expect(differences(draft, { ...draft, sections: "Leyes", at: "09:00", person: "Ana" })).toEqual(
      [],
    );
    expect(differences(draft, { ...draft, scope: "sections", sections: "Leyes" })).toEqual([
      "scope",
      "sections",
    ]);
    expect(differences(draft, { ...draft, name: "resumen", maxStatements: "12" })).toEqual([]);
  });
});
