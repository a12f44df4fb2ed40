/**
 * The form under which an address is found: NFKC, lower case, no space around. Mail servers could tell `Ana@` from
 * `ana@`; none in use does, and two people for one mailbox would be the greater harm.
 */
export function normaliseEmail(email: string): string {
  return email.normalize("NFKC").trim().toLowerCase();
}
