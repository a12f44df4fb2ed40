import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { inflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BotId, TenantId } from "../../../src/core/ids.ts";
import { type Member, type RunningPeople, setUp, startPeople } from "../people/running-people.ts";

/** Words that are nowhere else: what is found of them was not deleted, or not kept apart. */
const CANARY = "canario-amarillo-7391";

let people: RunningPeople;
let admin: Member;

beforeAll(async () => {
  // Its scheduler does the same steps at its own times: the tests do not wait for those.
  people = await startPeople();
  admin = await setUp(people);
});
afterAll(() => people?.close());

interface Filled {
  readonly tenantId: TenantId;
  readonly owner: Member;
  readonly botId: BotId;
}

/** A tenant with a conversation, of which `old` says whether it is a year old. */
async function fillTenant(email: string): Promise<Filled> {
  const { database, cipher } = people.installation;
  const tenantId = await people.addTenant();
  const owner = await people.join(email, "owner", tenantId);
  const ids = { bot: randomUUID() as BotId, contact: randomUUID(), conversation: randomUUID() };
  const seal = (table: string, column: string, rowId: string, value: unknown) =>
    cipher.encrypt({ tenantId, table, column, rowId }, JSON.stringify(value));
  await database.asTenant(tenantId, async (tx) => {
    await tx.query(
      `insert into bot (tenant_id, id, bot_key, channel, name, secrets, account_hash)
       values ($1, $2, $3, 'telegram', $4, $5, $6)`,
      [
        tenantId,
        ids.bot,
        ids.bot,
        `bot ${CANARY}`,
        seal("bot", "secrets", ids.bot, { token: "555:secret-token" }),
        Buffer.from(ids.bot),
      ],
    );
    await tx.query("insert into contact (tenant_id, id, identity) values ($1, $2, $3)", [
      tenantId,
      ids.contact,
      seal("contact", "identity", ids.contact, { displayName: `=HYPERLINK ${CANARY}` }),
    ]);
    await tx.query(
      `insert into conversation (tenant_id, id, bot_id, contact_id, kind, chat_hash, chat)
       values ($1, $2, $3, $4, 'private', $5, $6)`,
      [
        tenantId,
        ids.conversation,
        ids.bot,
        ids.contact,
        Buffer.from(ids.conversation),
        seal("conversation", "chat", Buffer.from(ids.conversation).toString("hex"), "1"),
      ],
    );
    for (const [index, age] of ["400 days", "1 hour"].entries()) {
      const id = randomUUID();
      await tx.query(
        `insert into inbox (tenant_id, id, bot_id, conversation_id, update_key, message, state, received_at)
         values ($1, $2, $3, $4, $5, $6, 'answered', now() - $7::interval)`,
        [
          tenantId,
          id,
          ids.bot,
          ids.conversation,
          String(index),
          seal("inbox", "message", id, { text: `${CANARY} ${age}` }),
          age,
        ],
      );
      await tx.query(
        `insert into turn (tenant_id, conversation_id, message_id, speaker, content, said_at)
         values ($1, $2, $3, 'citizen', $4, now() - $5::interval)`,
        [
          tenantId,
          ids.conversation,
          id,
          seal("turn", "content", `${id} citizen`, { text: `${CANARY} ${age}`, citations: [] }),
          age,
        ],
      );
    }
  });
  return { tenantId, owner, botId: ids.bot };
}

async function exhaust(step: () => Promise<boolean>): Promise<void> {
  while (await step());
}

/** Made by us or by the scheduler, whoever was first. */
async function makeExport(of: Member, id: string) {
  await exhaust(() => people.installation.access.chores.exportNext(signal()));
  const state = async () =>
    (await of.browser.call("GET", `/api/v1/tenant/exports/${id}`)).json.state as string;
  await expect.poll(state).toBe("ready");
}

const signal = () => AbortSignal.timeout(60_000);

/** Name → text, by the directory at the end of the archive. */
function unzip(archive: Buffer): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let at = archive.readUInt32LE(end + 16);
  for (let count = archive.readUInt16LE(end + 10); count > 0; count -= 1) {
    const packed = archive.readUInt32LE(at + 20);
    const nameLength = archive.readUInt16LE(at + 28);
    const begin = archive.readUInt32LE(at + 42);
    const name = archive.toString("utf8", at + 46, at + 46 + nameLength);
    const data = begin + 30 + archive.readUInt16LE(begin + 26);
    entries.set(name, inflateRawSync(archive.subarray(data, data + packed)).toString("utf8"));
    at += 46 + nameLength;
  }
  return entries;
}

async function download(of: Member, exportId: string, tenant?: string) {
  const cookie = [...of.browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const response = await fetch(`${people.url}/api/v1/tenant/exports/${exportId}/archive`, {
    headers: { cookie, ...(tenant === undefined ? {} : { "pregonero-tenant": tenant }) },
  });
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
}

describe("an archive of a tenant", () => {
  it("holds everything that is the tenant's in the clear, no secret, and nobody else's row", async () => {
    const { tenantId, owner } = await fillTenant("ada@example.org");
    const other = await fillTenant("otto@example.org");
    const asked = await owner.browser.call("POST", "/api/v1/tenant/exports");
    expect([asked.status, asked.json.state]).toEqual([202, "queued"]);
    const { id } = asked.json;
    await makeExport(owner, id);
    const made = await owner.browser.call("GET", `/api/v1/tenant/exports/${id}`);
    expect(made.json).toMatchObject({ state: "ready", askedBy: owner.id });
    const { status, bytes } = await download(owner, id);
    expect([status, bytes.length]).toEqual([200, made.json.bytes]);
    const files = unzip(bytes);
    const whole = [...files.values()].join("\n");
    const turns = (files.get("tables/turn.jsonl") ?? "").trim().split("\n");
    expect(turns.map((line) => JSON.parse(line).content.text).sort()).toEqual([
      `${CANARY} 1 hour`,
      `${CANARY} 400 days`,
    ]);
    expect(JSON.parse(files.get("tables/contact.jsonl") ?? "").identity.displayName).toContain(
      CANARY,
    );
    expect(files.get("tables/audit.jsonl")).toContain("export-asked");
    expect(whole).not.toContain("secret-token");
    expect(whole).not.toContain(other.tenantId);
    expect(whole).not.toContain(tenantId === other.tenantId ? "" : other.botId);
  });

  it("is downloaded by whoever asked for it alone, and expires", async () => {
    const { tenantId, owner } = await fillTenant("bea@example.org");
    const second = await people.join("second@example.org", "owner", tenantId);
    const { id } = (await owner.browser.call("POST", "/api/v1/tenant/exports")).json;
    await makeExport(owner, id);
    expect((await download(second, id)).status).toBe(404);
    expect((await download(owner, id)).status).toBe(200);
    const { database } = people.installation;
    await database.asTenant(tenantId, (tx) =>
      tx.query("update tenant_export set expires_at = now() - interval '1 second'"),
    );
    await people.installation.access.chores.expireExports();
    expect((await download(owner, id)).status).toBe(404);
    const left = await database.asTenant(tenantId, (tx) =>
      tx.query("select 1 from tenant_export_chunk"),
    );
    expect(left).toEqual([]);
  });

  it("is begun anew when the process that made it died, and the dead one writes no more", async () => {
    const { tenantId, owner } = await fillTenant("cleo@example.org");
    const { id } = (await owner.browser.call("POST", "/api/v1/tenant/exports")).json;
    const { database } = people.installation;
    await database.asTenant(tenantId, (tx) =>
      tx.query(
        "update tenant_export set state = 'running', heartbeat_at = now() - interval '1 hour' where id = $1",
        [id],
      ),
    );
    await makeExport(owner, id);
    expect(unzip((await download(owner, id)).bytes).has("tables/turn.jsonl")).toBe(true);
  });
});

describe("retention", () => {
  it("deletes the content of what is older than the tenant keeps it, and nothing else", async () => {
    const kept = await fillTenant("kim@example.org");
    const { tenantId, owner } = await fillTenant("dora@example.org");
    const set = await owner.browser.call(
      "PATCH",
      "/api/v1/tenant",
      { retentionDays: 365 },
      { headers: { "if-match": "*" } },
    );
    expect(set.status).toBe(200);
    const { chores } = people.installation.access;
    await exhaust(() => chores.retainNext());
    const { database } = people.installation;
    const count = (of: TenantId) =>
      database.asTenant(of, (tx) =>
        tx.query<{ turns: number; messages: number; updates: number }>(
          `select (select count(*)::int from turn) as turns, count(message)::int as messages,
                  count(*)::int as updates from inbox`,
        ),
      );
    expect(await count(tenantId)).toEqual([{ turns: 1, messages: 1, updates: 2 }]);
    expect(await count(kept.tenantId)).toEqual([{ turns: 2, messages: 2, updates: 2 }]);
    const audited = await database.asTenant(tenantId, (tx) =>
      tx.query<{ detail: unknown }>("select detail from audit where action = 'retention-applied'"),
    );
    expect(audited).toMatchObject([{ detail: { deleted: { turn: 1, inbox: 1 } } }]);
  });
});

describe("the deletion of a tenant", () => {
  it("leaves nothing of it in the database and in the data directory, and nobody else's row less", async () => {
    const stays = await fillTenant("eli@example.org");
    const { tenantId, owner, botId } = await fillTenant("fay@example.org");
    const { installation } = people;
    const { database, config } = installation;
    const profile = path.join(config.dataDirectory, "whatsapp-web", botId);
    await mkdir(profile, { recursive: true });
    await writeFile(path.join(profile, "cookies"), CANARY);
    await addDocument(owner);
    const folder = path.join(config.filesDirectory, "documents", tenantId);
    await writeFile(path.join(folder, "left-behind.part"), CANARY);
    const asked = await owner.browser.call("POST", "/api/v1/tenant/deletion", { name: "Otra" });
    expect(asked.status).toBe(202);
    const { chores } = installation.access;
    expect(await chores.eraseNext()).toBe(false);
    const passTime = (columns: string) =>
      database.asTenant(tenantId, (tx) => tx.query(`update tenant set ${columns}`));
    await passTime("deletion_due_at = now() - interval '1 second'");
    await exhaust(() => chores.eraseNext());
    // Its bots are removed, and a minute later its rows go.
    await passTime("state_since = now() - interval '2 minutes'");
    const before = await rowsOf(stays.tenantId);
    await exhaust(() => chores.eraseNext());
    await expect.poll(() => stateOf(tenantId)).toBe("deleted");
    expect(await rowsOf(tenantId)).toEqual(new Map([["tenant", 1]]));
    // What is counted of them goes on being counted.
    const after = await rowsOf(stays.tenantId);
    const fewer = [...before].filter(([table, count]) => (after.get(table) ?? 0) < count);
    expect(fewer).toEqual([]);
    const gone = await database.asRegistrar((tx) =>
      tx.query("select 1 from person where id = $1", [owner.id]),
    );
    expect(gone).toEqual([]);
    expect((await owner.browser.call("GET", "/api/v1/tenant")).status).toBe(401);
    expect(await filesWith(path.join(config.dataDirectory, "whatsapp-web"), CANARY)).toEqual([]);
    expect(await filesWith(config.filesDirectory, CANARY)).toEqual([]);
    expect(await readdir(path.dirname(folder))).not.toContain(tenantId);
    const listed = await admin.browser.call("GET", "/api/v1/tenants?limit=100");
    expect(listed.text).not.toContain(tenantId);
  });
});

async function addDocument({ browser }: Member): Promise<void> {
  const { json } = await browser.call("POST", "/api/v1/documents", { title: CANARY });
  const at = `/api/v1/documents/${json.id}`;
  const headers = { "content-type": "application/octet-stream" };
  const text = `${CANARY} manda en esta plaza.`;
  await browser.call("PUT", `${at}/content?fileName=a.txt`, text, { headers });
  const state = async () => (await browser.call("GET", at)).json.versions[0]?.state as string;
  await expect.poll(state).toBe("ready");
}

async function stateOf(tenantId: TenantId): Promise<string> {
  return (await people.installation.access.tenants.standing(tenantId)).state;
}

/** Table → rows of the tenant, without its audit; as the owner of all of them, whom no policy binds. */
async function rowsOf(tenantId: TenantId): Promise<ReadonlyMap<string, number>> {
  return people.installation.database.asOwner(async (tx) => {
    const tables = await tx.query<{ name: string; column: string }>(
      `select c.relname as name, case when c.relname = 'tenant' then 'id' else 'tenant_id' end as column
       from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
         and c.relname <> 'audit'
         and (c.relname = 'tenant' or exists (
           select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id'))`,
    );
    const counts = new Map<string, number>();
    for (const { name, column } of tables) {
      const [row] = await tx.query<{ count: number }>(
        `select count(*)::int as count from "${name}" where "${column}" = $1`,
        [tenantId],
      );
      if (row !== undefined && row.count > 0) counts.set(name, row.count);
    }
    return counts;
  });
}

async function filesWith(folder: string, words: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of names) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    if ((await readFile(file)).includes(words)) found.push(file);
  }
  return found;
}
