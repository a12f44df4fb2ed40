import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { BotAccount } from "../../src/core/channel.ts";
import type { TenantId } from "../../src/core/ids.ts";
import { openServer } from "../../src/store/open-server.ts";
import {
  addBot,
  addTenant,
  answer,
  type Ledgers,
  message,
  openLedgers,
} from "../line/tenant-line.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { expectNoServers } from "./harness/leaks.ts";
import { type EphemeralPostgres, startPostgres, type TestDatabase } from "./harness/postgres.ts";
import { repositoryRoot } from "./harness/repository.ts";
import { type ServerProcess, startServerProcess } from "./harness/server-process.ts";
import type { SessionProcessOptions } from "./harness/session-process.ts";

interface Sent {
  readonly owner: string;
  readonly chatKey: string;
  readonly text: string;
  readonly outboxId: string;
}

const SETTLED_MS = 60_000;

describe.skipIf(servicesMissing())("an account whose session one of two processes holds", () => {
  const key = randomBytes(32);
  const sent: Sent[] = [];
  const processes = new Map<string, ServerProcess>();
  /** Texts whose arrival is not confirmed while the test holds them back. */
  let swallowed: string | undefined;
  let onSwallowed = () => {};
  const unanswered: ServerResponse[] = [];
  let network: Server;
  let postgres: EphemeralPostgres;
  let database: TestDatabase;
  let ledgers: Ledgers;
  let tenantId: TenantId;
  let bot: BotAccount;

  beforeAll(async () => {
    const build = "import('./scripts/build.mjs').then(({ build, WORKSHOP }) => build(WORKSHOP))";
    execFileSync(process.execPath, ["-e", build], { cwd: repositoryRoot() });
    postgres = await startPostgres();
    database = await postgres.createDatabase();
    ledgers = openLedgers(await openServer({ url: database.url, maxConnections: 4 }), key);
    ({ tenantId } = await addTenant(ledgers));
    bot = await addBot(ledgers, tenantId, { channel: "whatsapp-web", isHeld: true });
    network = await listen();
    const { port } = network.address() as AddressInfo;
    for (const owner of ["one", "two"]) {
      const options: SessionProcessOptions = {
        databaseUrl: database.url,
        secretKey: key.toString("hex"),
        owner,
        networkUrl: `http://127.0.0.1:${port}`,
      };
      const program = path.join(repositoryRoot(), "dist/test/services/harness/session-process.js");
      processes.set(
        owner,
        startServerProcess(
          process.execPath,
          ["--enable-source-maps", program, JSON.stringify(options)],
          { env: { PATH: process.env.PATH } },
        ),
      );
    }
    await Promise.all([...processes.values()].map((one) => one.printed(/ready/)));
    await Promise.any([...processes.values()].map((one) => one.printed(/^holds$/m)));
  });
  afterAll(async () => {
    for (const response of unanswered) response.destroy();
    await Promise.all([...processes.values()].map((one) => one.end("SIGTERM")));
    network?.closeAllConnections();
    network?.close();
    await ledgers?.database.close();
    await database?.drop();
    await postgres?.stop();
    expectNoServers();
  });

  /** Takes everything; of what is swallowed it says nothing, though it has arrived. */
  async function listen(): Promise<Server> {
    const server = createServer(async (request, response) => {
      if (request.method === "GET") {
        const outboxId = path.basename(request.url ?? "");
        const found = sent.findIndex((one) => one.outboxId === outboxId);
        response.writeHead(found < 0 ? 404 : 200).end(found < 0 ? "" : `n${found}`);
        return;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const part = JSON.parse(Buffer.concat(chunks).toString()) as Sent;
      sent.push(part);
      if (part.text !== swallowed) return void response.end(`n${sent.length - 1}`);
      unanswered.push(response);
      onSwallowed();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return server;
  }

  /** An answer of two parts in each of the chats. */
  async function queue(chats: readonly string[], text: string): Promise<void> {
    await ledgers.inbox.accept(
      tenantId,
      chats.map((chat) => ({ bot, message: message(`${text} ${chat}`, chat) })),
    );
    const leases = await ledgers.conversations.claim("test", 50, 30_000);
    const { due } = await ledgers.conversations.readDue(leases);
    const parts = (chat: string) => [{ text: `${text} ${chat}/1` }, { text: `${text} ${chat}/2` }];
    await ledgers.conversations.commitAnswers(
      due.map((one) => answer(one, 0, { parts: parts(one.chatKey) })),
    );
  }

  async function untilSettled(): Promise<void> {
    await vi.waitFor(
      async () => {
        const open = await database.query(
          "select id from outbox where state in ('queued', 'attempting', 'unknown')",
        );
        expect(open).toEqual([]);
      },
      { timeout: SETTLED_MS, interval: 50 },
    );
  }

  const holder = async () => {
    const [row] = await database.query<{ poll_owner: string | null }>(
      "select poll_owner from bot where is_held",
    );
    return row?.poll_owner ?? "";
  };
  const chats = Array.from({ length: 10 }, (_, index) => `${index}`);
  const textsOf = (text: string) => sent.filter((one) => one.text.startsWith(text));
  const expected = (text: string) =>
    chats.flatMap((chat) => [`${text} ${chat}/1`, `${text} ${chat}/2`]).sort();

  it("is sent for by that one alone, each part once and in order", async () => {
    const owner = await holder();
    await queue(chats, "first");
    await untilSettled();
    const parts = textsOf("first");
    expect(parts.map((one) => one.text).sort()).toEqual(expected("first"));
    expect(new Set(parts.map((one) => one.owner))).toEqual(new Set([owner]));
    for (const chat of chats) {
      const own = parts.filter((one) => one.chatKey === chat).map((one) => one.text);
      expect(own).toEqual([`first ${chat}/1`, `first ${chat}/2`]);
    }
  });

  it("is taken over after kill -9 in the middle of a send, and what had arrived is not sent again", async () => {
    const dead = await holder();
    swallowed = "second 3/1";
    const inTheMiddle = new Promise<void>((resolve) => {
      onSwallowed = resolve;
    });
    await queue(chats, "second");
    await inTheMiddle;
    await processes.get(dead)?.end("SIGKILL");
    processes.delete(dead);
    // Instead of waiting for twelve seconds.
    await database.query("update bot set poll_expires_at = now()");
    const [heir] = [...processes.values()];
    await heir?.printed(/^holds$/m);
    await untilSettled();
    expect(await holder()).not.toBe(dead);
    const parts = textsOf("second");
    expect(parts.map((one) => one.text).sort()).toEqual(expected("second"));
    const states = await database.query("select distinct state from outbox");
    expect(states).toEqual([{ state: "sent" }]);
  });

  it("is given back at the end, so that the next one need not wait", async () => {
    await [...processes.values()][0]?.end("SIGTERM");
    processes.clear();
    expect(await holder()).toBe("");
    await queue(["0"], "third");
    const open = await database.query("select state from outbox where state <> 'sent'");
    expect(open).toEqual([{ state: "queued" }, { state: "queued" }]);
  });
});
