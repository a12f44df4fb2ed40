import { isUtf8 } from "node:buffer";
import type { IncomingMessage as HttpRequest } from "node:http";
import { PregoneroError } from "../core/errors.ts";

/** No request to us needs more but Meta's webhooks; Telegram's updates are a few kilobytes. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** Deepest nesting that is parsed. Telegram's deepest update stays under 12. */
const MAX_DEPTH = 64;
/** What a refused body may still send before the connection is cut, so that its sender can read the refusal. */
const MAX_DISCARDED_BYTES = 8 * MAX_BODY_BYTES;

/** The raw bytes. Throws `body-too-large` (413), and `body-aborted` when the sender went away. */
export function readBody(request: HttpRequest, maxBytes = MAX_BODY_BYTES): Promise<Buffer> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > maxBytes) {
    discard(request);
    return Promise.reject(tooLarge(maxBytes));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        request.removeAllListeners("data");
        discard(request);
        reject(tooLarge(maxBytes));
        return;
      }
      chunks.push(chunk);
    });
    request.once("end", () =>
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)),
    );
    request.once("error", (cause) => reject(aborted(cause)));
    request.once("close", () => reject(aborted()));
  });
}

/**
 * The raw bytes as they come, a chunk in memory; read on only when asked for. What is left when its reader stops is
 * thrown away, so that the sender comes to the end and reads the answer. Throws as `readBody` does, while it is read.
 */
export async function* streamBody(
  request: HttpRequest,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > maxBytes) {
    discard(request);
    throw tooLarge(maxBytes);
  }
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += (chunk as Buffer).length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      yield chunk as Buffer;
    }
  } catch (error) {
    throw error instanceof PregoneroError ? error : aborted(error);
  } finally {
    if (!request.readableEnded) discard(request, maxBytes);
  }
}

/** Parses a body as JSON. Throws `bad-json` (400). */
export function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw badJson("it is not UTF-8");
  if (depthExceeds(body, MAX_DEPTH))
    throw badJson(`it is nested more than ${MAX_DEPTH} levels deep`);
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch (cause) {
    throw badJson("it cannot be parsed", cause);
  }
}

/** The body of an API call. Throws `unsupported-media-type` (415) for anything but JSON, and as above. */
export async function readJson(request: HttpRequest): Promise<unknown> {
  const type = request.headers["content-type"] ?? "";
  // A form of another site can post text/plain without asking; it can't post application/json.
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    discard(request);
    throw new PregoneroError("unsupported-media-type", "Send the body as application/json.", {
      status: 415,
    });
  }
  return parseJson(await readBody(request));
}

function discard(request: HttpRequest, maxBytes = MAX_DISCARDED_BYTES): void {
  let size = 0;
  request.on("error", () => {});
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) request.destroy();
  });
  request.resume();
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function depthExceeds(body: Buffer, limit: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < body.length; index++) {
    const byte = body[index];
    if (isInString) {
      if (byte === BACKSLASH) index++;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) {
      isInString = true;
    } else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > limit) return true;
    } else if (byte === 0x5d || byte === 0x7d) {
      depth--;
    }
  }
  return false;
}

function tooLarge(maxBytes: number): PregoneroError {
  return new PregoneroError("body-too-large", `The body is larger than ${maxBytes} bytes.`, {
    status: 413,
  });
}

function badJson(why: string, cause?: unknown): PregoneroError {
  return new PregoneroError("bad-json", `The body is not acceptable JSON: ${why}.`, {
    status: 400,
    cause,
  });
}

function aborted(cause?: unknown): PregoneroError {
  return new PregoneroError("body-aborted", "The sender went away before the body was complete.", {
    status: 400,
    cause,
  });
}
