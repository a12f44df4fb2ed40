import { randomBytes } from "node:crypto";
import type { Chat, Person } from "./model.ts";

/** The account's own number. */
export const OWN_JID = "34910000000@c.us";
export const OWN_LID = "190000000000001@lid";

export function toPerson(jid: string, name?: string): Person {
  return { jid, lid: toLid(jid), name: name ?? toPhone(jid), isSaved: name !== undefined };
}

export function toChat(jid: string, options: Partial<Chat> = {}): Chat {
  const kind = jid.endsWith("@g.us") ? "group" : jid === OWN_JID ? "self" : "private";
  return {
    jid,
    lid: kind === "group" ? jid : toLid(jid),
    kind,
    name: toPhone(jid),
    isSaved: options.name !== undefined,
    participants: [],
    unread: 0,
    isMentioned: false,
    isMuted: false,
    isRestricted: false,
    isTyping: false,
    ...options,
  };
}

/** As WhatsApp writes the number of somebody who is not in the contacts: `+34 600 11 12 22`. */
export function toPhone(jid: string): string {
  const digits = jid.replace(/@.*$/, "");
  const [, country = "", area = "", rest = ""] = /^(\d{2})(\d{3})(\d*)$/.exec(digits) ?? [];
  if (country === "") return `+${digits}`;
  return `+${country} ${area} ${rest.replace(/(\d{2})(?=\d)/g, "$1 ")}`.trimEnd();
}

function toLid(jid: string): string {
  if (jid === OWN_JID) return OWN_LID;
  // Any number that is stable and is not the phone's will do.
  let hash = 7n;
  for (const digit of jid) hash = (hash * 31n + BigInt(digit.charCodeAt(0))) % 99_999_999_999_989n;
  return `1${hash.toString().padStart(14, "0")}@lid`;
}

/** Shapes as observed: iPhones write 3A and 20 digits in all, Android AC and 32, the web client 3EB0 and 22. */
export function newMessageId(origin: "iphone" | "android" | "web"): string {
  const [prefix, length] = { iphone: ["3A", 20], android: ["AC", 32], web: ["3EB0", 22] }[
    origin
  ] as [string, number];
  return (prefix + randomBytes(16).toString("hex").toUpperCase()).slice(0, length);
}
