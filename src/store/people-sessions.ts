import type { Cipher } from "../core/cipher.ts";
import { asId, type PersonId, type SessionId } from "../core/ids.ts";
import type { PeopleStore, Rotation, StoredSession, TokenHash } from "../core/people-store.ts";
import type { Database, Transaction } from "./database.ts";
import {
  actorOf,
  endSessionsOf,
  insertSession,
  PERSON_COLUMNS,
  type PersonRow,
  placeOf,
  toPerson,
  writeAudit,
} from "./people-rows.ts";

interface SessionRow {
  readonly session_id: string;
  readonly person_id: string;
  readonly proved_at: Date;
  readonly expires_at: Date;
  readonly has_outside_factor: boolean;
}

const SESSION_COLUMNS =
  "s.id as session_id, s.person_id, s.proved_at, s.expires_at, s.has_outside_factor";
/** Not ended, not too old, not idle for too long; `$2` is now. */
const IS_OPEN = "s.ended_at is null and s.expires_at > $2 and s.idle_at > $2";
/** Ended sessions are kept this long, so that an old token is still known for one. */
const KEPT = "interval '30 days'";

type SessionPart = Pick<
  PeopleStore,
  | "openSession"
  | "findSession"
  | "rotate"
  | "listSessions"
  | "endSession"
  | "endSessions"
  | "proveSession"
>;

export function createPeopleSessions(database: Database, cipher: Cipher): SessionPart {
  return {
    openSession: (personId, session, now, origin) =>
      database.asRegistrar(async (tx) => {
        await tx.query(
          `delete from person_session where person_id = $1 and expires_at < $2::timestamptz - ${KEPT}`,
          [personId, now],
        );
        await insertSession(tx, cipher, personId, session, now, origin);
      }),
    async findSession(sessionId, now) {
      const [row] = await database.asRegistrar((tx) =>
        tx.query<SessionRow & PersonRow>(
          {
            name: "people-find-session",
            text: `select ${SESSION_COLUMNS}, ${PERSON_COLUMNS}
                   from person_session s join person p on p.id = s.person_id
                   where s.id = $1 and ${IS_OPEN} and p.disabled_at is null`,
          },
          [sessionId, now],
        ),
      );
      return row && { session: toSession(row), person: toPerson(cipher, row) };
    },
    rotate: (token, child, times, origin) =>
      database.asRegistrar(async (tx) => {
        const rotation = await rotateToken(tx, token, child, times);
        if (rotation.kind !== "reused") return rotation;
        const { personId, sessionId } = rotation.session;
        await tx.query(
          "update person_session set ended_at = $2, end_reason = 'token-reused' where id = $1 and ended_at is null",
          [sessionId, times.now],
        );
        await writeAudit(tx, {
          actor: "anonymous",
          action: "refresh-token-reused",
          subject: sessionId,
          detail: { personId },
          origin,
        });
        return rotation;
      }),
    async listSessions(personId, now) {
      const rows = await database.asRegistrar((tx) =>
        tx.query<SessionRow & { origin: Buffer; created_at: Date; last_used_at: Date }>(
          `select ${SESSION_COLUMNS}, s.origin, s.created_at, s.last_used_at from person_session s
           where s.person_id = $1 and ${IS_OPEN} order by s.last_used_at desc, s.id`,
          [personId, now],
        ),
      );
      return rows.map((row) => {
        const place = placeOf("person_session", "origin", row.session_id);
        const from = JSON.parse(cipher.decrypt(place, row.origin)) as {
          readonly ip: string;
          readonly userAgent: string;
        };
        return {
          sessionId: asId<SessionId>(row.session_id),
          ...from,
          createdAt: row.created_at,
          lastUsedAt: row.last_used_at,
          expiresAt: row.expires_at,
        };
      });
    },
    endSession: (personId, sessionId, now, origin) =>
      database.asRegistrar(async (tx) => {
        const ended = await tx.query(
          `update person_session set ended_at = $3, end_reason = 'ended-by-person'
           where person_id = $1 and id::text = $2 and ended_at is null returning id`,
          [personId, sessionId, now],
        );
        if (ended.length === 0) return false;
        const actor = actorOf(personId);
        await writeAudit(tx, { actor, action: "session-ended", subject: sessionId, origin });
        return true;
      }),
    endSessions: (personId, except, reason, now, origin) =>
      database.asRegistrar(async (tx) => {
        const count = await endSessionsOf(tx, personId, except, reason, now);
        await writeAudit(tx, {
          actor: actorOf(personId),
          action: "sessions-ended",
          subject: personId,
          detail: { count },
          origin,
        });
        return count;
      }),
    proveSession: (sessionId, now, origin) =>
      database.asRegistrar(async (tx) => {
        const [row] = await tx.query<{ person_id: string }>(
          "update person_session set proved_at = $2 where id = $1 returning person_id",
          [sessionId, now],
        );
        await writeAudit(tx, {
          actor: actorOf(asId<PersonId>(row?.person_id ?? "")),
          action: "session-proved",
          subject: sessionId,
          origin,
        });
      }),
  };
}

async function rotateToken(
  tx: Transaction,
  token: TokenHash,
  child: TokenHash,
  { now, graceMs, idleAt }: Parameters<PeopleStore["rotate"]>[2],
): Promise<Rotation> {
  // The lock lets two tabs pass one after the other: the second finds the token used.
  const [row] = await tx.query<SessionRow & { used_at: Date | null; is_open: boolean }>(
    `select ${SESSION_COLUMNS}, t.used_at, ${IS_OPEN} and p.disabled_at is null as is_open
     from refresh_token t join person_session s on s.id = t.session_id join person p on p.id = s.person_id
     where t.token_hash = $1 for update of t, s`,
    [token, now],
  );
  if (row === undefined || !row.is_open) return { kind: "unknown" };
  const session = toSession(row);
  if (row.used_at !== null) {
    const isFresh = now.getTime() - row.used_at.getTime() <= graceMs;
    const [next] = await tx.query<{ used_at: Date | null }>(
      "select used_at from refresh_token where token_hash = $1",
      [child],
    );
    const isRepeated = isFresh && next !== undefined && next.used_at === null;
    return { kind: isRepeated ? "repeated" : "reused", session };
  }
  await tx.query("update refresh_token set used_at = $2 where token_hash = $1", [token, now]);
  await tx.query(
    "insert into refresh_token (token_hash, session_id, issued_at) values ($1, $2, $3)",
    [child, session.sessionId, now],
  );
  await tx.query("update person_session set last_used_at = $2, idle_at = $3 where id = $1", [
    session.sessionId,
    now,
    idleAt,
  ]);
  return { kind: "rotated", session };
}

function toSession(row: SessionRow): StoredSession {
  return {
    sessionId: asId<SessionId>(row.session_id),
    personId: asId<PersonId>(row.person_id),
    provedAt: row.proved_at,
    expiresAt: row.expires_at,
    hasOutsideFactor: row.has_outside_factor,
  };
}
