import type { DueMessage, DuePart, Lease } from "../../src/core/ledgers.ts";
import type { IncomingContent } from "../../src/core/message.ts";
import { addTenant, answer, type Ledgers, message, NO_BROADCASTS } from "./tenant-line.ts";

/** One thing that the world or a process does. Numbers choose among what is there, modulo its count. */
export type Step =
  | { readonly kind: "write"; readonly chat: number; readonly key: number }
  | { readonly kind: "edit"; readonly chat: number; readonly key: number; readonly of: number }
  | { readonly kind: "claim"; readonly owner: number; readonly limit: number }
  | { readonly kind: "read"; readonly owner: number }
  | { readonly kind: "release"; readonly owner: number }
  | {
      readonly kind: "answer";
      readonly owner: number;
      readonly which: number;
      readonly parts: number;
    }
  | {
      readonly kind: "fail";
      readonly owner: number;
      readonly which: number;
      readonly isFinal: boolean;
    }
  | { readonly kind: "claim-parts"; readonly owner: number; readonly limit: number }
  | {
      readonly kind: "settle";
      readonly owner: number;
      readonly which: number;
      readonly outcome: "sent" | "refused" | "again" | "unknown";
    }
  | { readonly kind: "time-passes"; readonly ms: number }
  | { readonly kind: "sweep" }
  | { readonly kind: "die"; readonly owner: number };

/** What a process has in hand. What it has committed it may commit again: it does not know that it did. */
interface Owner {
  leases: Lease[];
  due: DueMessage[];
  parts: DuePart[];
}

const LEASE_MS = 30_000;
export const ABANDONED_MS = 60_000;
const OWNERS = 3;
/** Of what is written in chat 1: its texts may be answered together. */
const BURST_MS = 2_500;

/**
 * Several processes that work on the ledgers of one tenant, step by step, and what must hold after each step.
 * Throws, saying what, when it does not.
 */
export async function openLineModel(line: Ledgers) {
  const { tenantId, bot } = await addTenant(line);
  const owners: Owner[] = Array.from({ length: OWNERS }, () => ({
    leases: [],
    due: [],
    parts: [],
  }));
  const accepted = new Map<string, string>();
  /** The newest token of each conversation, and whether it was given back. */
  const newest = new Map<string, { readonly token: bigint; isOver: boolean }>();
  /** Messages in the order in which they were answered or given up. */
  const ended: string[] = [];
  /** Parts of which nobody is certain that they did not arrive. */
  const mayHaveArrived = new Set<string>();
  let expectedParts = 0;

  const ownerOf = (number: number): Owner => owners[number % OWNERS] as Owner;
  const isCurrent = (lease: Lease) => {
    const last = newest.get(lease.conversationId);
    return last !== undefined && !last.isOver && last.token === BigInt(lease.token);
  };
  const giveBack = (lease: Lease) => {
    const last = newest.get(lease.conversationId);
    if (last !== undefined) last.isOver = true;
  };

  async function accept(updateKey: string, chat: string, content?: IncomingContent) {
    const [first] = await line.inbox.accept(tenantId, [
      {
        bot,
        message: message(updateKey, chat, content),
        burstWindowMs: chat === "1" && content?.kind !== "edit" ? BURST_MS : undefined,
      },
    ]);
    if (first === undefined) throw new Error("accept told nothing");
    const known = accepted.get(updateKey);
    claimThat(first.isDuplicate === (known !== undefined), `${updateKey} is stored once`);
    claimThat(known === undefined || known === first.messageId, "a duplicate names its original");
    accepted.set(updateKey, first.messageId);
  }

  async function claim(owner: Owner, name: string, limit: number): Promise<void> {
    for (const lease of await line.conversations.claim(name, limit, LEASE_MS)) {
      const token = BigInt(lease.token);
      const last = newest.get(lease.conversationId);
      claimThat(last === undefined || token > last.token, "tokens grow");
      newest.set(lease.conversationId, { token, isOver: false });
      owner.leases.push(lease);
    }
  }

  async function read(owner: Owner): Promise<void> {
    const leases = owner.leases.splice(0);
    const { due, unreadable } = await line.conversations.readDue(leases);
    claimThat(unreadable.length === 0, "everything can be read");
    claimThat(
      due.every(({ lease }) => isCurrent(lease)),
      "only the last owner reads",
    );
    const dueIn = new Set(due.map(({ lease }) => lease.conversationId));
    for (const lease of leases)
      if (!dueIn.has(lease.conversationId) && isCurrent(lease)) giveBack(lease);
    owner.due.push(...due);
  }

  async function commit(due: DueMessage, partCount: number): Promise<void> {
    const before = isCurrent(due.lease);
    const { followers } = due;
    const answered = answer(due, partCount, { followers });
    const [result] = await line.conversations.commitAnswers([answered]);
    claimThat((result !== "lost") === before, `a fenced turn is lost, not ${result}`);
    if (result === "lost") return;
    giveBack(due.lease);
    if (result === "edited") return;
    ended.push(due.messageId, ...followers.map(({ messageId }) => messageId));
    expectedParts += partCount;
  }

  async function fail(due: DueMessage, isFinal: boolean): Promise<void> {
    const before = isCurrent(due.lease);
    const [result] = await line.conversations.commitFailures([
      {
        due,
        reason: "test",
        retryAfterMs: isFinal ? undefined : 1_000,
        parts: isFinal ? [{ text: "disculpe" }] : [],
        events: [],
      },
    ]);
    claimThat((result !== "lost") === before, `a fenced failure is lost, not ${result}`);
    if (result === "lost") return;
    giveBack(due.lease);
    if (!isFinal) return;
    ended.push(due.messageId);
    expectedParts += 1;
  }

  async function claimParts(owner: Owner, name: string, limit: number): Promise<void> {
    const { parts } = await line.outbox.claim(name, limit, NO_BROADCASTS);
    for (const { outboxId } of parts) {
      claimThat(!mayHaveArrived.has(outboxId), "what may have arrived is not sent again");
      mayHaveArrived.add(outboxId);
    }
    const [hasty] = await query<{ id: string }>(
      `select o.id from outbox o join outbox b on b.conversation_id = o.conversation_id
       where o.id = any($1::uuid[]) and b.position < o.position and b.state in ('queued', 'attempting')`,
      [parts.map(({ outboxId }) => outboxId)],
    );
    claimThat(hasty === undefined, "a part waits for those before it");
    owner.parts.push(...parts);
  }

  async function settle(
    due: DuePart,
    outcome: Extract<Step, { kind: "settle" }>["outcome"],
  ): Promise<void> {
    const certain = { kind: "refused", reason: "test", retry: "never" } as const;
    const [row] = await query<{ state: string; attempts: number }>(
      "select state, attempts from outbox where id = $1",
      [due.outboxId],
    );
    await line.outbox.settle([
      {
        due,
        outcome:
          outcome === "sent"
            ? { kind: "sent", networkMessageId: "1" }
            : outcome === "unknown"
              ? { kind: "unknown", reason: "test" }
              : certain,
        retryAfterMs: outcome === "again" ? 1_000 : undefined,
      },
    ]);
    // The process that called knows what came of it, but only the attempt on record is settled.
    const isOnRecord = row?.state === "attempting" && row.attempts === due.attempts;
    if (outcome === "again" && isOnRecord) mayHaveArrived.delete(due.outboxId);
  }

  const query = <Row extends object>(text: string, values: readonly unknown[] = []) =>
    line.database.asTenant(tenantId, (tx) => tx.query<Row>(text, values));

  async function timePasses(ms: number): Promise<void> {
    const ago = `interval '${ms} milliseconds'`;
    await query(
      `update conversation set lease_expires_at = lease_expires_at - ${ago}, due_at = due_at - ${ago},
              send_next_at = send_next_at - ${ago}`,
    );
    await query(
      `update inbox set not_before = not_before - ${ago}, received_at = received_at - ${ago},
              burst_ends_at = burst_ends_at - ${ago}`,
    );
    await query(
      `update outbox set attempted_at = attempted_at - ${ago}, not_before = not_before - ${ago}`,
    );
  }

  async function sweep(): Promise<void> {
    await line.sweep.settleAbandoned(ABANDONED_MS);
    await line.sweep.wakeForgotten();
  }

  async function take(step: Step): Promise<void> {
    switch (step.kind) {
      case "write":
        return accept(`${step.chat}-${step.key}`, `${step.chat}`);
      case "edit": {
        const editedMessageId = `m${step.chat}-${step.of}`;
        const content = { kind: "edit", editedMessageId, text: `corregida ${step.key}` } as const;
        return accept(`${step.chat}-edit-${step.key}`, `${step.chat}`, content);
      }
      case "claim":
        return claim(ownerOf(step.owner), `owner ${step.owner}`, step.limit);
      case "read":
        return read(ownerOf(step.owner));
      case "release": {
        const leases = ownerOf(step.owner).leases.splice(0);
        await line.conversations.release(leases);
        for (const lease of leases) if (isCurrent(lease)) giveBack(lease);
        return;
      }
      case "answer": {
        const due = chosen(ownerOf(step.owner).due, step.which);
        return due && commit(due, step.parts);
      }
      case "fail": {
        const due = chosen(ownerOf(step.owner).due, step.which);
        return due && fail(due, step.isFinal);
      }
      case "claim-parts":
        return claimParts(ownerOf(step.owner), `owner ${step.owner}`, step.limit);
      case "settle": {
        const part = chosen(ownerOf(step.owner).parts, step.which);
        return part && settle(part, step.outcome);
      }
      case "time-passes":
        return timePasses(step.ms);
      case "sweep":
        return sweep();
      case "die":
        owners[step.owner % OWNERS] = { leases: [], due: [], parts: [] };
        return;
      default:
        step satisfies never;
    }
  }

  /** A process that does all that is left, after everybody else died. */
  async function finish(): Promise<void> {
    const last: Owner = { leases: [], due: [], parts: [] };
    for (let round = 0; round < 200; round++) {
      await timePasses(120_000);
      await sweep();
      await claim(last, "last", 50);
      await read(last);
      for (const due of last.due.splice(0)) await commit(due, 1);
      await claimParts(last, "last", 50);
      const [open] = await query<{ id: string }>(
        `select id from inbox where state = 'pending'
         union all select id from outbox where state in ('queued', 'attempting')`,
      );
      for (const part of last.parts.splice(0)) await settle(part, "sent");
      if (open === undefined) return;
    }
    throw new Error("something never ends");
  }

  return { take, finish, verify: () => verify(query, { accepted, ended, expectedParts }) };
}

/** What must be in the ledgers when all is done. */
async function verify(
  query: <Row extends object>(text: string) => Promise<Row[]>,
  seen: {
    readonly accepted: ReadonlyMap<string, string>;
    readonly ended: readonly string[];
    readonly expectedParts: number;
  },
): Promise<void> {
  const inbox = await query<{ id: string; conversation: string; state: string; taken_in: boolean }>(
    `select i.id, i.conversation_id as conversation, i.state,
            exists (select 1 from passport_event e
                    where e.message_id = i.id and e.detail ->> 'silence' = 'edit-taken-in') as taken_in
     from inbox i order by i.position`,
  );
  claimThat(inbox.length === seen.accepted.size, "every accepted message is there, once");
  claimThat(
    inbox.every(({ state }) => state !== "pending"),
    "every message ends",
  );
  claimThat(new Set(seen.ended).size === seen.ended.length, "no message ends twice");
  for (const { id, taken_in } of inbox) {
    claimThat(seen.ended.includes(id) !== taken_in, "each is answered, given up, or taken in");
  }
  for (const conversation of new Set(inbox.map((row) => row.conversation))) {
    const own = inbox.filter((row) => row.conversation === conversation && !row.taken_in);
    const order = seen.ended.filter((id) => own.some((row) => row.id === id));
    claimThat(order.join() === own.map(({ id }) => id).join(), "they end in the order of arrival");
  }
  const outbox = await query<{ state: string }>("select state from outbox");
  claimThat(outbox.length === seen.expectedParts, "every part of every turn is there, once");
  claimThat(
    outbox.every(({ state }) => ["sent", "failed", "unknown"].includes(state)),
    "every part ends",
  );
}

function chosen<Item>(items: readonly Item[], which: number): Item | undefined {
  return items.length === 0 ? undefined : items[which % items.length];
}

function claimThat(isSo: boolean, claim: string): void {
  if (!isSo) throw new Error(`It does not hold: ${claim}.`);
}
