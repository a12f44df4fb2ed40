import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TenantId } from "../../../src/core/ids.ts";
import { type EventReader, readEvents } from "../http-event-reader.ts";
import type { Browser } from "../people/browser.ts";
import { type Member, type RunningPeople, setUp, startPeople } from "../people/running-people.ts";

let people: RunningPeople;
let admin: Member;
let mine: TenantId;
let theirs: TenantId;
const open: EventReader[] = [];

beforeAll(async () => {
  people = await startPeople();
  admin = await setUp(people);
  mine = people.installation.tenantId;
  theirs = await people.addTenant();
});
afterAll(async () => {
  for (const reader of open) reader.close();
  await people?.close();
});

const cookiesOf = ({ cookies }: Browser) =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");

function follow(headers: Record<string, string>, query = ""): EventReader {
  const reader = readEvents(`${people.url}/api/v1/events${query}`, headers);
  open.push(reader);
  return reader;
}
const followAs = (browser: Browser, query = "") => follow({ cookie: cookiesOf(browser) }, query);
async function newKey(tenantId = mine) {
  return people.installation.apiKeys.create(tenantId, "events", ["events"]);
}
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const codeOf = async (response: Response) =>
  ((await response.json()) as { readonly code: string }).code;
const append = (exportId: string, tenantId = mine) =>
  people.installation.notices.log.append(tenantId, [
    { kind: "export-ready", detail: { exportId } },
  ]);
const say = () =>
  people.installation.notices.log.append(mine, [
    {
      kind: "conversation-changed",
      detail: { conversationId: "c" as never, change: "tagged" },
    },
  ]);

describe("GET /api/v1/events", () => {
  it("tells a tenant's own events as they happen, and no other tenant's", async () => {
    const { key } = await newKey();
    const reader = follow(bearer(key));
    await reader.next("ready");
    await append("canary of theirs", theirs);
    await append("ours");
    const { data, id } = await reader.next("export-ready");
    expect(JSON.parse(data)).toMatchObject({ tenantId: mine, exportId: "ours" });
    expect(Number(id)).toBeGreaterThan(0);
    reader.close();
  });

  it("resumes after the last event that was read, and says when that is too long ago", async () => {
    const { key } = await newKey();
    const first = follow(bearer(key));
    await first.next("ready");
    await append("one");
    const { id } = await first.next("export-ready");
    first.close();
    await append("two");
    for (const resumed of [
      follow({ ...bearer(key), "last-event-id": id }),
      follow(bearer(key), `?since=${id}`),
    ]) {
      expect(JSON.parse((await resumed.next("export-ready")).data).exportId).toBe("two");
      await resumed.next("ready");
      resumed.close();
    }
    for (const unknown of ["99999999", "x'--"]) {
      await people.installation.notices.log.prune(new Date(Date.now() + 1_000));
      const reset = follow({ ...bearer(key), "last-event-id": unknown });
      expect(JSON.parse((await reset.next("reset")).data)).toMatchObject({ reason: "too-old" });
      reset.close();
    }
  });

  it("tells only the kinds that were asked for, and those that the role may see", async () => {
    const { key } = await newKey();
    const filtered = follow(bearer(key), "?kinds=conversation-changed");
    const editor = await people.join("editora@example.org", "editor");
    const editing = followAs(editor.browser);
    await filtered.next("ready");
    await editing.next("ready");
    await append("for owners");
    await say();
    await people.installation.notices.log.append(mine, [
      { kind: "bot-changed", detail: { botId: "b" as never, state: "active" } },
    ]);
    await filtered.next("conversation-changed");
    await editing.next("bot-changed");
    // What was not for them came before.
    expect(filtered.names).toEqual(["ready", "conversation-changed"]);
    // That she joined may be told to her after it.
    expect(editing.names.filter((name) => name !== "signed-in")).toEqual(["ready", "bot-changed"]);
    filtered.close();
    editing.close();
  });

  it("ends for whoever is signed out, disabled, or given another role, and for a key that is void", async () => {
    const { members } = people.installation.people;
    const out = await people.join("sale@example.org", "owner");
    const disabled = await people.join("cesa@example.org", "agent");
    const moved = await people.join("cambia@example.org", "agent");
    const stays = await people.join("queda@example.org", "agent");
    const { key, id } = await newKey();
    const [leaving, ceasing, moving, staying, keyed] = [
      followAs(out.browser),
      followAs(disabled.browser),
      followAs(moved.browser),
      followAs(stays.browser),
      follow(bearer(key)),
    ];
    await Promise.all(
      [leaving, ceasing, moving, staying, keyed].map((reader) => reader.next("ready")),
    );
    await out.browser.call("DELETE", "/api/v1/session");
    await members.change(mine, disabled.id as never, { isDisabled: true }, "test");
    await members.change(mine, moved.id as never, { role: "viewer" }, "test");
    await people.installation.apiKeys.revoke(mine, id, "test");
    await Promise.all([leaving.ended, ceasing.ended, moving.ended, keyed.ended]);
    await say();
    await staying.next("conversation-changed");
    staying.close();
  });

  it("is opened by no page of another site, by no HEAD, and by no more than a few of one key", async () => {
    const foreign = await fetch(`${people.url}/api/v1/events`, {
      headers: { cookie: cookiesOf(admin.browser), origin: "https://evil.example" },
    });
    expect(foreign.status).toBe(403);
    expect(await codeOf(foreign)).toBe("cross-site");
    const head = await fetch(`${people.url}/api/v1/events`, { method: "HEAD" });
    expect(head.status).toBe(405);
    const wrong = await admin.browser.call("GET", "/api/v1/events?kinds=nothing&more=1");
    expect(wrong.status).toBe(400);
    const { key } = await newKey();
    const many = Array.from({ length: 20 }, () => follow(bearer(key)));
    await Promise.all(many.map((reader) => reader.next("ready")));
    const over = await fetch(`${people.url}/api/v1/events`, { headers: bearer(key) });
    expect(over.status).toBe(429);
    expect(await codeOf(over)).toBe("too-many-streams");
    for (const reader of many) reader.close();
  });

  it("cuts off a reader that takes nothing, which may then read on", async () => {
    const { key } = await newKey();
    const quick = follow(bearer(key));
    const { id } = await quick.next("ready");
    const { port } = new URL(people.url);
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(
      `GET /api/v1/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${key}\r\nlast-event-id: ${id}\r\n\r\n`,
    );
    await new Promise((resolve) => socket.once("data", resolve));
    socket.pause();
    // More than the kernel keeps for a reader that reads nothing.
    const long = "x".repeat(100_000);
    for (let index = 0; index < 160; index += 1) {
      await append(`${index} ${long}`);
      await quick.next("export-ready");
    }
    const cut = new Promise((resolve) => socket.once("close", resolve).once("error", resolve));
    socket.resume();
    await cut;
    const resumed = follow({ ...bearer(key), "last-event-id": id });
    const [first] = JSON.parse((await resumed.next("export-ready")).data).exportId.split(" ");
    expect(first).toBe("0");
    quick.close();
    resumed.close();
  });
});
