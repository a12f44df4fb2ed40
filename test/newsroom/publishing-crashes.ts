import type { FaultPoint } from "../../src/core/fault-point.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openEmbedded } from "../../src/store/open-embedded.ts";
import { SMTP_FAULTS } from "../stand-ins/smtp/start-stand-in.ts";
import type { FaultEffect } from "../stand-ins/telegram/faults.ts";
import { X_FAULTS } from "../stand-ins/x/start-stand-in.ts";
import { CHANNEL_ID, openPublishingGround, type PublishingGround } from "./publishing-ground.ts";

/** What came of publishing while processes died and networks failed. */
export interface PublishingCrashes {
  /** Deaths of the process that posts, each followed by another process. */
  readonly crashes: number;
  /** Calls that a network failed, took without saying so, or refused. */
  readonly networkFaults: number;
  readonly publications: number;
  readonly posts: number;
  /** Posts that stand there more than once. */
  readonly duplicated: number;
  /** Posts of publications that are called published, and are not there. */
  readonly lost: number;
  /** Posts of a thread that do not follow the one before. */
  readonly astray: number;
  /** Publications that did not come to an end. */
  readonly unfinished: number;
  /** Doubts that a person decided, who looked whether the post was there. */
  readonly decided: number;
  /** Posts that X itself refused as duplicates: what the ledger let through, and did no harm. */
  readonly refusedAsDuplicates: number;
}

/** Points passed before the next death, at most: about as many as a text on three targets passes. */
const LONGEST_LIFE = 250;
const NETWORK_FAULT_CHANCE = 0.35;
const PUBLICATIONS_AT_ONCE = 3;
/** Rounds without a death after which the rest is given up as unfinished. */
const CALM_ROUNDS = 60;

/**
 * Publishes threads, channel posts and letters while the process dies `count` times at whatever point it has come to,
 * and the networks fail at random; then compares what stands there with what was planned. The same `seed` does the same.
 */
export async function runPublishingCrashes(
  count: number,
  report: (line: string) => void = () => {},
  seed = 20_261_122,
): Promise<PublishingCrashes> {
  const random = createRandom(seed);
  const life = createLife();
  const database = await openEmbedded({ dataDirectory: undefined, faultPoint: life.point });
  await migrate(database, "migrations");
  const ground = await openPublishingGround(database);
  try {
    const targets = [
      await ground.addTarget(ground.settings.x),
      await ground.addTarget(ground.settings.telegram),
      await ground.addTarget(ground.settings.email),
    ];
    let [crashes, networkFaults, publications, decided, calm] = [0, 0, 0, 0, 0];
    while (calm < CALM_ROUNDS) {
      const left = await standing(ground);
      if (crashes < count && left.underWay < PUBLICATIONS_AT_ONCE) {
        await publishOne(ground, targets, publications);
        publications += targets.length;
      }
      if (crashes >= count && left.underWay + left.unknown.length === 0) break;
      if (crashes >= count) calm += 1;
      if (random() < NETWORK_FAULT_CHANCE && crashes < count) {
        failSomething(ground, random);
        networkFaults += 1;
      }
      if (crashes < count) life.endAfter(1 + Math.floor(random() * LONGEST_LIFE));
      const publish = ground.publisher(life.point);
      await publish(new AbortController().signal).catch((error: unknown) => {
        if (!life.hasEnded()) throw error;
      });
      if (life.hasEnded()) {
        crashes += 1;
        if (crashes % 100 === 0) report(`${crashes} of ${count} deaths`);
      }
      life.begin();
      await ground.expire();
      decided += await decideDoubts(ground);
    }
    const compared = await compare(ground);
    return {
      crashes,
      networkFaults,
      publications,
      decided,
      refusedAsDuplicates: ground.x.duplicatesRefused,
      ...compared,
    };
  } finally {
    life.begin();
    await ground.close();
    await database.close();
  }
}

/** A process: alive until it passes a point too many; then nothing of it is written any more. */
function createLife(): {
  readonly point: FaultPoint;
  endAfter(points: number): void;
  hasEnded(): boolean;
  begin(): void;
} {
  let left: number | undefined;
  let isDead = false;
  return {
    point() {
      if (isDead) throw new Error("This process is dead.");
      if (left === undefined) return;
      left -= 1;
      if (left > 0) return;
      isDead = true;
      throw new Error("The process died here.");
    },
    endAfter(points) {
      left = points;
    },
    hasEnded: () => isDead,
    begin() {
      isDead = false;
      left = undefined;
    },
  };
}

async function publishOne(
  ground: PublishingGround,
  targetIds: readonly string[],
  number: number,
): Promise<void> {
  const statements = ["uno", "dos", "tres"].map(
    (which) =>
      `Acto ${which} de la corrida ${number}: se reforma el reglamento & se fija el plazo < 30 días.`,
  );
  const { runId } = await ground.approve({ title: `Resumen de la corrida ${number}`, statements });
  const order = { runId, targetIds, at: undefined, timeZone: undefined };
  await ground.desk.publish(ground.tenantId, order, crypto.randomUUID(), { actor: "person:test" });
}

function failSomething({ x, telegram, smtp }: PublishingGround, random: () => number): void {
  const one = <Item>(items: readonly [Item, ...Item[]]): Item =>
    items[Math.floor(random() * items.length)] ?? items[0];
  const which = random();
  // A connection that stays silent costs the whole time-out: the unit tests have it once.
  if (which < 0.4) {
    const [first, ...others] = X_FAULTS.filter(
      (fault) => fault !== "silent-after" && fault !== "401",
    );
    if (first !== undefined) x.fail(one([first, ...others]));
  } else if (which < 0.7) {
    const isAccepted = random() < 0.6;
    telegram.faults.add({
      method: "sendMessage",
      effect: one<FaultEffect>([
        { kind: "drop", isAccepted },
        { kind: "server-error", status: 502, isAccepted },
        { kind: "garbage" },
        {
          kind: "refuse",
          code: 429,
          description: "Too Many Requests: retry after 1",
          parameters: { retry_after: 1 },
        },
      ]),
    });
  } else {
    const [first, ...others] = SMTP_FAULTS.filter((fault) => !/^55/.test(fault));
    if (first !== undefined) smtp.fail(one([first, ...others]));
  }
}

async function standing({ store, tenantId }: PublishingGround) {
  const listed = async (state: "scheduled" | "publishing" | "unknown") =>
    (await store.list(tenantId, { state }, { after: undefined, limit: 100 })).entries;
  const [scheduled, publishing, unknown] = [
    await listed("scheduled"),
    await listed("publishing"),
    await listed("unknown"),
  ];
  return { underWay: scheduled.length + publishing.length, unknown };
}

/** As a person does who looks at the channel, and at the mailboxes. Returns how many doubts there were. */
async function decideDoubts(ground: PublishingGround): Promise<number> {
  const { unknown } = await standing(ground);
  // One post of each at a time: the next look has the others.
  for (const { publicationId } of unknown) {
    const found = await ground.store.find(ground.tenantId, publicationId);
    const post = found?.posts.find(isInDoubt);
    if (post === undefined) continue;
    const { position, planned } = post;
    const isThere = arrivals(ground, publicationId, position, planned) > 0;
    const step = { kind: isThere ? "accept" : "resend", position } as const;
    await ground.store.take(ground.tenantId, publicationId, step, { actor: "person:test" });
  }
  return unknown.length;
}

const isInDoubt = ({ state }: { readonly state: string }) => state === "unknown";

/** How often one post stands there. */
function arrivals(
  { x, telegram, smtp, account }: PublishingGround,
  publicationId: string,
  position: number,
  { text, content }: { readonly text: string; readonly content?: object | undefined },
): number {
  if (content !== undefined && "to" in content) {
    const messageId = `<${publicationId}.${position}@example.org>`;
    return smtp.letters.filter(({ raw }) => raw.includes(messageId)).length;
  }
  const inChannel = telegram.sent(CHANNEL_ID).filter((sent) => sent.text === text).length;
  return inChannel + x.posts(account).filter((post) => post.text === text).length;
}

async function compare(ground: PublishingGround) {
  const { store, tenantId } = ground;
  let [posts, duplicated, lost, unfinished, astray] = [0, 0, 0, 0, 0];
  let after: Parameters<typeof store.list>[2]["after"];
  do {
    const page = await store.list(tenantId, {}, { after, limit: 100 });
    for (const { publicationId, state, targetKind } of page.entries) {
      const found = await store.find(tenantId, publicationId);
      if (state !== "published") unfinished += 1;
      for (const { position, planned } of found?.posts ?? []) {
        posts += 1;
        const count = arrivals(ground, publicationId, position, planned);
        if (count > 1) duplicated += 1;
        if (count === 0 && state === "published") lost += 1;
      }
      if (targetKind === "x") astray += countAstray(ground, found?.posts ?? []);
    }
    after = page.next;
  } while (after !== undefined);
  if (posts === 0) throw new Error("Nothing was published.");
  return { posts, duplicated, lost, unfinished, astray };
}

/** A thread hangs together: each post answers the one before. */
function countAstray(
  { x, account }: PublishingGround,
  posts: readonly { readonly planned: { readonly text: string } }[],
): number {
  const found = posts.map(({ planned }) =>
    x.posts(account).find((post) => post.text === planned.text),
  );
  return found.filter(
    (post, at) => at > 0 && post !== undefined && post.replyTo !== found[at - 1]?.id,
  ).length;
}

/** Mulberry32 (Tommy Ettinger, public domain): the same seed, the same deaths. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
