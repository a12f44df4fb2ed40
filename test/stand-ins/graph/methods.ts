import { createHash, createHmac } from "node:crypto";
import type { UploadedFile } from "../telegram/parameters.ts";
import { object, readContent } from "./check-message.ts";
import { GraphRefusal } from "./graph-refusal.ts";
import type { createLimits } from "./limits.ts";
import {
  findPerson,
  type HeldMedia,
  makeWamid,
  type NumberState,
  type SentMessage,
  type World,
} from "./world.ts";

export type Json = Readonly<Record<string, unknown>>;

/** What a call may do to the world besides reading it. */
export interface MethodContext {
  readonly world: World;
  readonly now: () => number;
  /** Undefined: nothing is limited. */
  readonly limits: ReturnType<typeof createLimits> | undefined;
  readonly origin: () => string;
  /** The message is in the chat; its statuses follow. `failure` is what they tell in the end. */
  readonly onSent: (message: SentMessage, failure: number | undefined) => void;
  readonly onTyping: (phone: string, phoneNumberId: string, untilMs: number) => void;
}

/** From the last message of the person on (Cloud API, "Customer service windows"). */
const WINDOW_MS = 24 * 3_600_000;
/** "Typing indicators": or until the answer. */
const TYPING_MS = 25_000;

/** POST /<phone number id>/messages. */
export function sendMessage(
  number: NumberState,
  body: Json,
  context: MethodContext,
  failure: number | undefined,
): object {
  const { world, now, limits } = context;
  if (body.messaging_product !== "whatsapp") {
    throw new GraphRefusal(100, "Param messaging_product must be one of {WHATSAPP}");
  }
  const echo = body.biz_opaque_callback_data;
  if (echo !== undefined && (typeof echo !== "string" || echo.length > 512)) {
    throw new GraphRefusal(100, "Param biz_opaque_callback_data must be at most 512 characters");
  }
  const content = readContent(body, number, world.media);
  const address = String(body.to ?? body.recipient ?? "");
  if (address === "") throw new GraphRefusal(131008, "The parameter to is required.");
  if (body.to !== undefined && !/^\+?\d{6,15}$/.test(address)) {
    throw new GraphRefusal(100, `Invalid parameter: to is not a phone number`);
  }
  const person = findPerson(world, address.replace(/^\+/, ""));
  if (person === undefined || !person.isOnWhatsApp) {
    throw new GraphRefusal(131026, "Message Undeliverable.");
  }
  const wroteAtMs = person.wroteAtMs.get(number.phoneNumberId) ?? Number.NEGATIVE_INFINITY;
  if (content.template === undefined && now() - wroteAtMs >= WINDOW_MS) {
    throw new GraphRefusal(
      131047,
      "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
    );
  }
  const level = number.isOnBusinessApp ? "coexistence" : number.level;
  if (limits?.spendThroughput(number.phoneNumberId, level) === false) {
    throw new GraphRefusal(130429, "Cloud API message throughput has been reached.");
  }
  if (limits?.spendPair(number.phoneNumberId, person.phone) === false) {
    throw new GraphRefusal(
      131056,
      "Too many messages sent from the sender phone number to the same recipient phone number in a short period of time.",
    );
  }
  const message: SentMessage = {
    wamid: makeWamid(world),
    phoneNumberId: number.phoneNumberId,
    person,
    ...content,
    echo,
    atMs: now(),
    status: "accepted",
  };
  person.typingUntilMs.delete(number.phoneNumberId);
  const undelivered = person.blocked.has(number.phoneNumberId) ? 131026 : undefined;
  context.onSent(message, failure ?? undelivered);
  return {
    messaging_product: "whatsapp",
    contacts: [
      {
        input: address,
        ...(person.hidesPhone ? { user_id: person.userId } : { wa_id: person.phone }),
      },
    ],
    messages: [{ id: message.wamid }],
  };
}

/** POST /<phone number id>/messages with a status: read, and typing for a while. */
export function markRead(number: NumberState, body: Json, context: MethodContext): object {
  const { world, now } = context;
  if (body.status !== "read") throw new GraphRefusal(131009, "status must be read");
  const wamid = String(body.message_id);
  const writer = world.incoming.get(wamid);
  if (writer === undefined)
    throw new GraphRefusal(131009, "message_id is not of an incoming message");
  if (body.typing_indicator !== undefined) {
    if (object(body.typing_indicator, "typing_indicator").type !== "text") {
      throw new GraphRefusal(131009, "typing_indicator.type must be text");
    }
    const untilMs = now() + TYPING_MS;
    writer.typingUntilMs.set(number.phoneNumberId, untilMs);
    context.onTyping(writer.phone, number.phoneNumberId, untilMs);
  }
  return { success: true };
}

/** "Supported media types", with what each may weigh. */
const MEDIA_LIMITS: readonly (readonly [RegExp, number])[] = [
  [/^audio\/(aac|mp4|mpeg|amr|ogg|opus)$/, 16_000_000],
  [/^image\/(jpeg|png)$/, 5_000_000],
  [/^image\/webp$/, 500_000],
  [/^video\/(mp4|3gpp)$/, 16_000_000],
  [
    /^(text\/plain|application\/(pdf|msword|vnd\.ms-(excel|powerpoint)|vnd\.openxmlformats-officedocument\..+))$/,
    100_000_000,
  ],
];

/** POST /<phone number id>/media. */
export function uploadMedia(body: Json, file: UploadedFile | undefined, world: World): object {
  if (body.messaging_product !== "whatsapp") {
    throw new GraphRefusal(100, "(#100) The parameter messaging_product is required.");
  }
  if (file === undefined) throw new GraphRefusal(100, "The parameter file is required.");
  const mimeType = String(body.type);
  const limit = MEDIA_LIMITS.find(([types]) => types.test(mimeType))?.[1];
  if (limit === undefined) {
    throw new GraphRefusal(
      100,
      `Param file must be a file with one of the supported types, not ${mimeType}`,
    );
  }
  if (file.bytes.length === 0 || file.bytes.length > limit) {
    throw new GraphRefusal(131053, `Media upload error: ${file.bytes.length} bytes`);
  }
  const id = String(900_000_000_000 + world.nextId++);
  world.media.set(id, {
    bytes: file.bytes,
    mimeType,
    statedBytes: file.bytes.length,
    url: undefined,
  });
  return { id };
}

/** GET /<media id>: the address of the bytes. */
export function describeMedia(id: string, held: HeldMedia, origin: string): object {
  return {
    messaging_product: "whatsapp",
    url: held.url ?? `${origin}/whatsapp_business/attachments/?mid=${id}`,
    mime_type: held.mimeType,
    sha256: createHash("sha256").update(held.bytes).digest("hex"),
    ...(held.statedBytes !== undefined && { file_size: held.statedBytes }),
    id,
  };
}

/** GET /<phone number id>?fields=… */
export function describeNumber(number: NumberState, query: URLSearchParams): object {
  const proof = query.get("appsecret_proof");
  if (proof !== null) {
    const expected = createHmac("sha256", number.appSecret)
      .update(number.accessToken)
      .digest("hex");
    if (proof !== expected) {
      throw new GraphRefusal(100, "Invalid appsecret_proof provided in the API argument");
    }
  }
  const all: Json = {
    display_phone_number: number.displayPhoneNumber,
    verified_name: number.verifiedName,
    quality_rating: number.quality,
    throughput: { level: number.level },
    is_on_biz_app: number.isOnBusinessApp,
    platform_type: "CLOUD_API",
    health_status: { can_send_message: number.quality === "RED" ? "LIMITED" : "AVAILABLE" },
    webhook_configuration: {
      ...(number.callbacks.number && { phone_number: number.callbacks.number }),
      ...(number.callbacks.account && { whatsapp_business_account: number.callbacks.account }),
      ...(number.callbacks.app && { application: number.callbacks.app }),
    },
  };
  const fields = (query.get("fields") ?? "display_phone_number,verified_name").split(",");
  const unknown = fields.find((field) => !(field in all));
  if (unknown !== undefined) {
    throw new GraphRefusal(100, `Tried accessing nonexisting field (${unknown})`);
  }
  return {
    ...Object.fromEntries(fields.map((field) => [field, all[field]])),
    id: number.phoneNumberId,
  };
}

/** POST /<phone number id>: sets or, with an empty address, takes away the number's own callback. */
export async function configureNumber(number: NumberState, body: Json): Promise<object> {
  const configuration = object(body.webhook_configuration, "webhook_configuration");
  const url = String(configuration.override_callback_uri ?? "");
  if (url !== "") await verifyCallback(url, String(configuration.verify_token ?? ""));
  number.callbacks.number = url === "" ? undefined : url;
  return { success: true };
}

/** Asks the address whether it is the app's, as Meta does before it delivers there. */
export async function verifyCallback(url: string, verifyToken: string): Promise<void> {
  const failed = (why: string) =>
    new GraphRefusal(2200, `Callback verification failed with the following errors: ${why}`);
  if (!URL.canParse(url)) throw failed("not a URL");
  const target = new URL(url);
  const isLoopback = ["127.0.0.1", "localhost", "[::1]"].includes(target.hostname);
  if (target.protocol !== "https:" && !isLoopback) throw failed("HTTPS is required");
  const challenge = String(Math.floor(Math.random() * 2 ** 31));
  target.searchParams.set("hub.mode", "subscribe");
  target.searchParams.set("hub.verify_token", verifyToken);
  target.searchParams.set("hub.challenge", challenge);
  let response: Response;
  try {
    response = await fetch(target, { redirect: "manual", signal: AbortSignal.timeout(10_000) });
  } catch {
    throw failed("no answer");
  }
  if (response.status !== 200) throw failed(`HTTP Status Code = ${response.status}`);
  if ((await response.text()) !== challenge) throw failed("the challenge was not repeated");
}
