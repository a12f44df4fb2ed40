/** What a row's `data-id` tells. `canonicalId` is the same in every form in which the page writes one message's id. */
export interface MessageId {
  readonly canonicalId: string;
  readonly chatJid?: string;
  /** Jid of the member who wrote, in groups. */
  readonly participant?: string;
  /** What the prefix `true_`/`false_` says; undefined: there is none. */
  readonly direction?: "in" | "out";
}

const JID = "[^_\\s@]{1,80}@(?:c\\.us|g\\.us|lid|s\\.whatsapp\\.net|broadcast|newsletter)";
const PREFIXED = new RegExp(`^(true|false)_(${JID})_(.+)$`, "su");
/** `_out`/`_in` mark the two sides of a message in a chat with oneself. */
const SUFFIX = new RegExp(`_(?:(${JID})|out|in)$`, "su");

/**
 * Reads `false_50688887777@c.us_3A12…`, `true_1203…@g.us_3EB0…_50688887777@c.us` and bare ids alike. An id of a form
 * that is not known stands for itself.
 */
export function readMessageId(rawId: string): MessageId {
  const raw = rawId.trim();
  const prefixed = PREFIXED.exec(raw);
  const [, own, chatJid, rest = raw] = prefixed ?? [];
  const suffix = prefixed === null ? null : SUFFIX.exec(rest);
  const id = suffix === null ? rest : rest.slice(0, suffix.index);
  const participant = suffix?.[1];
  return {
    canonicalId: id === "" ? rest : id,
    ...(chatJid === undefined ? {} : { chatJid: normaliseJid(chatJid) }),
    ...(participant === undefined ? {} : { participant: normaliseJid(participant) }),
    ...(own === undefined
      ? {}
      : { direction: own === "true" ? ("out" as const) : ("in" as const) }),
  };
}

/** One form of a jid: without the device, and `c.us` for what newer pages write as `s.whatsapp.net`. */
export function normaliseJid(jid: string): string {
  return jid.replace(/:\d+@/, "@").replace(/@s\.whatsapp\.net$/, "@c.us");
}

/** Digits of a phone's jid; undefined for groups and for lids, whose digits are no phone number. */
export function phoneOfJid(jid: string | undefined): string | undefined {
  return jid === undefined ? undefined : /^(\d{5,20})@(?:c\.us|s\.whatsapp\.net)$/.exec(jid)?.[1];
}

export function kindOfJid(jid: string | undefined): "private" | "group" | "unknown" {
  if (jid === undefined) return "unknown";
  if (jid.endsWith("@g.us")) return "group";
  return /@(c\.us|lid|s\.whatsapp\.net)$/.test(jid) ? "private" : "unknown";
}
