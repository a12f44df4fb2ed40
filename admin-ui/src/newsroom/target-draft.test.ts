import { describe, expect, it } from "vitest";
import { blankTarget, draftOfTarget, settingsOfTarget } from "./target-draft.ts";

describe("a target in its form", () => {
  it("sends what its kind needs, and nothing of the others", () => {
    const keys = { appKey: " a ", appSecret: "b", accessToken: "c", accessSecret: "d" };
    expect(settingsOfTarget({ ...blankTarget("x"), ...keys })).toEqual({
      kind: "x",
      card: true,
      credentials: {
        kind: "oauth1",
        appKey: "a",
        appSecret: "b",
        accessToken: "c",
        accessSecret: "d",
      },
    });
    expect(settingsOfTarget(blankTarget("edition-page"))).toEqual({ kind: "edition-page" });
  });

  it("comes back with everything but its secrets", () => {
    const draft = {
      ...blankTarget("email"),
      host: "smtp.example.org",
      userName: "gaceta",
      password: "secret",
      from: "gaceta@example.org",
      recipients: "a@example.org, b@example.org\nc@example.org",
      unsubscribe: "mailto:baja@example.org",
    };
    const sent = settingsOfTarget(draft);
    expect(sent).toMatchObject({
      port: 587,
      recipients: ["a@example.org", "b@example.org", "c@example.org"],
    });
    const { kind, password: _, ...known } = sent as Extract<typeof sent, { kind: "email" }>;
    const back = draftOfTarget({ kind, settings: { ...known, fromName: null } });
    expect(back).toEqual({
      ...draft,
      password: "",
      recipients: "a@example.org\nb@example.org\nc@example.org",
    });
  });
});
