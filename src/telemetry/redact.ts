/**
 * What may not stand in a log is replaced here, whatever the caller thought: fields by their name, and
 * tokens, passwords, telephone numbers and addresses by their form, wherever they stand.
 */
const CONTENT_FIELDS =
  /^(text|caption|question|answer|quote|body|raw_?body|content|part|message|prompt|reply|display_?name|first_?name|last_?name|user_?name|phone(_?number)?|e?mail|chat_?key|sender_?key|alias|secrets?|token|password|authorization|cookie|api_?key|key|memory|turns)$/i;

const FORMS: readonly (readonly [RegExp, string])[] = [
  // A Telegram bot token: id, colon, 35 characters (Bot API, "Authorizing your bot"); also in a URL as /bot<token>/.
  [/\b(bot)?\d{5,}:[A-Za-z0-9_-]{20,}/g, "$1[token]"],
  [/\/bot\d+:[^/\s]+/g, "/bot[token]"],
  [/\b(sk|xai|prg|gsk|AIza|ghp)[-_][A-Za-z0-9_-]{8,}/g, "[key]"],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9+/=._~-]+/gi, "$1 [credentials]"],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, "$1[credentials]@"],
  [/([?&](?:key|token|secret|api_?key|password|sig|signature)=)[^&\s#]+/gi, "$1[secret]"],
  // WhatsApp's addresses are telephone numbers.
  [/\b\d{7,15}(?::\d+)?@(s\.whatsapp\.net|c\.us|lid|g\.us)\b/g, "[contact]@$1"],
  [/[\w.+-]+@[\w-]+\.[\w.-]*\w/g, "[email]"],
  // E.164: + and at most 15 digits, however grouped.
  [/\+\d(?:[\s().-]?\d){6,14}\b/g, "[phone]"],
];

const MAX_DEPTH = 4;
const MAX_ITEMS = 50;
/** A log line is evidence, not an archive. */
const MAX_TEXT = 2_000;

/** A copy that may be logged: bounded in depth and length. Never throws. */
export function redactFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactObject(fields, 0);
}

export function redactText(text: string): string {
  const redacted = FORMS.reduce((rest, [form, label]) => rest.replace(form, label), text);
  return redacted.length > MAX_TEXT ? `${redacted.slice(0, MAX_TEXT)}…` : redacted;
}

function redactObject(fields: object, depth: number): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields).slice(0, MAX_ITEMS)) {
    if (value === undefined) continue;
    shown[name] =
      CONTENT_FIELDS.test(name) && isContent(value) ? "[redacted]" : redact(value, depth);
  }
  return shown;
}

/** Figures and flags named like content (`parts: 3`) tell nothing about people. */
function isContent(value: unknown): boolean {
  return typeof value !== "number" && typeof value !== "boolean" && value !== null;
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "function" || typeof value === "symbol") return `[${typeof value}]`;
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= MAX_DEPTH) return "[deeper]";
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => redact(item, depth + 1));
  return redactObject(value, depth + 1);
}

/** Name, code, message, stack and causes. Other properties of an error hold requests and rows: left out. */
function redactError(error: Error, depth: number): Record<string, unknown> {
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    reason: redactText(error.message),
    stack: redactText(error.stack ?? "")
      .split("\n")
      .slice(1, 12)
      .join("\n"),
    ...(error.cause === undefined || depth >= MAX_DEPTH
      ? {}
      : { cause: redact(error.cause, depth + 1) }),
  };
}
