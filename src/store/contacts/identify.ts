import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import type { ChannelName } from "../../core/channel.ts";
import type { Cipher } from "../../core/cipher.ts";
import type { AliasKind, Identifier } from "../../core/contacts.ts";
import type { TenantId } from "../../core/ids.ts";

/** A name of a person in one network, and by what it is found. */
export interface Alias {
  readonly channel: ChannelName;
  /** As the network has it: `sender.key` of their messages. */
  readonly key: string;
  readonly kind: AliasKind;
  /** In its normal form, the same whichever channel has it; undefined: not comparable. */
  readonly lookup: string | undefined;
  /** A phone number without its country, as people write it at home. */
  readonly national: string | undefined;
}

/** What a network's id of a person is. */
export function identify(channel: ChannelName, key: string): Alias {
  switch (channel) {
    case "telegram":
      return { channel, key, kind: "telegram", lookup: `telegram ${key}`, national: undefined };
    case "web-chat":
      return { channel, key, kind: "visitor", lookup: `visitor ${key}`, national: undefined };
    case "whatsapp-cloud":
      return /^\d{6,15}$/.test(key) ? phoneAlias(channel, key, key, "phone") : named(channel, key);
    case "whatsapp-web": {
      const jid = /^(\d{6,20})@(c\.us|lid)$/.exec(key);
      if (jid?.[1] === undefined) return named(channel, key);
      if (jid[2] === "c.us") return phoneAlias(channel, key, jid[1], "jid");
      return { channel, key, kind: "lid", lookup: `lid ${jid[1]}`, national: undefined };
    }
    default:
      return channel satisfies never;
  }
}

/** A name that only its network understands, such as the id of a person who hides the phone number. */
function named(channel: ChannelName, key: string): Alias {
  return { channel, key, kind: "network", lookup: `${channel} ${key}`, national: undefined };
}

function phoneAlias(channel: ChannelName, key: string, digits: string, kind: AliasKind): Alias {
  const parsed = parsePhoneNumberFromString(`+${digits}`);
  return {
    channel,
    key,
    kind,
    lookup: `phone ${parsed?.number.slice(1) ?? digits}`,
    national: parsed && `national ${parsed.nationalNumber}`,
  };
}

/** Under which names a person known by this identifier will write; none: it is not well-formed. */
export function aliasesOf(identifier: Identifier): readonly Alias[] {
  if (identifier.kind === "telegram") {
    return /^\d{1,20}$/.test(identifier.value) ? [identify("telegram", identifier.value)] : [];
  }
  const digits = phoneDigits(identifier.value);
  if (digits === undefined) return [];
  return [identify("whatsapp-cloud", digits), identify("whatsapp-web", `${digits}@c.us`)];
}

/** E.164 without the plus sign, of any written form that names the country; undefined: it is no phone number. */
export function phoneDigits(written: string): string | undefined {
  const trimmed = written.normalize("NFKC").trim();
  const international = trimmed.replace(/^00/, "+");
  const parsed = parsePhoneNumberFromString(
    international.startsWith("+") ? international : `+${international}`,
  );
  return parsed?.isPossible() ? parsed.number.slice(1) : undefined;
}

/** Digits of the phone behind an alias; undefined: it names none. */
export function phoneOf({ kind, value }: { kind: AliasKind; value: string }): string | undefined {
  if (kind === "phone") return value;
  return kind === "jid" ? value.replace("@c.us", "") : undefined;
}

export function hashAlias(cipher: Cipher, tenantId: TenantId, channel: string, key: string) {
  return cipher.hash("alias", `${tenantId} ${channel} ${key}`);
}

/** Of `Alias.lookup` and `Alias.national`. */
export function hashLookup(cipher: Cipher, tenantId: TenantId, lookup: string): Buffer {
  return cipher.hash("contact-lookup", `${tenantId} ${lookup}`);
}

/** An alias as its row has it; `value` is sealed under the hash. */
export function sealAlias(cipher: Cipher, tenantId: TenantId, alias: Alias) {
  const hash = hashAlias(cipher, tenantId, alias.channel, alias.key);
  const rowId = hash.toString("hex");
  const toHash = (text: string | undefined) =>
    text === undefined ? null : hashLookup(cipher, tenantId, text);
  return {
    hash,
    channel: alias.channel,
    kind: alias.kind,
    value: cipher.encrypt({ tenantId, table: "contact_alias", column: "value", rowId }, alias.key),
    lookupHash: toHash(alias.lookup),
    nationalHash: toHash(alias.national),
  };
}

/**
 * Hashes of everything that a searched text may be an identifier of: a phone number with or without its country, a
 * Telegram id, a JID, a LID, a visitor. Empty: it is none.
 */
export function lookupsOf(cipher: Cipher, tenantId: TenantId, text: string): readonly Buffer[] {
  const trimmed = text.normalize("NFKC").trim();
  const compact = trimmed.replace(/[\s().\-/]/g, "").replace(/^(\+|00)/, "");
  const jid = /^(\d{6,20})@(c\.us|s\.whatsapp\.net|lid)$/.exec(trimmed.replace(/^\+/, ""));
  const wanted = new Set<string>();
  if (jid?.[1] !== undefined) wanted.add(`${jid[2] === "lid" ? "lid" : "phone"} ${jid[1]}`);
  if (/^\d{4,20}$/.test(compact)) {
    const phone = phoneDigits(trimmed);
    if (phone !== undefined) wanted.add(`phone ${phone}`);
    wanted.add(`phone ${compact}`).add(`national ${compact.replace(/^0/, "")}`);
    wanted.add(`telegram ${compact}`).add(`lid ${compact}`);
  }
  if (/^[\w.-]{12,80}$/.test(trimmed) && /\d/.test(trimmed)) {
    wanted.add(`visitor ${trimmed}`).add(`whatsapp-cloud ${trimmed}`);
  }
  return [...wanted].map((lookup) => hashLookup(cipher, tenantId, lookup));
}
