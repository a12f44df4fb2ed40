import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enrol, OWNER, PASSWORD, type RunningPeople, startPeople } from "./running-people.ts";

let people: RunningPeople;
beforeAll(async () => {
  people = await startPeople();
});
afterAll(() => people?.close());

const person = (token: string, more: object = {}) => ({
  token,
  email: OWNER,
  name: "Ana",
  password: PASSWORD,
  ...more,
});

describe("the first person", () => {
  it("is made by one of two who use the link at once, and by nobody after", async () => {
    const { members } = people.installation.people;
    const earlier = await members.prepareSetUp();
    const token = (await members.prepareSetUp()) ?? "";
    const make = (body: object) => people.browser().call("POST", "/api/v1/setup", body);
    expect((await make(person(earlier ?? ""))).json.code).toBe("link-void");
    expect((await make(person(token, { password: "short" }))).json.code).toBe("password-refused");
    expect((await make(person(token, { platformRole: "operator" }))).json.code).toBe(
      "invalid-input",
    );
    const both = await Promise.all([
      make(person(token)),
      make(person(token, { email: "eva@example.org" })),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 400]);
    expect((await make(person(token, { email: "leo@example.org" }))).json.code).toBe("link-void");
    expect(await members.prepareSetUp()).toBeUndefined();
    expect(await members.listPeople()).toHaveLength(1);
  });

  it("sets up a second factor before anything else, and signs in with it once per code", async () => {
    const [first] = await people.installation.people.members.listPeople();
    const browser = people.browser();
    const signedIn = await browser.call("POST", "/api/v1/session", {
      email: first?.email.toUpperCase(),
      password: PASSWORD,
    });
    expect(signedIn.json).toMatchObject({
      state: "signed-in",
      person: { platformRole: "platform-admin", mustSetUpTotp: true },
    });
    expect((await browser.call("GET", "/api/v1/members")).json.code).toBe("totp-set-up-needed");
    const app = await enrol(browser);
    expect(app.recoveryCodes).toHaveLength(10);
    expect((await browser.call("GET", "/api/v1/members")).json.members).toHaveLength(1);

    const other = people.browser();
    const enter = (given: object) => other.call("POST", "/api/v1/session/totp", given);
    expect((await enter({ code: app.code(1) })).json.code).toBe("password-needed-first");
    const begun = await other.call("POST", "/api/v1/session", {
      email: first?.email,
      password: PASSWORD,
    });
    expect(begun.json).toMatchObject({ state: "totp-needed", person: null });
    expect((await other.call("GET", "/api/v1/sessions")).status).toBe(401);
    // The code that set it up is used up; the next one is taken, once.
    expect((await enter({ code: app.usedCode })).json.code).toBe("code-refused");
    const pending = other.cookies.get("pending") ?? "";
    const code = app.code(1);
    expect((await enter({ code })).json.state).toBe("signed-in");
    const third = people.browser();
    third.cookies.set("pending", pending);
    expect((await third.call("POST", "/api/v1/session/totp", { code })).json.code).toBe(
      "code-refused",
    );
    const [recoveryCode] = app.recoveryCodes;
    const typed = recoveryCode?.toLowerCase().replaceAll("-", " ");
    third.cookies.set("pending", pending);
    const recovered = await third.call("POST", "/api/v1/session/totp", { recoveryCode: typed });
    expect(recovered.json.state).toBe("signed-in");
    third.cookies.set("pending", pending);
    expect((await third.call("POST", "/api/v1/session/totp", { recoveryCode })).json.code).toBe(
      "code-refused",
    );
  });

  it("leaves no password, code or token in the log or the audit", async () => {
    const { database } = people.installation;
    const kept = JSON.stringify([
      await database.asOwner((tx) => tx.query("select * from audit")),
      people.logLines,
    ]);
    expect(kept).toContain("signed-in");
    expect(kept).not.toContain(PASSWORD);
    expect(kept).not.toContain(OWNER);
  });
});
