import type { BotAccount, SendOptions, SendOutcome } from "../../src/core/channel.ts";
import type { Clock } from "../../src/core/clock.ts";
import { parseChatKey } from "./chat-address.ts";
import type { GraphClient } from "./graph-client.ts";
import { toSendOutcome } from "./map-error.ts";
import type { CloudPart } from "./render.ts";
import type { createThroughputGuard } from "./throughput.ts";
import { toPayload } from "./to-payload.ts";

/** From the last message of the person on, anything may be written for so long; later only templates. */
const WINDOW_MS = 24 * 3_600_000;

/** What the Cloud API takes as a document ("Supported media types"); other texts go as plain text, under their own name. */
const DOCUMENT_TYPES = new Set([
  "text/plain",
  "application/pdf",
  "application/msword",
  "application/vnd.ms-excel",
  "application/vnd.ms-powerpoint",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation",
]);

export interface SendPorts {
  readonly graph: GraphClient;
  readonly throughput: ReturnType<typeof createThroughputGuard>;
  readonly clock: Clock;
}

/** Sends one part. A document is uploaded first: until the message itself is posted, nothing was sent. */
export async function sendPart(
  ports: SendPorts,
  bot: BotAccount,
  chatKey: string,
  part: CloudPart,
  options: SendOptions,
): Promise<SendOutcome> {
  if (options.signal.aborted) return { kind: "refused", reason: "aborted", retry: "backoff" };
  const address = parseChatKey(chatKey);
  if (address === undefined) {
    return { kind: "refused", reason: "chat-not-found", retry: "never", contactLost: true };
  }
  const numberId = bot.settings.networkId ?? "";
  const accessToken = bot.secrets.accessToken ?? "";
  if (!isNumberId(numberId) || accessToken === "") return NO_CREDENTIALS;
  const closed = part.kind === "template" ? undefined : refuseOutsideWindow(ports.clock, options);
  if (closed !== undefined) return closed;
  const full = ports.throughput.take(bot);
  if (full !== undefined) return full;

  let mediaId: string | undefined;
  if (part.kind === "document") {
    const uploaded = await upload(ports.graph, { numberId, accessToken, part, options });
    if (typeof uploaded !== "string") return uploaded;
    mediaId = uploaded;
  }
  const answer = await ports.graph.call({
    method: "POST",
    path: `${numberId}/messages`,
    body: { json: toPayload(part, address, options.outboxId, mediaId) },
    accessToken,
    signal: options.signal,
  });
  if (answer.kind !== "ok") return toSendOutcome(answer);
  const wamid = readMessageId(answer.body);
  // Taken, as far as we can tell, by something that does not say so in Graph's words.
  return wamid === undefined
    ? { kind: "unknown", reason: "no-message-id" }
    : { kind: "sent", networkMessageId: wamid };
}

/** Ids of Graph's objects are numbers; anything else would change the address that it is written into. */
export function isNumberId(value: string): boolean {
  return /^\d{1,32}$/.test(value);
}

const NO_CREDENTIALS: SendOutcome = {
  kind: "refused",
  reason: "bad-credentials",
  retry: "never",
  scope: "bot",
  needsAuth: true,
};

/** The passport shows when the window closed; it opens again with the person's next message. */
function refuseOutsideWindow(
  clock: Clock,
  { lastInboundAt }: SendOptions,
): SendOutcome | undefined {
  const closesAt = lastInboundAt && new Date(lastInboundAt.getTime() + WINDOW_MS);
  if (closesAt !== undefined && clock.now() < closesAt) return undefined;
  return {
    kind: "refused",
    reason: "outside-window",
    retry: "never",
    detail: {
      windowClosedAt: closesAt?.toISOString() ?? "never-open",
      opensWith: "next-message-of-the-person",
      allowedNow: "template",
    },
  };
}

async function upload(
  graph: GraphClient,
  call: {
    readonly numberId: string;
    readonly accessToken: string;
    readonly part: Extract<CloudPart, { kind: "document" }>;
    readonly options: SendOptions;
  },
): Promise<string | SendOutcome> {
  const { numberId, accessToken, part, options } = call;
  const mimeType = toDocumentType(part.mimeType);
  const answer = await graph.call({
    method: "POST",
    path: `${numberId}/media`,
    body: {
      file: { name: part.fileName, mimeType, bytes: Buffer.from(part.contentBase64, "base64") },
      fields: { messaging_product: "whatsapp", type: mimeType },
    },
    accessToken,
    signal: options.signal,
  });
  if (answer.kind === "ok" && typeof answer.body.id === "string") return answer.body.id;
  const outcome: SendOutcome =
    answer.kind === "ok" ? { kind: "unknown", reason: "no-media-id" } : toSendOutcome(answer);
  // What became of the upload may be unknown; that no message was sent is certain.
  return outcome.kind === "unknown"
    ? { kind: "refused", reason: `upload-${outcome.reason}`, retry: "backoff" }
    : outcome;
}

function toDocumentType(mimeType: string): string {
  const type = mimeType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (DOCUMENT_TYPES.has(type)) return type;
  return /^text\/|[/+](json|xml|yaml|csv)$/.test(type) ? "text/plain" : type;
}

function readMessageId(body: Readonly<Record<string, unknown>>): string | undefined {
  const [message] = Array.isArray(body.messages) ? (body.messages as unknown[]) : [];
  const id = typeof message === "object" && message !== null && "id" in message ? message.id : "";
  return typeof id === "string" && id !== "" ? id : undefined;
}
