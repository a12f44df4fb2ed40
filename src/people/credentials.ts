import { PregoneroError } from "../core/errors.ts";
import type { Credentials } from "../core/people.ts";
import type { PeoplePorts } from "./create-people.ts";
import { newSession } from "./new-session.ts";
import { checkPassword } from "./password-policy.ts";
import { hashRecoveryCode } from "./sign-ins.ts";
import { hashToken, newRecoveryCodes, newToken } from "./tokens.ts";
import { newTotpSecret, totpStep, totpUrl } from "./totp.ts";

/** OWASP Forgot Password Cheat Sheet; security checklist S28. */
const RESET_MS = 30 * 60 * 1000;

export function createCredentials({ store, hasher, clock, hash }: PeoplePorts): Credentials {
  return {
    async changePassword({ personId }, currentPassword, password, origin) {
      const person = await store.findPerson(personId);
      if (!(await hasher.verify(person?.passwordHash, currentPassword)) || person === undefined) {
        await store.note({
          actor: "anonymous",
          action: "password-change-refused",
          subject: personId,
          origin,
        });
        return undefined;
      }
      await checkPassword(password, person);
      const now = clock.now();
      const { stored, opened } = newSession(personId, now);
      await store.changePassword(personId, await hasher.hash(password), stored, now, origin);
      return opened;
    },

    async beginTotp({ personId, email }) {
      const secret = newTotpSecret();
      await store.savePendingTotp(personId, secret);
      return { secret, url: totpUrl(secret, email) };
    },

    async confirmTotp({ personId, sessionId }, code, origin) {
      const secret = (await store.findPerson(personId))?.pendingTotpSecret;
      const now = clock.now();
      const step = secret === undefined ? undefined : totpStep(secret, code, now);
      if (secret === undefined || step === undefined) return undefined;
      const codes = newRecoveryCodes();
      const isConfirmed = await store.confirmTotp(
        personId,
        {
          secret,
          step,
          recoveryCodeHashes: codes.map((each) => hashRecoveryCode(hash, personId, each)),
          except: sessionId,
        },
        now,
        origin,
      );
      return isConfirmed ? codes : undefined;
    },

    async beginReset(personId, { dropsTotp, actor }) {
      const token = newToken();
      const expiresAt = new Date(clock.now().getTime() + RESET_MS);
      const reset = { tokenHash: hashToken(token), expiresAt, dropsTotp };
      if (!(await store.saveReset(personId, reset, actor))) {
        throw new PregoneroError("person-unknown", "There is nobody with this id.", {
          status: 404,
        });
      }
      return { token, expiresAt };
    },

    async redeemReset(token, password, origin) {
      const tokenHash = hashToken(token);
      const person = await store.findReset(tokenHash, clock.now());
      if (person === undefined) return false;
      await checkPassword(password, person);
      return store.redeemReset(tokenHash, await hasher.hash(password), clock.now(), origin);
    },
  };
}
