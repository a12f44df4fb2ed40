/** Where a message goes at WhatsApp: a person by phone number or by the id that this business knows them by, or a group. */
export type ChatAddress =
  | { readonly kind: "phone"; readonly to: string }
  | { readonly kind: "user"; readonly recipient: string }
  | { readonly kind: "group"; readonly to: string };

/** Country code and number, digits only (E.164: at most 15). */
const PHONE = /^[1-9]\d{5,14}$/;
/** Business-scoped user id: country, a full stop, up to 128 letters and digits; `ENT` for a shared one. */
const USER_ID = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/;
const GROUP = /^group:([\w-]{1,128}(?:={0,2}))$/;

export function isUserId(value: string): boolean {
  return USER_ID.test(value);
}

export function isPhone(value: string): boolean {
  return PHONE.test(value);
}

export function toGroupKey(groupId: string): string {
  return `group:${groupId}`;
}

export function parseChatKey(chatKey: string): ChatAddress | undefined {
  if (isPhone(chatKey)) return { kind: "phone", to: chatKey };
  if (isUserId(chatKey)) return { kind: "user", recipient: chatKey };
  const groupId = GROUP.exec(chatKey)?.[1];
  return groupId === undefined ? undefined : { kind: "group", to: groupId };
}
