import type { Cipher, CipherPlace } from "../../core/cipher.ts";
import { isPregoneroError, PregoneroError } from "../../core/errors.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { Database } from "../database.ts";
import {
  createCipher,
  deriveHashKey,
  type Keyring,
  keyringOf,
  type SecretKeys,
} from "../encryption.ts";

/** Where the key of look-ups stands. */
const PLACE: CipherPlace = {
  tenantId: asId<TenantId>("installation"),
  table: "look_up_key",
  column: "envelope",
  rowId: "look-up",
};

/**
 * The cipher of this installation. Look-ups hash under a key of their own, which the database keeps sealed: it is made
 * of the oldest secret the first time, and stays when secrets change. Throws `secret-key-wrong` when no secret opens
 * it: nothing here would be readable, and what would be written could not be found again.
 */
export async function openCipher(
  database: Database,
  secretKeys: SecretKeys,
  now: Date,
): Promise<{ readonly cipher: Cipher; readonly keyring: Keyring }> {
  const keyring = keyringOf(secretKeys);
  const sealing = createCipher(secretKeys);
  const oldest = secretKeys.at(-1) ?? secretKeys[0];
  const first = sealing.encrypt(PLACE, deriveHashKey(oldest).toString("hex"));
  const envelope = await database.asRegistrar(async (tx) => {
    await tx.query(
      "insert into look_up_key (envelope, made_at) values ($1, $2) on conflict do nothing",
      [first, now],
    );
    const [row] = await tx.query<{ envelope: Buffer }>("select envelope from look_up_key");
    return row?.envelope ?? first;
  });
  try {
    const hashKey = Buffer.from(sealing.decrypt(PLACE, envelope), "hex");
    return { cipher: createCipher(secretKeys, hashKey), keyring };
  } catch (error) {
    if (!isPregoneroError(error, "decryption-failed")) throw error;
    const written = envelope.subarray(1, 5).toString("hex");
    throw new PregoneroError(
      "secret-key-wrong",
      `This database was written under the key ${written}; SECRET_KEY is ${keyring.currentId.toString("hex")}${
        keyring.ids.length > 1 ? `, SECRET_KEYS_OLD ${keyring.ids.slice(1).join(", ")}` : ""
      }. Give the right one as SECRET_KEY, or add it to SECRET_KEYS_OLD.`,
      { cause: error },
    );
  }
}
