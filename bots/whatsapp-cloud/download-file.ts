import { Agent, request } from "undici";
import type { DownloadsFiles } from "../../src/core/channel.ts";
import { PregoneroError } from "../../src/core/errors.ts";
import { withOwnSignal } from "../../src/core/own-signal.ts";
import type { GraphAnswer, GraphClient } from "./graph-client.ts";
import { toPregoneroError } from "./map-error.ts";

/** Cloud API, "Media": a document; pictures and recordings are smaller. */
const MAX_DOWNLOAD_BYTES = 100_000_000;
/** Milliseconds from the look-up to the last byte: 20 MB at 1 MB/s. */
const DOWNLOAD_TIMEOUT_MS = 20_000;
/** Where Graph keeps media ("Media": `lookaside.fbsbx.com/whatsapp_business/attachments/…`), besides itself. */
const MEDIA_HOSTS = new Set(["lookaside.fbsbx.com"]);
const MEDIA_ID = /^\d{1,64}$/;

/**
 * Downloads what a person sent. Graph names an address, good for five minutes, that takes our token: so it must lie at
 * Graph or at Meta's media host, over HTTPS, and a redirect is refused rather than followed.
 */
export function createFileDownloader(graph: GraphClient): DownloadsFiles["downloadFile"] {
  const agent = new Agent({ connect: { timeout: 5_000 }, connections: 16 });
  return async (bot, fileKey, { maxBytes, signal }) => {
    if (!MEDIA_ID.test(fileKey)) throw gone();
    const accessToken = bot.secrets.accessToken ?? "";
    const most = Math.min(maxBytes, MAX_DOWNLOAD_BYTES);
    const timeout = AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS);
    try {
      return await withOwnSignal(AbortSignal.any([signal, timeout]), async (both) => {
        const answer = await graph.call({
          method: "GET",
          path: fileKey,
          query: { phone_number_id: bot.settings.networkId ?? "" },
          accessToken,
          signal: both,
        });
        const url = findAddress(answer, graph, most);
        return readBody({ agent, url, accessToken, maxBytes: most, signal: both });
      });
    } catch (error) {
      signal.throwIfAborted();
      throw timeout.aborted ? unavailable("took too long") : error;
    }
  };
}

function findAddress(answer: GraphAnswer, graph: GraphClient, maxBytes: number): URL {
  if (answer.kind !== "ok") {
    const isGone =
      answer.kind === "error" && (answer.error.subcode === 33 || answer.error.status === 404);
    throw isGone ? gone() : toPregoneroError(answer, "the address of a file");
  }
  if (Number(answer.body.file_size ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const given = typeof answer.body.url === "string" ? answer.body.url : "";
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isMeta =
    url?.protocol === "https:" && url.port === "" && MEDIA_HOSTS.has(url.hostname.toLowerCase());
  if (url === undefined || (!isMeta && url.origin !== new URL(graph.root).origin)) {
    throw unavailable("named an address that is not Meta's");
  }
  return url;
}

async function readBody(call: {
  readonly agent: Agent;
  readonly url: URL;
  readonly accessToken: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}): Promise<Uint8Array> {
  const { agent, url, accessToken, maxBytes, signal } = call;
  try {
    const { statusCode, headers, body } = await request(url, {
      dispatcher: agent,
      signal,
      // Meta's media host answers nobody without a user agent.
      headers: { authorization: `Bearer ${accessToken}`, "user-agent": "pregonero" },
    });
    if (statusCode === 404 || statusCode === 410) throw gone();
    if (statusCode !== 200) throw unavailable(`answered ${statusCode}`);
    if (Number(headers["content-length"] ?? 0) > maxBytes) throw tooLarge(maxBytes);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size);
  } catch (error) {
    // undici's errors are left out: a message of theirs might hold the address.
    throw error instanceof PregoneroError ? error : unavailable("broke off");
  }
}

function tooLarge(maxBytes: number): PregoneroError {
  return new PregoneroError("media-too-large", `The file has more than ${maxBytes} bytes`, {
    status: 413,
  });
}

function gone(): PregoneroError {
  return new PregoneroError("media-gone", "WhatsApp has this file no longer", { status: 404 });
}

function unavailable(what: string): PregoneroError {
  return new PregoneroError("media-unavailable", `WhatsApp's media server ${what}`, {
    retry: "backoff",
    status: 503,
  });
}
