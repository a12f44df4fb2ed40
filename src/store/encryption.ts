import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from "node:crypto";
import type { Cipher, CipherPlace } from "../core/cipher.ts";
import { PregoneroError } from "../core/errors.ts";
import { randomFromPool } from "./random-pool.ts";

/** Envelope: version (1 byte) | key id (4) | nonce (12) | tag (16) | ciphertext. */
const VERSION = 1;
const KEY_ID_BYTES = 4;
/** NIST SP 800-38D: 96-bit nonces, 128-bit tags. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES;

/** The first encrypts; the others still decrypt what was written under them. 32 bytes each. */
export type SecretKeys = readonly [Buffer, ...Buffer[]];

/** Which keys there are, by their ids as envelopes name them. */
export interface Keyring {
  readonly currentId: Buffer;
  /** In hexadecimal digits, the current one first. */
  readonly ids: readonly string[];
}

interface Key {
  readonly id: Buffer;
  readonly encryption: Buffer;
}

/**
 * AES-256-GCM with random nonces. Keys of use are derived by HKDF-SHA-256 (RFC 5869), so that the secret itself is
 * never used twice. Look-ups hash under `hashKey` (32 bytes); it is derived of the first secret when not given.
 */
export function createCipher(
  secretKeys: SecretKeys,
  hashKey: Buffer = deriveHashKey(secretKeys[0]),
): Cipher {
  const keys = secretKeys.map(deriveKey);
  const current = keys[0] as Key;
  const byId = new Map(keys.map((key) => [key.id.toString("hex"), key]));

  return {
    encrypt(place, plaintext) {
      const nonce = randomFromPool(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", current.encryption, nonce);
      cipher.setAAD(associatedData(place));
      const body = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), current.id, nonce, cipher.getAuthTag(), body]);
    },
    decrypt(place, envelope) {
      const keyId = envelope.subarray(1, 1 + KEY_ID_BYTES).toString("hex");
      const key = byId.get(keyId);
      if (envelope.length < HEADER_BYTES || envelope[0] !== VERSION || key === undefined) {
        throw failed(
          place,
          `it was written under key ${keyId}, which is neither SECRET_KEY nor one of SECRET_KEYS_OLD`,
        );
      }
      const nonceEnd = 1 + KEY_ID_BYTES + NONCE_BYTES;
      const decipher = createDecipheriv(
        "aes-256-gcm",
        key.encryption,
        envelope.subarray(1 + KEY_ID_BYTES, nonceEnd),
        { authTagLength: TAG_BYTES },
      );
      decipher.setAAD(associatedData(place));
      decipher.setAuthTag(envelope.subarray(nonceEnd, HEADER_BYTES));
      try {
        return (
          decipher.update(envelope.subarray(HEADER_BYTES), undefined, "utf8") +
          decipher.final("utf8")
        );
      } catch (cause) {
        throw failed(place, "its bytes were changed or belong to another row", cause);
      }
    },
    hash: (purpose, value) => createHmac("sha256", hashKey).update(`${purpose}\0${value}`).digest(),
  };
}

export function deriveHashKey(secret: Buffer): Buffer {
  return derive(secret, "pregonero look-up hash");
}

export function keyringOf(secretKeys: SecretKeys): Keyring {
  const keys = secretKeys.map(deriveKey);
  return {
    currentId: (keys[0] as Key).id,
    ids: keys.map(({ id }) => id.toString("hex")),
  };
}

function deriveKey(secret: Buffer): Key {
  return {
    id: createHash("sha256")
      .update(derive(secret, "pregonero key id"))
      .digest()
      .subarray(0, KEY_ID_BYTES),
    encryption: derive(secret, "pregonero encryption at rest"),
  };
}

function derive(secret: Buffer, info: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, Buffer.alloc(0), info, 32));
}

function associatedData(place: CipherPlace): Buffer {
  return Buffer.from(`${place.tenantId}|${place.table}|${place.column}|${place.rowId}`);
}

function failed(place: CipherPlace, why: string, cause?: unknown): PregoneroError {
  return new PregoneroError(
    "decryption-failed",
    `${place.table}.${place.column} of row ${place.rowId} does not decrypt: ${why}.`,
    { cause },
  );
}
