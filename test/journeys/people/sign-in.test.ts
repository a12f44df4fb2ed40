import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Browser, openBrowser } from "./browser.ts";
import {
  type Member,
  OWNER,
  PASSWORD,
  type RunningPeople,
  setUp,
  startPeople,
} from "./running-people.ts";

let people: RunningPeople;
let owner: Member;
let viewer: Member;
beforeAll(async () => {
  people = await startPeople();
  owner = await setUp(people);
  viewer = await people.join("vera@example.org", "viewer");
});
afterAll(() => people?.close());

const signIn = (browser: Browser, email: string, password = PASSWORD) =>
  browser.call("POST", "/api/v1/session", { email, password });
const withoutIds = (text: string) => text.replace(/"requestId":"[^"]*"/, "");

describe("signing in", () => {
  it("is refused in the same words for a wrong password, nobody, and who is disabled", async () => {
    const gone = await people.join("gone@example.org", "viewer");
    const path = `/api/v1/members/${gone.id}`;
    const disabled = await owner.browser.call("PATCH", path, { isDisabled: true });
    expect(disabled.json).toMatchObject({ isDisabled: true });
    const answers = [
      await signIn(people.browser(), viewer.email, "wrong"),
      await signIn(people.browser(), "nobody@example.org"),
      await signIn(people.browser(), gone.email),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(withoutIds(answer.text)).toBe(withoutIds(answers[0]?.text ?? ""));
    }
    expect((await gone.browser.call("GET", "/api/v1/sessions")).status).toBe(401);
  });

  it("is slowed after ten wrong passwords, for that address from there alone, also when they come at once", async () => {
    const target = await people.join("target@example.org", "viewer");
    const ip = "198.51.100.9";
    const wrong = () => signIn(openBrowser(people.url, ip), target.email, "wrong");
    const answers = await Promise.all(Array.from({ length: 14 }, wrong));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(10).fill(401), ...Array(4).fill(429)]);
    const right = await signIn(openBrowser(people.url, ip), target.email);
    expect(right.json.code).toBe("too-many-attempts");
    expect(Number(right.headers.get("retry-after"))).toBeGreaterThan(600);
    expect((await signIn(openBrowser(people.url, ip), viewer.email)).status).toBe(200);
    expect((await signIn(people.browser(), target.email)).status).toBe(200);
  });

  it("forgets wrong attempts after a right one", async () => {
    const ip = "198.51.100.10";
    for (let round = 0; round < 3; round += 1) {
      for (let attempt = 0; attempt < 9; attempt += 1) {
        expect((await signIn(openBrowser(people.url, ip), viewer.email, "wrong")).status).toBe(401);
      }
      expect((await signIn(openBrowser(people.url, ip), viewer.email)).status).toBe(200);
    }
  });

  it("refuses fields that nobody asked for, and bodies that are none", async () => {
    const browser = people.browser();
    for (const body of [
      { email: OWNER, password: PASSWORD, role: "owner" },
      { email: OWNER },
      { email: [OWNER], password: PASSWORD },
      { email: { $ne: "" }, password: { $ne: "" } },
      '{"email":"a","password":"b","__proto__":{"isAdmin":true}}',
      null,
    ]) {
      const answer = await browser.call("POST", "/api/v1/session", body);
      expect(answer.json).toMatchObject({ status: 400, code: "invalid-input" });
    }
  });
});

describe("cookies", () => {
  it("are out of scripts' reach, for this site alone, and __Host- ones over https", async () => {
    const attributes = (line: string) => line.split("; ").slice(1).sort().join("; ");
    const lines = new Map(
      viewer.browser.setCookies.map((line) => [line.slice(0, line.indexOf("=")), line]),
    );
    for (const name of ["access", "refresh", "device"]) {
      expect(attributes(lines.get(name) ?? ""), name).toMatch(
        /HttpOnly; .*Path=\/; SameSite=Strict/,
      );
    }
    expect(lines.get("csrf")).not.toContain("HttpOnly");
    const secure = await startPeople({ PUBLIC_URL: "https://gaceta.example.org" });
    try {
      const browser = secure.browser();
      await browser.call("GET", "/api/v1/session");
      const [line = ""] = browser.setCookies;
      expect(line).toMatch(/^__Host-csrf=/);
      expect(line).toMatch(/; Secure/);
      expect(line).not.toMatch(/Domain=/i);
    } finally {
      await secure.close();
    }
  });
});

describe("a call that changes something", () => {
  const attempt = async (name: string, headers: Record<string, string>, body: unknown = {}) => {
    const answer = await viewer.browser.call("POST", "/api/v1/session/proof", body, { headers });
    return `${name}: ${answer.status} ${answer.json?.code ?? ""}`;
  };

  it("needs the token of this very session, from our own pages", async () => {
    const other = await people.join("otra@example.org", "viewer");
    const theirs = other.browser.cookies.get("csrf") ?? "";
    const mine = viewer.browser.cookies.get("csrf") ?? "";
    const stranger = people.browser();
    await stranger.call("GET", "/api/v1/session");
    const anonymous = stranger.cookies.get("csrf") ?? "";
    const refusal = "403 csrf-token-wrong";
    expect(await attempt("none", { "x-csrf-token": "" })).toBe(`none: ${refusal}`);
    expect(await attempt("wrong", { "x-csrf-token": `${mine}x` })).toBe(`wrong: ${refusal}`);
    for (const [name, token] of [
      ["another session's", theirs],
      ["nobody's", anonymous],
    ] as const) {
      expect(await attempt(name, { "x-csrf-token": token }), name).toBe(`${name}: ${refusal}`);
      const cookie = [...viewer.browser.cookies]
        .map(([key, value]) => `${key}=${key === "csrf" ? token : value}`)
        .join("; ");
      expect(await attempt(name, { "x-csrf-token": token, cookie })).toBe(`${name}: ${refusal}`);
    }
    const twice = `${[...viewer.browser.cookies].map((pair) => pair.join("=")).join("; ")}; csrf=${mine}`;
    expect(await attempt("planted", { cookie: twice })).toBe(`planted: ${refusal}`);
    for (const origin of ["https://evil.example", "null", `${people.url}.evil.example`]) {
      expect(await attempt("origin", { origin })).toBe("origin: 403 cross-site");
    }
    expect(await attempt("fetch", { "sec-fetch-site": "cross-site" })).toBe(
      "fetch: 403 cross-site",
    );
    expect(await attempt("fetch", { "sec-fetch-site": "same-site" })).toBe("fetch: 403 cross-site");
    expect(await attempt("text", { "content-type": "text/plain", "x-csrf-token": "" })).toBe(
      `text: ${refusal}`,
    );
    expect(await attempt("text", { "content-type": "text/plain" })).toBe(
      "text: 415 unsupported-media-type",
    );
    expect(await attempt("right", {}, { password: PASSWORD })).toBe("right: 204 ");
  });

  it("needs it for signing in, setting up, links and signing out too", async () => {
    for (const path of [
      "session",
      "session/totp",
      "session/refresh",
      "setup",
      "invitations/accept",
      "password-resets/redeem",
    ]) {
      const answer = await people
        .browser()
        .call("POST", `/api/v1/${path}`, {}, { headers: { "x-csrf-token": "" } });
      expect([path, answer.json.code]).toEqual([path, "csrf-token-wrong"]);
    }
    const headers = { "x-csrf-token": "" };
    const left = await viewer.browser.call("DELETE", "/api/v1/session", undefined, { headers });
    expect(left.json.code).toBe("csrf-token-wrong");
    expect((await viewer.browser.call("GET", "/api/v1/sessions")).status).toBe(200);
  });
});

describe("a session", () => {
  it("is refreshed by its cookie, and dead after signing out, whatever tokens were kept", async () => {
    const { browser } = await people.join("paso@example.org", "viewer");
    const old = new Map(browser.cookies);
    expect((await browser.call("POST", "/api/v1/session/refresh")).json.state).toBe("signed-in");
    expect(browser.cookies.get("refresh")).not.toBe(old.get("refresh"));
    const kept = new Map(browser.cookies);
    expect((await browser.call("DELETE", "/api/v1/session")).status).toBe(204);
    for (const name of ["access", "refresh"]) {
      expect(browser.cookies.has(name)).toBe(false);
      browser.cookies.set(name, kept.get(name) ?? "");
    }
    expect((await browser.call("GET", "/api/v1/sessions")).status).toBe(401);
    expect((await browser.call("POST", "/api/v1/session/refresh")).json.code).toBe("session-over");
    expect((await browser.call("GET", "/api/v1/session")).json.state).toBe("anonymous");
  });

  it("asks for a new proof before what is delicate, once the last one is old", async () => {
    await people.installation.database.asOwner((tx) =>
      tx.query("update person_session set proved_at = now() - interval '16 minutes'"),
    );
    const invite = () =>
      owner.browser.call("POST", "/api/v1/invitations", { email: "x@example.org", role: "agent" });
    expect((await invite()).json.code).toBe("proof-needed");
    const prove = (body: object) => owner.browser.call("POST", "/api/v1/session/proof", body);
    expect((await prove({ password: PASSWORD })).json.code).toBe("proof-refused");
    const recoveryCode = owner.totp?.recoveryCodes[0];
    expect((await prove({ password: "wrong", recoveryCode })).json.code).toBe("proof-refused");
    expect((await prove({ password: PASSWORD, recoveryCode })).status).toBe(204);
    const invited = await invite();
    expect(invited.json.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/access\/invitation#[\w-]{43}$/);
  });
});

it("an owner helps to a new password only who belongs to this tenant alone", async () => {
  const begin = (personId: string) =>
    owner.browser.call("POST", "/api/v1/password-resets", { personId });
  const boss = await people.join("boss@example.org", "owner");
  const both = await people.join("both@example.org", "viewer");
  const { members } = people.installation.people;
  const elsewhere = await people.addTenant();
  const invitation = { email: both.email, role: "owner", actor: "test" } as const;
  const { token } = await members.invite(elsewhere, invitation);
  expect((await both.browser.call("POST", "/api/v1/invitations/join", { token })).status).toBe(200);
  const refused = (personId: string) =>
    boss.browser.call("POST", "/api/v1/password-resets", { personId });
  expect((await refused(both.id)).json.code).toBe("belongs-elsewhere");
  expect((await refused(owner.id)).json.code).toBe("belongs-elsewhere");
  expect((await begin(both.id)).status).toBe(201);
  const { json } = await refused(viewer.id);
  const redeem = { token: json.url.split("#")[1], password: "otra frase que es larga" };
  const stranger = people.browser();
  expect((await stranger.call("POST", "/api/v1/password-resets/redeem", redeem)).status).toBe(204);
  expect((await stranger.call("POST", "/api/v1/password-resets/redeem", redeem)).json.code).toBe(
    "link-void",
  );
  for (const token of [null, "", undefined]) {
    const body = { token, password: redeem.password };
    const answer = await stranger.call("POST", "/api/v1/password-resets/redeem", body);
    expect(answer.status).toBe(400);
  }
  expect((await viewer.browser.call("GET", "/api/v1/sessions")).status).toBe(401);
});
