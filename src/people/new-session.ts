import { randomUUID } from "node:crypto";
import { asId, type PersonId, type SessionId } from "../core/ids.ts";
import type { OpenedSession } from "../core/people.ts";
import type { NewSession } from "../core/people-store.ts";
import { hashToken, newToken } from "./tokens.ts";

const DAY_MS = 24 * 3600 * 1000;
/** However busy, a session asks for the password again after two weeks. */
const LASTS_MS = 14 * DAY_MS;
const IDLE_MS = 3 * DAY_MS;

/** A session to be stored, and what its browser is given. */
export function newSession(
  personId: PersonId,
  now: Date,
): { readonly stored: NewSession; readonly opened: OpenedSession } {
  const sessionId = asId<SessionId>(randomUUID());
  const refreshToken = newToken();
  const expiresAt = new Date(now.getTime() + LASTS_MS);
  return {
    stored: {
      sessionId,
      tokenHash: hashToken(refreshToken),
      expiresAt,
      idleAt: idleAt(now),
    },
    opened: { sessionId, personId, refreshToken, expiresAt },
  };
}

/** When a session that is used `now` ends, unless it is used again. */
export function idleAt(now: Date): Date {
  return new Date(now.getTime() + IDLE_MS);
}
