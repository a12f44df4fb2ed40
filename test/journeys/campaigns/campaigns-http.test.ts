import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Answer } from "../people/browser.ts";
import { type Member, type RunningPeople, setUp, startPeople } from "../people/running-people.ts";

let people: RunningPeople;
let ana: Member;
let berta: Member;
let foreigner: Member;
let botId: string;
let contacts: readonly string[];

const MISSING = "00000000-0000-4000-8000-000000000000";

beforeAll(async () => {
  people = await startPeople();
  ana = await setUp(people);
  berta = await people.join("berta@example.org", "editor");
  foreigner = await people.join("eva@example.org", "agent", await people.addTenant());
  const bots = await ana.browser.call("GET", "/api/v1/bots");
  botId = bots.json.bots[0].id;
  const { database, tenantId } = people.installation;
  contacts = await database.asTenant(tenantId, async (tx) => {
    const rows = await tx.query<{ id: string }>(
      "insert into contact (tenant_id, id) select $1, gen_random_uuid() from generate_series(1, 5) returning id",
      [tenantId],
    );
    return rows.map(({ id }) => id);
  });
});
afterAll(() => people?.close());

const DRAFT = { name: "Corte de agua", text: "Hola {nombre|vecina}: *mañana* no hay agua." };
const draft = (change: object = {}) => ({ ...DRAFT, bots: [botId], ...change });
const at = (id: string, more = "") => `/api/v1/campaigns/${id}${more}`;
const tagOf = (answer: Answer) => ({ headers: { "if-match": answer.headers.get("etag") ?? "" } });

let id: string;
let latest: Answer;

beforeEach(async () => {
  latest = await ana.browser.call("POST", "/api/v1/campaigns", draft());
  expect(latest.status, latest.text).toBe(201);
  id = latest.json.id;
});

/** Ana's, with the ETag of what was last read. */
async function change(method: string, more: string, body?: unknown): Promise<Answer> {
  const read = await ana.browser.call("GET", at(id));
  latest = await ana.browser.call(method, at(id, more), body, tagOf(read));
  return latest;
}

const putContacts = (ids = contacts) =>
  change("PUT", "/audience", { kind: "contacts", contacts: ids });

describe("a draft", () => {
  it("is made once under one key, and edited only as it was read", async () => {
    const headers = { "idempotency-key": randomUUID() };
    const twice = [1, 2].map(() =>
      ana.browser.call("POST", "/api/v1/campaigns", draft({ name: "Una vez" }), { headers }),
    );
    const [one, two] = [await twice[0], await twice[1]];
    const made = [one, two].filter((answer) => answer?.status === 201);
    expect(new Set(made.map((answer) => answer?.json.id)).size).toBe(1);
    const bare = await ana.browser.call("PUT", at(id), draft());
    expect([bare.status, bare.json.code]).toEqual([428, "if-match-needed"]);
    expect((await change("PUT", "", draft({ text: "Otro" }))).json.text).toBe("Otro");
    const stale = await berta.browser.call("PUT", at(id), draft(), {
      headers: { "if-match": '"r1"' },
    });
    expect([stale.status, stale.json.code]).toEqual([412, "stale"]);
  });

  it("is refused with the field, the rule and an example", async () => {
    const wrong = await ana.browser.call("POST", "/api/v1/campaigns", draft({ pace: 5, text: "" }));
    expect(wrong.status).toBe(400);
    expect(wrong.json.fields.map(({ field }: { field: string }) => field)).toEqual([
      "text",
      "pace",
    ]);
  });

  it("is nobody else's: another tenant's is not there, nor is another tenant's bot", async () => {
    for (const [method, more, body] of [
      ["GET", "", undefined],
      ["PUT", "", draft()],
      ["DELETE", "", undefined],
      ["GET", "/dry-run", undefined],
      ["GET", "/recipients", undefined],
      ["GET", "/report.csv", undefined],
      ["POST", "/cancel", undefined],
      ["PUT", "/audience", { kind: "contacts", contacts }],
    ] as const) {
      const call = (campaign: string) =>
        foreigner.browser.call(method, at(campaign, more), body, { headers: { "if-match": "*" } });
      const [theirs, none] = [await call(id), await call(MISSING)];
      expect([theirs.status, theirs.json.detail], more).toEqual([404, none.json.detail]);
    }
    const foreign = await foreigner.browser.call("POST", "/api/v1/campaigns", draft());
    const missing = await foreigner.browser.call(
      "POST",
      "/api/v1/campaigns",
      draft({ bots: [MISSING] }),
    );
    expect([foreign.status, foreign.json.code]).toEqual([404, missing.json.code]);
  });

  it("shows what each channel would send, and what a place lacks", async () => {
    const shown = await ana.browser.call("POST", at(id, "/preview"), { values: { Nombre: "Ana" } });
    expect(shown.json.placesNeeded).toEqual([]);
    expect(shown.json.previews[0]).toMatchObject({
      channel: "web-chat",
      messages: [
        {
          kind: "text",
          paragraphs: [
            [{ text: "Hola Ana: " }, { text: "mañana", style: "bold" }, { text: " no hay agua." }],
          ],
        },
      ],
    });
    await change("PUT", "", draft({ text: "Cita: {fecha}" }));
    const bare = await ana.browser.call("POST", at(id, "/preview"), {});
    expect(bare.json).toMatchObject({ placesNeeded: ["fecha"], previews: [{ messages: null }] });
  });
});

describe("an audience", () => {
  it("is a list of contacts; a foreign id, a missing one and one named twice are listed as such", async () => {
    expect((await putContacts([...contacts, contacts[0] ?? "", MISSING])).status).toBe(200);
    const dry = await ana.browser.call("GET", at(id, "/dry-run?limit=2"));
    expect(dry.json.total).toBe(7);
    const outcomes = Object.fromEntries(
      dry.json.outcomes.map((one: { outcome: string; contacts: number; page: unknown[] }) => [
        one.outcome,
        [one.contacts, one.page.length],
      ]),
    );
    expect(outcomes).toEqual({ "no-chat": [5, 2], duplicate: [1, 1], "unknown-contact": [1, 1] });
  });

  it("is a CSV, of which nothing is taken when a line is wrong, unless it is told to skip", async () => {
    const csv = `contact,calle\n${contacts[0]},Centro\nx,Norte\n`;
    const put = async (more: string) => {
      const read = await ana.browser.call("GET", at(id));
      const headers = { ...tagOf(read).headers, "content-type": "text/csv" };
      return ana.browser.call("PUT", at(id, `/audience${more}`), csv, { headers });
    };
    const refused = await put("");
    expect(refused.status).toBe(400);
    expect(refused.json).toEqual({
      isSet: false,
      problems: [
        {
          line: 3,
          code: "contact-malformed",
          values: {},
          problem: "contact must be the id of a contact",
        },
      ],
    });
    expect((await ana.browser.call("GET", at(id))).json.audience).toBeNull();
    const skipped = await put("?problems=skip");
    expect([skipped.status, skipped.json.isSet]).toEqual([200, true]);
    const listed = await ana.browser.call("GET", at(id, "/recipients"));
    expect(listed.json.recipients).toMatchObject([
      { contact: contacts[0], line: 2, state: "pending" },
    ]);
  });

  it("takes the place of the one before as a whole", async () => {
    await putContacts(contacts.slice(0, 3));
    await putContacts(contacts.slice(3));
    const listed = await ana.browser.call("GET", at(id, "/recipients"));
    expect(listed.json.recipients.map(({ contact }: { contact: string }) => contact)).toEqual(
      contacts.slice(3),
    );
  });
});

describe("sending", () => {
  const later = { startsAt: "2099-12-01T09:00", timeZone: "America/Costa_Rica" };

  it("is scheduled in a time zone, and taken back", async () => {
    const empty = await change("POST", "/schedule", later);
    expect([empty.status, empty.json.code]).toEqual([409, "campaign-empty"]);
    await putContacts();
    const never = await change("POST", "/schedule", { startsAt: "2099-12-01T09:00" });
    expect([never.status, never.json.code]).toEqual([400, "start-time"]);
    const scheduled = await change("POST", "/schedule", later);
    expect(scheduled.json).toMatchObject({
      state: "scheduled",
      startsAt: "2099-12-01T15:00:00.000Z",
    });
    const edited = await change("PUT", "", draft());
    expect([edited.status, edited.json.code]).toEqual([409, "campaign-state"]);
    expect((await change("POST", "/unschedule")).json.state).toBe("draft");
  });

  it("waits above the threshold for a person who did not write it", async () => {
    const policy = await ana.browser.call("PUT", "/api/v1/campaign-policy", { approvalAbove: 4 });
    expect(policy.json).toEqual({ approvalAbove: 4 });
    await putContacts();
    expect((await change("POST", "/schedule", later)).json.state).toBe("awaiting-approval");
    const own = await change("POST", "/approval", { approved: true });
    expect([own.status, own.json.code]).toEqual([403, "second-person-needed"]);
    const read = await berta.browser.call("GET", at(id));
    const approved = await berta.browser.call(
      "POST",
      at(id, "/approval"),
      { approved: true },
      tagOf(read),
    );
    expect(approved.json).toMatchObject({ state: "scheduled", approvedBy: `person:${berta.id}` });
    expect((await change("POST", "/cancel")).json.state).toBe("cancelled");
  });

  it("ends in a report, page by page and as a file, and every step is in the audit", async () => {
    await ana.browser.call("PUT", "/api/v1/campaign-policy", { approvalAbove: 100 });
    await putContacts();
    expect((await change("POST", "/schedule", {})).json.state).toBe("scheduled");
    await expect
      .poll(async () => (await ana.browser.call("GET", at(id))).json.state, { timeout: 60_000 })
      .toBe("done");
    const seen: string[] = [];
    let cursor = "";
    do {
      const page = await ana.browser.call("GET", at(id, `/recipients?limit=2${cursor}`));
      seen.push(
        ...page.json.recipients.map(
          (one: { contact: string; reason: string }) => `${one.contact} ${one.reason}`,
        ),
      );
      cursor = page.json.next === null ? "" : `&cursor=${page.json.next}`;
    } while (cursor !== "");
    expect(seen).toEqual(contacts.map((contact) => `${contact} no-chat`));
    const report = await ana.browser.call("GET", at(id, "/report.csv"));
    expect(report.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(report.text.trim().split("\n")).toHaveLength(6);
    const { database, tenantId } = people.installation;
    const audit = await database.asTenant(tenantId, (tx) =>
      tx.query<{ action: string; actor: string }>(
        "select action, actor from audit where subject = $1 order by id",
        [id],
      ),
    );
    expect(audit.map(({ action }) => action)).toEqual([
      "campaign-created",
      "campaign-audience-set",
      "campaign-scheduled",
    ]);
    expect(new Set(audit.map(({ actor }) => actor))).toEqual(new Set([`person:${ana.id}`]));
    expect(people.logLines.join("\n")).not.toContain("no hay agua");
  });
});
