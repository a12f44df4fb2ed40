import { randomBytes, randomUUID } from "node:crypto";
import { API_KEY_SCOPES } from "../../src/core/api-keys.ts";
import { systemClock } from "../../src/core/clock.ts";
import { asId, type TenantId } from "../../src/core/ids.ts";
import { createApiKeys } from "../../src/store/api-keys.ts";
import type { Database } from "../../src/store/database.ts";
import { openCipher } from "../../src/store/key-rotation/open-cipher.ts";
import { openServer } from "../../src/store/open-server.ts";
import { createTenants } from "../../src/store/tenants.ts";
import type { Figure } from "../figure.ts";
import { type ProductRun, startProduct, withProductLogs } from "../product.ts";
import { questionOf } from "../questions.ts";
import { addSeedBots } from "../seed/add-bots.ts";
import { seedTenant } from "../seed/seed-tenant.ts";
import { ascending, percentile } from "../statistics.ts";

const PEOPLE = 100;
/** On average: somebody who works in the inbox looks at something else this often. */
const THINKING_MS = 2_000;
const TARGET_MS = 200;
/** An office of twenty people each: the product bounds what one tenant may ask for in a minute, and more would wait. */
const TENANTS = 5;
/** Of each tenant. */
const CONVERSATIONS = Number(process.env.BENCH_API_CONVERSATIONS ?? 20_000);
/** Of the 300 a second that are promised: the bots are busy, and not at their end. */
const QUESTIONS_PER_SECOND = 60;
/** So that none exceeds its limit or the network's pace. */
const CITIZENS = 1_200;
const FIRST_CITIZEN = 700_000;
const WARM_UP_MS = 10_000;
const MEASURED_MS = 60_000;

/** A hundred people work with the admin API while the bots answer; every call's time, from its sending to its whole body. */
export async function measureApiLoad(): Promise<readonly Figure[]> {
  const secretKey = randomBytes(32);
  const run = await startProduct({
    processes: ["api", "worker,scheduler"],
    env: { SECRET_KEY: secretKey.toString("hex") },
    acquainted: [{ first: FIRST_CITIZEN, count: CITIZENS }],
  });
  try {
    const { keys, messages } = await seed(run, secretKey);
    return await withProductLogs(run, async () => {
      const idle = await work(run, keys);
      const citizens = startCitizens(run);
      const busy = await work(run, keys);
      const { asked, answered } = citizens.stop();
      const size = `${TENANTS} tenants of ${CONVERSATIONS.toLocaleString("en")} conversations, ${messages.toLocaleString("en")} messages in all`;
      return [
        {
          figure: `API under ${PEOPLE} people, bots busy, p95`,
          value: percentile(busy, 0.95),
          unit: "ms",
          target: { atMost: TARGET_MS },
          note: `p50 ${percentile(busy, 0.5).toFixed(1)}, p99 ${percentile(busy, 0.99).toFixed(1)} ms of ${busy.length} calls, each person one every ${THINKING_MS / 1000} s on average; ${asked} questions asked meanwhile (${QUESTIONS_PER_SECOND}/s), ${answered} answered; ${size}`,
        },
        {
          figure: `API under ${PEOPLE} people, bots idle, p95`,
          value: percentile(idle, 0.95),
          unit: "ms",
          note: `p50 ${percentile(idle, 0.5).toFixed(1)} ms of ${idle.length} calls`,
        },
      ];
    });
  } finally {
    await run.stop();
  }
}

/** Each person has a key of their own, in a tenant with months of talks; the first is the one whose bot is asked. */
async function seed(run: ProductRun, secretKey: Buffer) {
  const database = openServer({ url: run.database.url, maxConnections: 2 });
  try {
    const { cipher } = await openCipher(database, [secretKey], new Date());
    const apiKeys = createApiKeys(database, systemClock);
    const keys: string[] = [];
    let messages = 0;
    for (let office = 0; office < TENANTS; office++) {
      const tenantId =
        office === 0
          ? await createTenants(database).ensureSampleTenant()
          : await addTenant(database, office);
      const seeded = await seedTenant(database, cipher, {
        tenantId,
        bots: await addSeedBots(database, cipher, tenantId),
        conversations: CONVERSATIONS,
        exchanges: 2.5,
        seed: office + 1,
        now: new Date(),
        onProgress: () => {},
      });
      messages += seeded.messages;
      for (let person = 0; person < PEOPLE / TENANTS; person++) {
        keys.push((await apiKeys.create(tenantId, `person ${person}`, [...API_KEY_SCOPES])).key);
      }
    }
    await run.database.query("vacuum (analyze)");
    return { keys, messages };
  } finally {
    await database.close();
  }
}

async function addTenant(database: Database, office: number): Promise<TenantId> {
  const id = asId<TenantId>(randomUUID());
  await database.asDispatcher((tx) =>
    tx.query("insert into tenant (id, slug, name) values ($1, $2, 'Office')", [
      id,
      `office-${office}`,
    ]),
  );
  return id;
}

/** The times of all calls of everybody after the warm-up, ascending. */
async function work(run: ProductRun, keys: readonly string[]): Promise<readonly number[]> {
  const url = run.processes[0]?.url ?? "";
  const until = performance.now() + WARM_UP_MS + MEASURED_MS;
  const countedFrom = performance.now() + WARM_UP_MS;
  const times: number[] = [];
  await Promise.all(
    keys.map(async (key, person) => {
      const looks = await looksOf(url, key, person);
      for (let step = person; performance.now() < until; step++) {
        await pause(THINKING_MS * (0.5 + Math.random()));
        const look = looks[step % looks.length];
        if (look === undefined) continue;
        const began = performance.now();
        await call(url, key, look);
        if (began > countedFrom) times.push(performance.now() - began);
      }
    }),
  );
  return ascending(times);
}

interface Look {
  readonly method: "GET" | "PUT" | "POST";
  readonly path: string;
  /** Anew for each call. */
  readonly body?: () => unknown;
}

/** What the admin interface asks for as somebody works in it: mostly the inbox, with a new contact in between. */
async function looksOf(url: string, key: string, person: number): Promise<readonly Look[]> {
  const get = (path: string): Look => ({ method: "GET", path });
  const first = (await call(url, key, get("/api/v1/conversations?limit=50"))) as {
    readonly conversations: readonly { readonly conversationId: string }[];
  };
  const mine = first.conversations[person % first.conversations.length]?.conversationId;
  const conversation = `/api/v1/conversations/${mine}`;
  return [
    get("/api/v1/conversations?limit=50"),
    get(conversation),
    get(`${conversation}/history`),
    get("/api/v1/conversations?state=waiting-for-person"),
    // Notes and replies are for people who are signed in: no key may write them.
    { method: "POST", path: "/api/v1/contacts", body: newContact },
    get("/api/v1/contacts"),
    { method: "POST", path: "/api/v1/contacts/search", body: () => ({ search: "+506 6000 0001" }) },
    get("/api/v1/campaigns"),
    get("/api/v1/bots"),
    get(`/api/v1/usage?from=${dayBefore(30)}&until=${dayBefore(0)}`),
  ];
}

function dayBefore(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

let contactsMade = 0;
function newContact(): unknown {
  contactsMade += 1;
  const value = `+506${70_000_000 + contactsMade}`;
  return { name: `Persona ${contactsMade}`, identifiers: [{ kind: "phone", value }] };
}

async function call(url: string, key: string, { method, path, body }: Look): Promise<unknown> {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body()) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** People write at a steady rate, whatever becomes of their questions (open loop). */
function startCitizens(run: ProductRun) {
  const { standIn, bot } = run;
  const began = performance.now();
  let asked = 0;
  let answered = 0;
  const onSent = () => {
    answered += 1;
  };
  standIn.events.on("sent", onSent);
  const timer = setInterval(() => {
    const due = ((performance.now() - began) / 1_000) * QUESTIONS_PER_SECOND;
    for (; asked < due; asked++) {
      const chatId = FIRST_CITIZEN + (asked % CITIZENS);
      standIn.user(chatId, { languageCode: "es" }).send(questionOf(asked), { bot });
    }
  }, 20);
  return {
    stop() {
      clearInterval(timer);
      standIn.events.off("sent", onSent);
      return { asked, answered };
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
