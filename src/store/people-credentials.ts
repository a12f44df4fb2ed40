import type { Cipher } from "../core/cipher.ts";
import { asId, type PersonId } from "../core/ids.ts";
import type { PeopleStore } from "../core/people-store.ts";
import type { Database } from "./database.ts";
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

type CredentialPart = Pick<
  PeopleStore,
  | "takeTotpStep"
  | "takeRecoveryCode"
  | "savePendingTotp"
  | "confirmTotp"
  | "rehash"
  | "changePassword"
  | "saveReset"
  | "findReset"
  | "redeemReset"
>;

export function createPeopleCredentials(database: Database, cipher: Cipher): CredentialPart {
  return {
    ...createTotp(database, cipher),
    async rehash(personId, from, to) {
      await database.asRegistrar((tx) =>
        tx.query("update person set password_hash = $3 where id = $1 and password_hash = $2", [
          personId,
          from,
          to,
        ]),
      );
    },
    changePassword: (personId, passwordHash, session, now, origin) =>
      database.asRegistrar(async (tx) => {
        await tx.query(
          `update person set password_hash = $2, credential_version = credential_version + 1
           where id = $1`,
          [personId, passwordHash],
        );
        await endSessionsOf(tx, personId, undefined, "password-changed", now);
        await writeAudit(tx, {
          actor: actorOf(personId),
          action: "password-changed",
          subject: personId,
          origin,
        });
        await insertSession(tx, cipher, personId, session, now, origin);
      }),
    saveReset: (personId, { tokenHash, expiresAt, dropsTotp }, actor) =>
      database.asRegistrar(async (tx) => {
        const [person] = await tx.query("select 1 from person where id::text = $1 for update", [
          personId,
        ]);
        if (person === undefined) return false;
        // One link at a time: an earlier one, wherever it lies, is void.
        await tx.query("delete from password_reset where person_id = $1", [personId]);
        await tx.query(
          `insert into password_reset (token_hash, person_id, drops_totp, expires_at)
           values ($1, $2, $3, $4)`,
          [tokenHash, personId, dropsTotp, expiresAt],
        );
        const action = "password-reset-begun";
        await writeAudit(tx, { actor, action, subject: personId, detail: { dropsTotp } });
        return true;
      }),
    async findReset(tokenHash, now) {
      const [row] = await database.asRegistrar((tx) =>
        tx.query<PersonRow>(
          `select ${PERSON_COLUMNS} from password_reset r join person p on p.id = r.person_id
           where r.token_hash = $1 and r.used_at is null and r.expires_at > $2`,
          [tokenHash, now],
        ),
      );
      return row && toPerson(cipher, row);
    },
    redeemReset: (tokenHash, passwordHash, now, origin) =>
      database.asRegistrar(async (tx) => {
        const [reset] = await tx.query<{ person_id: string; drops_totp: boolean }>(
          `update password_reset set used_at = $2
           where token_hash = $1 and used_at is null and expires_at > $2
           returning person_id, drops_totp`,
          [tokenHash, now],
        );
        if (reset === undefined) return false;
        const personId = asId<PersonId>(reset.person_id);
        await tx.query(
          `update person set password_hash = $2, credential_version = credential_version + 1,
             totp = case when $3 then null else totp end,
             totp_pending = null
           where id = $1`,
          [personId, passwordHash, reset.drops_totp],
        );
        if (reset.drops_totp)
          await tx.query("delete from recovery_code where person_id = $1", [personId]);
        await endSessionsOf(tx, personId, undefined, "password-reset", now);
        await writeAudit(tx, {
          actor: actorOf(personId),
          action: "password-reset",
          subject: personId,
          detail: { dropsTotp: reset.drops_totp },
          origin,
        });
        return true;
      }),
  };
}

function createTotp(
  database: Database,
  cipher: Cipher,
): Pick<CredentialPart, "takeTotpStep" | "takeRecoveryCode" | "savePendingTotp" | "confirmTotp"> {
  return {
    takeTotpStep: (personId, step) =>
      database.asRegistrar(async (tx) => {
        const taken = await tx.query(
          "update person set totp_step = $2 where id = $1 and totp_step < $2 returning id",
          [personId, step],
        );
        return taken.length > 0;
      }),
    takeRecoveryCode: (personId, codeHash, origin) =>
      database.asRegistrar(async (tx) => {
        const taken = await tx.query(
          "delete from recovery_code where person_id = $1 and code_hash = $2 returning 1 as one",
          [personId, codeHash],
        );
        if (taken.length === 0) return false;
        await writeAudit(tx, {
          actor: actorOf(personId),
          action: "recovery-code-used",
          subject: personId,
          origin,
        });
        return true;
      }),
    async savePendingTotp(personId, secret) {
      const envelope = cipher.encrypt(placeOf("person", "totp_pending", personId), secret);
      await database.asRegistrar((tx) =>
        tx.query("update person set totp_pending = $2 where id = $1", [personId, envelope]),
      );
    },
    confirmTotp: (personId, { secret, step, recoveryCodeHashes, except }, now, origin) =>
      database.asRegistrar(async (tx) => {
        const [row] = await tx.query<{ totp_pending: Buffer | null }>(
          "select totp_pending from person where id = $1 for update",
          [personId],
        );
        const envelope = row?.totp_pending ?? null;
        const place = placeOf("person", "totp_pending", personId);
        if (envelope === null || cipher.decrypt(place, envelope) !== secret) return false;
        await tx.query(
          `update person set totp = $2, totp_pending = null, totp_step = $3,
             credential_version = credential_version + 1
           where id = $1`,
          [personId, cipher.encrypt(placeOf("person", "totp", personId), secret), step],
        );
        await tx.query("delete from recovery_code where person_id = $1", [personId]);
        await tx.query(
          "insert into recovery_code (person_id, code_hash) select $1, unnest($2::bytea[])",
          [personId, recoveryCodeHashes],
        );
        await endSessionsOf(tx, personId, except, "totp-changed", now);
        await writeAudit(tx, {
          actor: actorOf(personId),
          action: "totp-confirmed",
          subject: personId,
          origin,
        });
        return true;
      }),
  };
}
