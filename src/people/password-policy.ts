import { PregoneroError } from "../core/errors.ts";

/** OWASP ASVS 5.0, 6.2.1 asks for 8 and advises 15. */
export const MIN_PASSWORD_CHARACTERS = 12;
/** At least 64 (ASVS 6.2.9); the bound keeps a body from becoming work. */
export const MAX_PASSWORD_CHARACTERS = 256;
/** A word that everybody tries is not better for the year and the exclamation mark behind it. */
const PADDING = /^[\d\W_]+|[\d\W_]+$/gu;

/**
 * Throws `password-refused` (400) when the password is too short, is one that everybody tries, or is the person's
 * own address or name. No rule says which characters it must have (NIST SP 800-63B).
 */
export async function checkPassword(
  password: string,
  person: { readonly email: string; readonly name: string },
): Promise<void> {
  const length = [...password].length;
  if (length < MIN_PASSWORD_CHARACTERS) {
    throw refused(`must have at least ${MIN_PASSWORD_CHARACTERS} characters; it has ${length}`);
  }
  if (length > MAX_PASSWORD_CHARACTERS) {
    throw refused(`must have at most ${MAX_PASSWORD_CHARACTERS} characters`);
  }
  const plain = password.normalize("NFKC").toLowerCase();
  if (isRepetition(plain)) throw refused("repeats a few characters");
  const [account = ""] = person.email.toLowerCase().split("@");
  const own = [person.email, account, person.name, "pregonero"].map((word) => word.toLowerCase());
  const root = plain.replace(PADDING, "");
  if (own.some((word) => word.length > 2 && (word === plain || word === root))) {
    throw refused("is your own name or address, which is tried first");
  }
  const common = await commonPasswords();
  if (common.has(plain) || common.has(root) || (root === "" && isSequence(plain))) {
    throw refused("is on the list of passwords that everybody tries");
  }
}

/** 49,233 passwords of public breaches, by frequency; loaded when somebody first chooses one. */
async function commonPasswords(): Promise<ReadonlySet<string>> {
  loaded ??= import("@zxcvbn-ts/language-common").then(
    ({ dictionary }) => new Set(dictionary["passwords-common"].map(String)),
  );
  return loaded;
}
let loaded: Promise<ReadonlySet<string>> | undefined;

/** At most three characters, or one stretch of up to six again and again. */
function isRepetition(text: string): boolean {
  return new Set(text).size <= 3 || /^(.{1,6})\1+.{0,5}$/u.test(text);
}

/** Digits that go up or down by one, such as 1234567890123. */
function isSequence(text: string): boolean {
  const steps = [...text].slice(1).map((digit, at) => (Number(digit) - Number(text[at]) + 10) % 10);
  return steps.every((step) => step === 1) || steps.every((step) => step === 9);
}

function refused(why: string): PregoneroError {
  return new PregoneroError("password-refused", `The password ${why}. Choose another one.`, {
    status: 400,
  });
}
