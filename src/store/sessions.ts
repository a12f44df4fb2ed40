import { randomUUID } from "node:crypto";
import type { Cipher, CipherPlace } from "../core/cipher.ts";
import type { BotId, TenantId } from "../core/ids.ts";
import type { LinkCode, SessionReport, SessionRequest, SessionStore } from "../core/session.ts";
import type { Database, Transaction } from "./database.ts";
import { appendEvents } from "./events/append-events.ts";

/** Nobody waits longer for a session to hear of it. */
const REQUEST_LASTS = "interval '1 minute'";
const ANSWER_LASTS = "interval '10 minutes'";
/** States in which a session can be given something to send. */
const SENDING: readonly SessionReport["state"][] = ["ready", "degraded"];

/**
 * Keeps `SessionStore` in `bot_session` and `session_request`. A report also tells the claims whether the
 * account can send (`bot.may_send`), in the same transaction.
 */
export function createSessionStore(database: Database, cipher: Cipher): SessionStore {
  return {
    async report(tenantId, botId, report) {
      await database.asTenant(tenantId, (tx) => writeReport(tx, tenantId, botId, report));
    },
    async readReport(tenantId, botId) {
      const [row] = await database.asTenant(tenantId, (tx) =>
        tx.query<{ report: SessionReport | null }>(
          "select report from bot_session where bot_id = $1",
          [botId],
        ),
      );
      return row?.report ?? undefined;
    },
    async showCode(tenantId, botId, code) {
      const envelope = code && cipher.encrypt(codePlace(tenantId, botId), JSON.stringify(code));
      await database.asTenant(tenantId, (tx) =>
        tx.query(
          `insert into bot_session (tenant_id, bot_id, code, code_expires_at) values ($1, $2, $3, $4)
           on conflict (bot_id, tenant_id) do update
           set code = excluded.code, code_expires_at = excluded.code_expires_at`,
          [tenantId, botId, envelope ?? null, code?.expiresAt ?? null],
        ),
      );
    },
    async readCode(tenantId, botId) {
      const [row] = await database.asTenant(tenantId, (tx) =>
        tx.query<{ code: Buffer }>(
          `select code from bot_session
           where bot_id = $1 and code is not null and code_expires_at > now()`,
          [botId],
        ),
      );
      if (row === undefined) return undefined;
      return JSON.parse(cipher.decrypt(codePlace(tenantId, botId), row.code)) as LinkCode;
    },
    ...createRequests(database, cipher),
  };
}

async function writeReport(
  tx: Transaction,
  tenantId: TenantId,
  botId: BotId,
  report: SessionReport,
): Promise<void> {
  // What it was is read as it stood before the statement.
  const [known] = await tx.query<{ before: string | null }>(
    {
      name: "session-report",
      text: `insert into bot_session (tenant_id, bot_id, report) values ($1, $2, $3)
             on conflict (bot_id, tenant_id) do update set report = excluded.report
             returning (select b.report ->> 'state' from bot_session b where b.bot_id = $2) as before`,
    },
    [tenantId, botId, JSON.stringify(report)],
  );
  const { state } = report;
  if (known?.before !== state) {
    await appendEvents(tx, tenantId, [{ kind: "session-changed", detail: { botId, state } }]);
  }
  await tx.query(
    {
      name: "session-may-send",
      text: "update bot set may_send = $2 where id = $1 and may_send <> $2",
    },
    [botId, SENDING.includes(report.state)],
  );
}

function createRequests(
  database: Database,
  cipher: Cipher,
): Pick<SessionStore, "ask" | "takeRequests" | "answer" | "readAnswer"> {
  return {
    async ask(tenantId, botId, request) {
      const id = randomUUID();
      const place = requestPlace(tenantId, "request", id);
      await database.asTenant(tenantId, async (tx) => {
        await tx.query(
          `delete from session_request
           where bot_id = $1 and coalesce(answered_at, asked_at) < now() - ${ANSWER_LASTS}`,
          [botId],
        );
        await tx.query(
          "insert into session_request (tenant_id, id, bot_id, request) values ($1, $2, $3, $4)",
          [tenantId, id, botId, cipher.encrypt(place, JSON.stringify(request))],
        );
      });
      return id;
    },
    async takeRequests(tenantId, botId) {
      const rows = await database.asTenant(tenantId, (tx) =>
        tx.query<{ id: string; request: Buffer }>(
          {
            name: "session-take-requests",
            text: `with taken as (
                     update session_request set taken_at = now()
                     where bot_id = $1 and taken_at is null and asked_at > now() - ${REQUEST_LASTS}
                     returning id, position, request
                   )
                   select id, request from taken order by position`,
          },
          [botId],
        ),
      );
      return rows.map(({ id, request }) => ({
        requestId: id,
        request: JSON.parse(
          cipher.decrypt(requestPlace(tenantId, "request", id), request),
        ) as SessionRequest,
      }));
    },
    async answer(tenantId, botId, { requestId, outcome, isDone, png }) {
      const place = requestPlace(tenantId, "png", requestId);
      const picture = png && cipher.encrypt(place, Buffer.from(png).toString("base64"));
      await database.asTenant(tenantId, (tx) =>
        tx.query(
          `update session_request set outcome = $3, is_done = $4, png = $5, answered_at = now()
           where id = $1 and bot_id = $2`,
          [requestId, botId, outcome, isDone, picture ?? null],
        ),
      );
    },
    async readAnswer(tenantId, botId, requestId) {
      const [row] = await database.asTenant(tenantId, (tx) =>
        tx.query<{ outcome: string; is_done: boolean; png: Buffer | null }>(
          `select outcome, is_done, png from session_request
           where id::text = $1 and bot_id = $2 and answered_at > now() - ${ANSWER_LASTS}`,
          [requestId, botId],
        ),
      );
      if (row === undefined) return undefined;
      const picture = row.png && cipher.decrypt(requestPlace(tenantId, "png", requestId), row.png);
      return {
        requestId,
        outcome: row.outcome,
        isDone: row.is_done,
        ...(picture !== null && { png: new Uint8Array(Buffer.from(picture, "base64")) }),
      };
    },
  };
}

function codePlace(tenantId: TenantId, botId: BotId): CipherPlace {
  return { tenantId, table: "bot_session", column: "code", rowId: botId };
}

function requestPlace(tenantId: TenantId, column: "request" | "png", id: string): CipherPlace {
  return { tenantId, table: "session_request", column, rowId: id };
}
