import type { Schema } from "../../../client/index.ts";
import { CHANNELS, type ChannelName } from "../inbox/filter.ts";

export const CONSENTS = ["granted", "refused", "unknown"] as const;
type Consent = (typeof CONSENTS)[number];

/** Which contacts the list shows; in the address, but for names and numbers, which do not belong there. */
export interface ContactsFilter {
  readonly tag?: string | undefined;
  readonly channel?: ChannelName | undefined;
  readonly consent?: Consent | undefined;
  readonly blocked?: "true" | "false" | undefined;
  readonly segment?: string | undefined;
}

/** Reads what stands in the address; what is unknown is left out. */
export function readContactsFilter(search: Readonly<Record<string, unknown>>): ContactsFilter {
  const channel = CHANNELS.find((each) => each === search.channel);
  const consent = CONSENTS.find((each) => each === search.consent);
  const tag = typeof search.tag === "string" && search.tag !== "" ? search.tag : undefined;
  const segment =
    typeof search.segment === "string" && search.segment !== "" ? search.segment : undefined;
  // The router reads `blocked=true` as a boolean.
  const blocked = (["true", "false"] as const).find((each) => each === String(search.blocked));
  return {
    ...(tag !== undefined && { tag }),
    ...(channel !== undefined && { channel }),
    ...(consent !== undefined && { consent }),
    ...(blocked !== undefined && { blocked }),
    ...(segment !== undefined && { segment }),
  };
}

/** As the list's address asks for it; `list` is a segment that is a list. */
export function toContactsQuery(filter: ContactsFilter) {
  const { tag, channel, consent, blocked, segment } = filter;
  return {
    ...(tag !== undefined && { tag }),
    ...(channel !== undefined && { channel }),
    ...(consent !== undefined && { consent }),
    ...(blocked !== undefined && { blocked }),
    ...(segment !== undefined && { list: segment }),
  };
}

/** As a search by words takes it; undefined: nothing is filtered. */
export function toConditions(
  filter: ContactsFilter,
  segment: Schema<"Segment"> | undefined,
): Record<string, unknown> | undefined {
  const { tag, channel, consent, blocked } = filter;
  const of: Record<string, unknown>[] = [];
  if (tag !== undefined) of.push({ kind: "tag", tag });
  if (channel !== undefined) of.push({ kind: "channel", channel });
  if (consent !== undefined) of.push({ kind: "consent", consent });
  if (blocked !== undefined) of.push({ kind: "blocked", is: blocked === "true" });
  if (segment?.kind === "list") of.push({ kind: "in-list", segmentId: segment.id });
  else if (segment?.filter) of.push(segment.filter);
  return of.length === 0 ? undefined : { kind: "all", of };
}
