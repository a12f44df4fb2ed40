import { createHash, randomBytes } from "node:crypto";

/** 256 random bits in base64url: of links and refresh tokens. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What is stored of a token. It is random, so a fast hash without salt tells nothing of it. */
export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** Without 0, 1, I, L, O and U: read aloud and typed from paper. 30 letters are 4.9 bits each. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const RECOVERY_CODES = 10;
const RECOVERY_LETTERS = 16;
const GROUP = 4;

/** Ten codes of 78 random bits, as `ABCD-EFGH-JKMN-PQRS`. */
export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const letters = randomLetters(RECOVERY_LETTERS);
    return letters.replace(new RegExp(`.{${GROUP}}(?=.)`, "g"), "$&-");
  });
}

/** As it is hashed: capitals, without what people put between groups. */
export function normaliseRecoveryCode(code: string): string {
  return code.toUpperCase().replace(/[\s-]/g, "");
}

function randomLetters(count: number): string {
  let letters = "";
  while (letters.length < count) {
    for (const byte of randomBytes(count)) {
      // 240 is a multiple of 30: larger bytes would favour the first letters.
      if (byte < 240 && letters.length < count) letters += ALPHABET[byte % ALPHABET.length];
    }
  }
  return letters;
}
