import { z } from "zod";
import { isPregoneroError, PregoneroError } from "../../../src/core/errors.ts";
import type { MessageRow } from "../detection/page-reader.ts";
import type { EngineHost } from "../session/engine.ts";
import { withTimeout } from "../session/with-timeout.ts";
import { attend, LIST_CHATS, PROBE, readAck, readMessages } from "./in-page.ts";
import type { Library } from "./library.ts";
import { type ListedChat, type OwnIdentity, toChats, toRow } from "./to-row.ts";

/** In-page work on what is in memory, and on what the phone or the server must be asked for. */
const QUICK_MS = 5_000;
const SLOW_MS = 15_000;
/** As long as the session waits for a file. */
const DOWNLOAD_MS = 10_000;

const failuresSchema = z.array(z.string().max(200)).max(50);
const ackSchema = z.number().optional().catch(undefined);
const mediaSchema = z.object({ data: z.base64() });
const sizeSchema = z.object({ _data: z.object({ size: z.number() }) });

/** The page as its modules tell it. Rejects with `page-gone` or `page-unreadable`. */
export type ModulesPage = ReturnType<typeof createModulesPage>;

export function createModulesPage({ client }: Library, { bot, logger }: EngineHost) {
  let own: OwnIdentity = { jids: [], name: bot.name };

  async function evaluate(expression: string, ms: number): Promise<unknown> {
    try {
      return await withTimeout(client.pupPage.evaluate(expression), ms);
    } catch (cause) {
      throw toError(cause);
    }
  }

  return {
    /** The one that has waited longest first. */
    async chats(): Promise<readonly ListedChat[]> {
      const raw = await evaluate(LIST_CHATS, QUICK_MS);
      try {
        const { own: jids, chats } = toChats(raw);
        own = { ...own, jids };
        return chats;
      } catch (cause) {
        throw unreadable("The list of chats is none", cause);
      }
    },

    /** The newest `limit` messages, oldest first. Empty where there is no such chat. */
    async rows(jid: string, limit: number): Promise<readonly MessageRow[]> {
      const raw = z.array(z.unknown()).safeParse(await evaluate(readMessages(jid, limit), SLOW_MS));
      const messages = raw.data ?? [];
      const rows = messages.flatMap((message) => toRow(message, own) ?? []);
      if (rows.length < messages.length) {
        const count = messages.length - rows.length;
        logger.warn("modules-messages-unparsed", { botId: bot.botId, count });
      }
      return rows;
    },

    /** -1 … 4 as `Message.ack`; undefined: the page does not know the message. */
    async ack(messageId: string): Promise<number | undefined> {
      return ackSchema.parse(await evaluate(readAck(messageId), QUICK_MS));
    },

    /** Best effort: marks the chat read and shows that we write. */
    async attend(jid: string): Promise<void> {
      await evaluate(attend(jid), QUICK_MS).catch(() => undefined);
    },

    /** What must be there and is not; asked through the library's own connection. Never rejects. */
    async failures(): Promise<readonly string[]> {
      try {
        return failuresSchema.parse(await evaluate(PROBE, QUICK_MS));
      } catch {
        return ["modules: the page does not answer the library"];
      }
    },

    async download(
      row: MessageRow,
      { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
    ): Promise<Uint8Array> {
      try {
        const message = await withTimeout(client.getMessageById(row.rawId), QUICK_MS);
        if ((sizeSchema.safeParse(message).data?._data.size ?? 0) > maxBytes) throw tooLarge();
        signal.throwIfAborted();
        if (!isDownloadable(message)) throw gone();
        const media = mediaSchema.parse(await withTimeout(message.downloadMedia(), DOWNLOAD_MS));
        const bytes = Buffer.from(media.data, "base64");
        if (bytes.length > maxBytes) throw tooLarge();
        return bytes;
      } catch (cause) {
        if (isPregoneroError(cause)) throw cause;
        throw gone(cause);
      }
    },
  };
}

/** A message as the library makes it: its method is called on itself. */
function isDownloadable(message: unknown): message is { downloadMedia(): Promise<unknown> } {
  if (typeof message !== "object" || message === null) return false;
  return "downloadMedia" in message && typeof message.downloadMedia === "function";
}

function gone(cause?: unknown): PregoneroError {
  return new PregoneroError("media-gone", "WhatsApp has the file no longer", { cause });
}

function tooLarge(): PregoneroError {
  return new PregoneroError("media-too-large", "The file is larger than allowed", { status: 413 });
}

function unreadable(message: string, cause: unknown): PregoneroError {
  return new PregoneroError("page-unreadable", message, { cause });
}

/** A module that is missing throws in the page; whatever else happens to it ends the connection. */
function toError(cause: unknown): PregoneroError {
  const isOfPage =
    cause instanceof Error && !/closed|detached|destroyed|target/i.test(cause.message);
  if (isOfPage && cause.name !== "TimeoutError") {
    return unreadable("WhatsApp's modules are others than this engine knows", cause);
  }
  return new PregoneroError("page-gone", "The page does not answer", { retry: "backoff", cause });
}
