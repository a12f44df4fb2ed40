import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Browser } from "../people/browser.ts";
import { type RunningPeople, setUp, startPeople } from "../people/running-people.ts";

let people: RunningPeople;
let owner: Browser;

beforeAll(async () => {
  people = await startPeople();
  owner = (await setUp(people)).browser;
});
afterAll(() => people?.close());

const RANGE = "from=2026-01-01&to=2026-01-31";

async function figures(tenantId: string, day: string, answered: number): Promise<void> {
  const { database, registry } = people.installation;
  const bot = registry.list().find((each) => each.tenantId === tenantId);
  await database.asOwner(async (tx) => {
    await tx.query(
      `insert into analytics_day
         (tenant_id, bot_id, day, messages, answered, abstained, cost_micro_usd, answer_times)
       values ($1, $2, $3, $4, $4, 1, 500, $5)`,
      [tenantId, bot?.botId, day, answered, [0, answered]],
    );
  });
}

describe("GET /api/v1/analytics", () => {
  it("sums a stretch of days, compares it with one before, and writes it for a spreadsheet", async () => {
    const { tenantId } = people.installation;
    await figures(tenantId, "2025-12-10", 2);
    await figures(tenantId, "2026-01-10", 4);
    await figures(tenantId, "2026-01-11", 6);
    const path = `/api/v1/analytics?${RANGE}&compareFrom=2025-12-01`;
    const { status, json } = await owner.call("GET", path);
    expect(status).toBe(200);
    expect(json.total).toMatchObject({
      messages: 10,
      abstained: 2,
      answerTimeP50Ms: 200,
      costPerAnswerMicroUsd: 100,
    });
    expect(json.before).toMatchObject({ answered: 2 });
    expect(json.entries.map(({ day }: { readonly day: string }) => day)).toEqual([
      "2026-01-10",
      "2026-01-11",
    ]);
    const csv = await owner.call("GET", `/api/v1/analytics.csv?${RANGE}&by=total`);
    expect(csv.text.split("\r\n")[1]).toBe(",,10,10,2,0,0,0,0,200,200,1000,100");
  });

  it("lists acts and questions, each for a spreadsheet too, where text is no formula", async () => {
    const { tenantId, database } = people.installation;
    const bot = people.installation.registry.list().find((each) => each.tenantId === tenantId);
    await database.asOwner(async (tx) => {
      // The sample acts, cited as answers do; one title as somebody wrote it who means no good.
      await tx.query(
        `insert into analytics_citation (tenant_id, bot_id, day, passage_id, citations)
         select $1, $2, '2026-01-10', id, 3 from passage order by id limit 1`,
        [tenantId, bot?.botId],
      );
      await tx.query("update act set title = '=1+1'");
    });
    const { json } = await owner.call("GET", `/api/v1/analytics/acts?${RANGE}`);
    expect(json.acts).toMatchObject([
      { citations: 3, title: "=1+1", source: { slug: "boe" }, publishedOn: "2024-04-15" },
    ]);
    expect((await owner.call("GET", json.acts[0].url)).status).toBe(200);
    const table = await owner.call("GET", `/api/v1/analytics/acts.csv?${RANGE}`);
    expect(table.text).toContain(`"3","'=1+1"`);
    const asked = await owner.call("GET", `/api/v1/analytics/questions?${RANGE}&only=abstained`);
    expect(asked.json).toMatchObject({ questions: [], total: 0, from: "2026-01-01" });
    const questions = await owner.call("GET", `/api/v1/analytics/questions.csv?${RANGE}`);
    expect(questions.text).toContain('"question","questions","askers"');
    for (const query of [
      "acts?limit=0",
      "questions?only=all",
      "acts",
      `questions?${RANGE}&bot=1`,
    ]) {
      expect((await owner.call("GET", `/api/v1/analytics/${query}`)).status, query).toBe(400);
    }
  });

  it("tells whoever operates of every tenant, in counts alone, and nobody else", async () => {
    const theirs = await people.addTenant();
    await people.installation.database.asOwner((tx) =>
      tx.query("update tenant set name = '+Otra' where id = $1", [theirs]),
    );
    await figures(people.installation.tenantId, "2027-01-10", 4);
    const path = "/api/v1/platform/analytics";
    const range = "from=2027-01-01&to=2027-01-31";
    const first = await owner.call("GET", `${path}?${range}&limit=1`);
    expect(first.json.tenants).toMatchObject([{ messages: 4, answerTimeP50Ms: 200 }]);
    expect(first.json.total).toMatchObject({ messages: 4, costPerAnswerMicroUsd: 125 });
    const rest = await owner.call("GET", `${path}?${range}&cursor=${first.json.next}`);
    const found = rest.json.tenants.find(
      ({ tenantId }: { readonly tenantId: string }) => tenantId === theirs,
    );
    expect(found).toMatchObject({ name: "+Otra", messages: 0, answerTimeP50Ms: null });
    const table = await owner.call("GET", `${path}.csv?${range}`);
    expect(table.text).toContain(`"'+Otra"`);
    const member = await people.join("noemi@example.org", "owner", theirs);
    expect((await member.browser.call("GET", `${path}?${range}`)).status).toBe(403);
    expect((await owner.call("GET", `${path}?from=2027-01-01`)).status).toBe(400);
  });

  it("shows nobody another tenant's, and says what is wrong with a query", async () => {
    const theirs = await people.addTenant();
    const eva = await people.join("eva@example.org", "owner", theirs);
    const seen = await eva.browser.call("GET", `/api/v1/analytics?${RANGE}`);
    expect(seen.json.entries).toEqual([]);
    const agent = await people.join("agente@example.org", "agent");
    expect((await agent.browser.call("GET", `/api/v1/analytics?${RANGE}`)).status).toBe(403);
    for (const query of [
      "",
      "from=2026-02-01&to=2026-01-01",
      `${RANGE}&x=1`,
      `${RANGE}&by=citizen`,
    ]) {
      expect((await owner.call("GET", `/api/v1/analytics?${query}`)).status).toBe(400);
    }
  });
});
