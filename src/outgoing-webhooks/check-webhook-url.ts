import {
  type Allowed,
  literalAddress,
  parseOutwardUrl,
  refused,
} from "../guarded-fetch/outward-url.ts";
import { isPublicAddress } from "../guarded-fetch/public-address.ts";

/**
 * Throws `url-refused` (400) for an address that could never be posted to. Where a name leads is checked at every
 * call, when it counts.
 */
export function checkWebhookUrl(given: string, allowed: Allowed): void {
  const url = parseOutwardUrl(given, { allowed });
  const address = literalAddress(url);
  if (address === undefined || allowed === "everything" || isPublicAddress(address)) return;
  const isAllowed = allowed.some(
    (entry) => entry.address === address && entry.port === Number(url.port || 80),
  );
  if (!isAllowed) throw refused(url.origin, "it leads into a private network");
}
