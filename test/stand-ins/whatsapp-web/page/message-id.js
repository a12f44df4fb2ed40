/** The `data-id` of a row, as the settings have it. */
export function dataId(message, chat, settings) {
  if (settings.ids === "bare" && settings.era === "D") return message.id;
  const jid = settings.usesLids ? chat.lid : chat.jid;
  const participant = settings.usesLids ? message.author?.lid : message.author?.jid;
  const tail = chat.kind === "group" && !message.isOwn && participant ? `_${participant}` : "";
  return `${message.isOwn}_${jid}_${message.id}${tail}`;
}

/** The same share of messages for every reader and every drawing: 0 to 1. */
export function lot(id, salt) {
  let hash = salt;
  for (let at = 0; at < id.length; at += 1) hash = (Math.imul(hash, 31) + id.charCodeAt(at)) >>> 0;
  return ((Math.imul(hash, 2_654_435_761) >>> 0) % 1_000) / 1_000;
}

/** As WhatsApp Web's: 3EB0 and 22 hexadecimal digits in all. */
export function newOwnId() {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return `3EB0${[...bytes]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .toUpperCase()}`;
}
