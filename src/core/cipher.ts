import type { TenantId } from "./ids.ts";

/** Where an encrypted value stands. Bound to it: a value moved to another row does not decrypt. */
export interface CipherPlace {
  readonly tenantId: TenantId;
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
}

/** Encryption at rest and keyed look-ups. Formats: docs/security/encryption.md. */
export interface Cipher {
  encrypt(place: CipherPlace, plaintext: string): Buffer;
  /** Throws `decryption-failed` for another place, another key or a changed byte. */
  decrypt(place: CipherPlace, envelope: Buffer): string;
  /** HMAC-SHA-256, 32 bytes: finds a row by a value that is stored encrypted. `purpose` separates uses. */
  hash(purpose: string, value: string): Buffer;
}
