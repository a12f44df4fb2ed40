import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asId, type ContactId } from "../../../src/core/ids.ts";
import { createInbox } from "../../../src/store/inbox.ts";
import { type Browser, openBrowser } from "../people/browser.ts";
import { type RunningPeople, setUp, startPeople } from "../people/running-people.ts";
import { rowsWith } from "../telegram/dump-in-the-clear.ts";

let people: RunningPeople;
let owner: Browser;

beforeAll(async () => {
  people = await startPeople();
  owner = (await setUp(people)).browser;
});
afterAll(() => people?.close());

const CSV = { headers: { "content-type": "text/csv" } };
const PHONE = { kind: "phone", value: "+506 8888 7777" };

async function create(body: object): Promise<string> {
  const made = await owner.call("POST", "/api/v1/contacts", body);
  expect(made.status, made.text).toBe(201);
  return made.json.id;
}
const read = (id: string) => owner.call("GET", `/api/v1/contacts/${id}`);
const search = async (text: string) =>
  (await owner.call("POST", "/api/v1/contacts/search", { search: text })).json.contacts.map(
    ({ id }: { id: string }) => id,
  );

describe("contacts over HTTP", () => {
  it("are made, found, changed by whoever read them last, blocked, and merged and parted", async () => {
    const ana = await create({ name: "Ana Mora", identifiers: [PHONE], tags: ["vip"] });
    expect(await search("8888-7777")).toEqual([ana]);
    expect(await search("mora")).toEqual([ana]);
    const before = await read(ana);
    const etag = before.headers.get("etag") ?? "";
    const change = { fields: { barrio: "Otoya" }, isAllowed: true };
    const patch = (tag: Record<string, string>) =>
      owner.call("PATCH", `/api/v1/contacts/${ana}`, change, { headers: tag });
    expect((await patch({})).status).toBe(428);
    expect((await patch({ "if-match": etag })).json.fields).toEqual({ barrio: "Otoya" });
    expect((await patch({ "if-match": etag })).status).toBe(412);
    const block = `/api/v1/contacts/${ana}/block`;
    expect((await owner.call("PUT", block, { reason: "insultos" })).status).toBe(204);
    expect((await owner.call("GET", "/api/v1/contacts?blocked=true")).json.contacts).toMatchObject([
      { id: ana, isBlocked: true },
    ]);
    expect((await owner.call("DELETE", block)).status).toBe(204);
    const other = await create({ identifiers: [{ kind: "telegram", value: "123456" }] });
    const merged = await owner.call("POST", `/api/v1/contacts/${ana}/merges`, { from: other });
    expect(merged.status).toBe(201);
    expect((await read(other)).json).toMatchObject({ id: ana, parts: [other] });
    const undo = `/api/v1/contact-merges/${merged.json.id}`;
    expect((await owner.call("DELETE", undo)).status).toBe(204);
    expect((await owner.call("DELETE", undo)).status).toBe(404);
    expect((await read(other)).json).toMatchObject({ id: other, name: null });
  });

  it("refuses what is not known, and says what would be right", async () => {
    const refused = await owner.call("POST", "/api/v1/contacts", {
      identifiers: [PHONE],
      tenantId: "x",
      tags: ["<script>"],
    });
    expect(refused.status).toBe(400);
    expect(refused.json.fields.map(({ field }: { field: string }) => field).sort()).toEqual([
      "tags.0",
      "tenantId",
    ]);
    const filter = { kind: "tag' or true --", tag: "x" };
    expect((await owner.call("POST", "/api/v1/segments/preview", { filter })).status).toBe(400);
    expect((await owner.call("GET", "/api/v1/contacts?orderBy=name")).status).toBe(400);
  });

  it("of another tenant are as if they were not", async () => {
    const theirs = await people.addTenant();
    const { contactFeatures } = people.installation;
    const eva = await contactFeatures.contacts.create(
      theirs,
      { name: "Evacanario", identifiers: [{ kind: "phone", value: "+50688880000" }] },
      { actor: "test" },
    );
    const missing = "00000000-0000-4000-8000-000000000000";
    for (const [method, at, body] of [
      ["GET", (id: string) => `/api/v1/contacts/${id}`, undefined],
      ["PUT", (id: string) => `/api/v1/contacts/${id}/block`, {}],
      ["DELETE", (id: string) => `/api/v1/contacts/${id}`, undefined],
      ["GET", (id: string) => `/api/v1/contacts/${id}/export`, undefined],
      ["POST", (id: string) => `/api/v1/contacts/${id}/merges`, { from: missing }],
    ] as const) {
      const [foreign, none] = [
        await owner.call(method, at(eva), body),
        await owner.call(method, at(missing), body),
      ];
      const plain = ({ json }: typeof foreign) => ({ ...json, requestId: undefined });
      if (method !== "POST") expect(plain(foreign)).toEqual(plain(none));
      expect(
        [foreign.status, none.status].every((status) => status === 404 || status === 409),
      ).toBe(true);
    }
    expect(await search("evacanario")).toEqual([]);
    expect(await search("+50688880000")).toEqual([]);
    const file = await owner.call("GET", "/api/v1/contacts/export.csv");
    expect(file.text).not.toContain("Evacanario");
  });

  it("come from a file and go into one", async () => {
    const heading = "phone,name,tags,consent,consent_at,consent_evidence,field:barrio";
    const good = "+506 8777 0001,=Berta,lista,granted,2026-03-01,acta 12,Otoya";
    const bad = "8777,Eva,,maybe,,,";
    const at = "/api/v1/contacts/import";
    const refused = await owner.call("POST", at, `${heading}\n${good}\n${bad}\n`, CSV);
    expect(refused.status).toBe(422);
    expect(refused.json.badLines).toMatchObject([
      { line: 3, column: "phone", rule: "phone-malformed" },
      { line: 3, column: "consent", rule: "consent-unknown" },
    ]);
    expect(await search("+50687770001")).toEqual([]);
    const dry = await owner.call("POST", `${at}?dryRun=true`, `${heading}\n${good}\n`, CSV);
    expect(dry.json).toMatchObject({ isDryRun: true, created: 0, badLineCount: 0 });
    const taken = await owner.call(
      "POST",
      `${at}?skipInvalid=true`,
      `${heading}\n${good}\n${bad}\n`,
      CSV,
    );
    expect(taken.json).toMatchObject({ created: 1, skipped: 1 });
    const again = await owner.call("POST", at, `${heading}\n${good}\n`, CSV);
    expect(again.json).toMatchObject({ created: 0, updated: 1 });
    const { imports } = (await owner.call("GET", "/api/v1/contacts/imports")).json;
    expect(imports).toMatchObject([
      { id: again.json.id, state: "done", lines: 1, updated: 1 },
      { id: taken.json.id, state: "done", lines: 2, badLines: 1, created: 1 },
      { id: refused.json.id, state: "refused", created: 0 },
    ]);
    // Its reader stops at the heading, and the sender reads the answer all the same.
    const long = `phone,nope\n${`${good}\n`.repeat(40_000)}`;
    expect((await owner.call("POST", at, long, CSV)).json.badLines).toMatchObject([
      { line: 1, column: "nope", rule: "unknown-column" },
      { line: 1, rule: "consent-missing" },
    ]);
    const [berta] = await search("berta");
    expect((await read(berta)).json).toMatchObject({
      consent: "granted",
      source: "import",
      fields: { barrio: "Otoya" },
    });
    const file = await owner.call("GET", "/api/v1/contacts/export.csv?tag=lista");
    expect(file.headers.get("content-type")).toContain("text/csv");
    expect(file.text).toContain(`"'=Berta","'+50687770001"`);
    expect((await owner.call("POST", at, "{}")).status).toBe(415);
  });

  it("make segments that are counted, shown, and edited over nobody's head", async () => {
    const ana = await create({
      identifiers: [{ kind: "telegram", value: "9001" }],
      tags: ["prensa"],
    });
    const filter = { kind: "all", of: [{ kind: "tag", tag: "prensa" }] };
    const shown = await owner.call("POST", "/api/v1/segments/preview", { filter });
    expect(shown.json).toMatchObject({ count: 1, contacts: [{ id: ana }] });
    const made = await owner.call("POST", "/api/v1/segments", { name: "Prensa", filter });
    expect(made.status).toBe(201);
    const twice = await owner.call("POST", "/api/v1/segments", { name: "prensa" });
    expect(twice.json.code).toBe("segment-exists");
    const at = `/api/v1/segments/${made.json.id}`;
    const etag = (await owner.call("GET", at)).headers.get("etag") ?? "";
    const rename = () =>
      owner.call("PUT", at, { name: "Medios", filter }, { headers: { "if-match": etag } });
    expect((await rename()).json.name).toBe("Medios");
    expect((await rename()).status).toBe(412);
    const list = await owner.call("POST", "/api/v1/segments", { name: "Mano" });
    const members = `/api/v1/segments/${list.json.id}/members`;
    expect((await owner.call("POST", members, { add: [ana] })).json).toEqual({ changed: 1 });
    expect(
      (await owner.call("GET", `/api/v1/contacts?list=${list.json.id}`)).json.contacts,
    ).toHaveLength(1);
    expect((await owner.call("DELETE", at)).status).toBe(204);
  });

  it("are erased and handed over by an owner who has just proved who they are", async () => {
    const { installation } = people;
    const { tenantId, database, cipher, registry } = installation;
    const bot = registry
      .list()
      .find((one) => one.tenantId === tenantId && one.channel === "web-chat");
    if (bot === undefined) throw new Error("no web chat");
    const sender = { key: "visitante-canario-7", displayName: "Canario Mora" };
    await createInbox(database, cipher).accept(tenantId, [
      {
        bot,
        message: {
          updateKey: "u-1",
          chat: { key: sender.key, kind: "private" },
          sender,
          sentAt: new Date().toISOString(),
          isAddressed: true,
          content: { kind: "text", text: "canario: ¿dónde vivo yo?" },
        },
      },
    ]);
    await expect
      .poll(() =>
        database.asTenant(tenantId, (tx) =>
          tx.query("select 1 as n from outbox where state = 'sent' and message_id is not null"),
        ),
      )
      .not.toEqual([]);
    const [canary] = await search("canario");
    expect(canary).toBeDefined();
    await owner.call(
      "PATCH",
      `/api/v1/contacts/${canary}`,
      {
        fields: { casa: "calle canario" },
        identifiers: [PHONE].map(() => ({ kind: "phone", value: "+506 8999 1234" })),
        consent: { state: "granted", evidence: "acta canario", givenAt: "2026-01-01T00:00:00Z" },
      },
      { headers: { "if-match": "*" } },
    );
    const kept = await owner.call("GET", `/api/v1/contacts/${canary}/export`);
    for (const word of ["dónde vivo", "calle canario", "acta canario", "50689991234"]) {
      expect(kept.text).toContain(word);
    }
    expect(await rowsWith(/canario|50689991234/i, installation)).not.toEqual([]);
    const { key } = await installation.apiKeys.create(tenantId, "k", ["contacts"], {
      actor: "test",
      expiresAt: undefined,
    });
    const byKey = await openBrowser(people.url).call(
      "DELETE",
      `/api/v1/contacts/${canary}`,
      undefined,
      {
        headers: { authorization: `Bearer ${key}` },
      },
    );
    expect(byKey.status).toBe(403);
    expect((await owner.call("DELETE", `/api/v1/contacts/${canary}`)).status).toBe(204);
    expect((await read(canary)).status).toBe(404);
    expect(await rowsWith(/canario|50689991234/i, installation)).toEqual([]);
    expect(await filesWith("canario", installation.config.dataDirectory)).toEqual([]);
    expect(people.logLines.filter((line) => /canario/i.test(line))).toEqual([]);
    const { contactFeatures } = installation;
    expect(await contactFeatures.contacts.find(tenantId, asId<ContactId>(canary))).toBeUndefined();
  });
});

/** Files of the data directory in which the word stands in the clear. */
async function filesWith(word: string, directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const found = await Promise.all(
    files.map(async (entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return (await readFile(file)).includes(word) ? [file] : [];
    }),
  );
  return found.flat();
}
