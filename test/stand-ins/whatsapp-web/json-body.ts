import type { IncomingMessage } from "node:http";

/** A photo of WhatsApp's 16 MB in base64, and some room. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_BODY_BYTES) throw new Error("the body is longer than 32 MB");
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString("utf8");
  const value: unknown = text === "" ? {} : JSON.parse(text);
  if (typeof value !== "object" || value === null) throw new Error("the body is no JSON object");
  return value as Record<string, unknown>;
}
