import { Agent, request } from "undici";
import type { BotAccount, DownloadsFiles } from "../../src/core/channel.ts";
import { PregoneroError } from "../../src/core/errors.ts";
import { withOwnSignal } from "../../src/core/own-signal.ts";
import { readFailure, type TelegramFailure, toPregoneroError } from "./map-error.ts";
import { toGrammySignal } from "./signals.ts";
import type { TelegramApis } from "./telegram-apis.ts";

/** Bot API, getFile: "bots can download files of up to 20MB in size". */
const MAX_DOWNLOAD_BYTES = 20_000_000;
/** Milliseconds from getFile to the last byte: 20 MB at 1 MB/s. */
const DOWNLOAD_TIMEOUT_MS = 20_000;

/**
 * Downloads what a person sent. The address is made of the configured root alone: Telegram names a path within it,
 * and a path that leads out of it, or an answer that redirects, is refused. The address holds the token, so no error
 * repeats it.
 */
export function createFileDownloader(options: {
  readonly apiRoot: string;
  readonly apis: TelegramApis;
}): DownloadsFiles["downloadFile"] {
  const { apis } = options;
  const apiRoot = options.apiRoot.replace(/\/+$/, "");
  const agent = new Agent({ connect: { timeout: 5_000 }, connections: 16 });

  return async (bot, fileKey, { maxBytes, signal }) => {
    const most = Math.min(maxBytes, MAX_DOWNLOAD_BYTES);
    const timeout = AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS);
    try {
      return await withOwnSignal(AbortSignal.any([signal, timeout]), async (both) => {
        const path = await findPath(apis, bot, fileKey, most, both);
        return readBody(agent, `${apiRoot}/file/bot${bot.secrets.token}/${path}`, most, both);
      });
    } catch (error) {
      signal.throwIfAborted();
      throw timeout.aborted ? unavailable("took too long") : error;
    }
  };
}

async function findPath(
  apis: TelegramApis,
  bot: BotAccount,
  fileKey: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string> {
  try {
    const file = await apis.of(bot).getFile({ file_id: fileKey }, toGrammySignal(signal));
    if ((file.file_size ?? 0) > maxBytes) throw tooLarge(maxBytes);
    return checkPath(file.file_path);
  } catch (error) {
    throw error instanceof PregoneroError ? error : toDownloadError(readFailure(error), maxBytes);
  }
}

/** `voice/file_12.oga`: relative, of plain names. A Bot API server in local mode names its own disk, which is not read. */
function checkPath(path: string | undefined): string {
  const isPlain =
    path !== undefined &&
    path.length <= 512 &&
    path.split("/").every((name) => /^[\w.-]{1,200}$/.test(name) && !/^\.+$/.test(name));
  if (!isPlain) throw unavailable("named no path that can be read");
  return path;
}

async function readBody(
  agent: Agent,
  url: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  try {
    const { statusCode, headers, body } = await request(url, { dispatcher: agent, signal });
    if (statusCode === 404) throw gone();
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

function toDownloadError(failure: TelegramFailure, maxBytes: number): PregoneroError {
  if (failure.kind === "answered" && failure.isFromTelegram && failure.status === 400) {
    return failure.description.toLowerCase().includes("too big") ? tooLarge(maxBytes) : gone();
  }
  return toPregoneroError(failure, "getFile");
}

function tooLarge(maxBytes: number): PregoneroError {
  return new PregoneroError("media-too-large", `The file has more than ${maxBytes} bytes`, {
    status: 413,
  });
}

function gone(): PregoneroError {
  return new PregoneroError("media-gone", "Telegram has this file no longer", { status: 404 });
}

function unavailable(what: string): PregoneroError {
  return new PregoneroError("media-unavailable", `Telegram's file server ${what}`, {
    retry: "backoff",
    status: 503,
  });
}
