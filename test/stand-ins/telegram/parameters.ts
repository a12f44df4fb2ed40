import type { IncomingMessage } from "node:http";
import { badRequest } from "./api-refusal.ts";

export interface UploadedFile {
  readonly fileName: string;
  readonly bytes: Buffer;
}

/** Parameters of one call, whichever way they were sent, with the getters' errors worded as the Bot API words them. */
export class Parameters {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly files: ReadonlyMap<string, UploadedFile>;

  constructor(
    values: Readonly<Record<string, unknown>>,
    files: ReadonlyMap<string, UploadedFile> = new Map(),
  ) {
    this.#values = values;
    this.files = files;
  }

  /** As given; for the record of calls. */
  get raw(): Readonly<Record<string, unknown>> {
    return this.#values;
  }

  text(name: string): string {
    const value = this.#values[name];
    if (value === undefined || value === null) return "";
    return typeof value === "string" ? value : JSON.stringify(value);
  }

  integer(name: string, fallback: number): number {
    const value = this.#values[name];
    const number = Number(value);
    return value === undefined || value === "" || !Number.isInteger(number) ? fallback : number;
  }

  boolean(name: string): boolean {
    return ["true", "1", "yes"].includes(this.text(name).toLowerCase());
  }

  /** A list or object, sent as JSON or as a string that holds JSON. */
  json(name: string): unknown {
    const value = this.#values[name];
    if (typeof value !== "string") return value;
    if (value === "") return undefined;
    try {
      return JSON.parse(value);
    } catch {
      throw badRequest(`can't parse ${name} JSON object`);
    }
  }

  chatId(): number {
    const value = this.text("chat_id");
    if (value === "") throw badRequest("chat_id is empty");
    if (!/^-?\d+$/.test(value)) throw badRequest("chat not found");
    return Number(value);
  }
}

/** By events: an async iterator costs as much again as the rest of a call, and benchmarks run on this. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const [only] = chunks;
      resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
    });
    request.on("error", reject);
  });
}

/** Query string, JSON, URL-encoded form or multipart form (Bot API, "Making requests"). */
export function parseParameters(contentType: string, query: string, body: Buffer): Parameters {
  const values: Record<string, unknown> =
    query === "" ? {} : Object.fromEntries(new URLSearchParams(query));
  if (body.length === 0) return new Parameters(values);
  if (contentType.startsWith("application/json")) {
    try {
      const parsed: unknown = JSON.parse(body.toString());
      if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
        throw new Error("no object");
      return new Parameters(
        query === "" ? (parsed as Record<string, unknown>) : { ...values, ...parsed },
      );
    } catch {
      throw badRequest("can't parse request JSON object");
    }
  }
  if (contentType.startsWith("application/x-www-form-urlencoded")) {
    return new Parameters({
      ...values,
      ...Object.fromEntries(new URLSearchParams(body.toString())),
    });
  }
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return new Parameters(values);
  const files = new Map<string, UploadedFile>();
  for (const part of splitMultipart(body, boundary)) {
    if (part.fileName === undefined) values[part.name] = part.bytes.toString();
    else files.set(part.name, { fileName: part.fileName, bytes: part.bytes });
  }
  return new Parameters(values, files);
}

function splitMultipart(body: Buffer, boundary: string) {
  const parts: { name: string; fileName: string | undefined; bytes: Buffer }[] = [];
  const marker = Buffer.from(`--${boundary}`);
  let from = body.indexOf(marker);
  while (from !== -1) {
    const start = from + marker.length + 2;
    const next = body.indexOf(marker, start);
    if (next === -1) break;
    const headerEnd = body.indexOf("\r\n\r\n", start);
    const header = body.subarray(start, headerEnd).toString();
    const name = /name="?([^";\r\n]+)"?/i.exec(header)?.[1];
    const fileName = /filename="?([^";\r\n]+)"?/i.exec(header)?.[1];
    if (name !== undefined)
      parts.push({ name, fileName, bytes: body.subarray(headerEnd + 4, next - 2) });
    from = next;
  }
  return parts;
}
