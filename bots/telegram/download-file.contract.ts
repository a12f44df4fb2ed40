import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { downloadsFiles, showsPicture } from "../../src/core/channel.ts";
import { systemClock } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import {
  startTelegramStandIn,
  type TelegramStandIn,
} from "../../test/stand-ins/telegram/start-stand-in.ts";
import { toBotAccount } from "./__fixtures__/bot-account.ts";
import { createTelegramChannel } from "./telegram-channel.ts";

const VOICE = Buffer.from("OggS, and then the voice of a citizen");

let standIn: TelegramStandIn;
beforeEach(async () => {
  standIn = await startTelegramStandIn();
});
afterEach(() => standIn.close());

function open(apiRoot = standIn.apiRoot) {
  const bot = toBotAccount(standIn.addBot());
  const channel = createTelegramChannel({ apiRoot, logger: silentLogger, clock: systemClock });
  const download = (fileKey: string, options: { maxBytes?: number; signal?: AbortSignal } = {}) =>
    channel.downloadFile(bot, fileKey, {
      maxBytes: 1_000_000,
      signal: AbortSignal.timeout(30_000),
      ...options,
    });
  return { bot, channel, download };
}

describe("Telegram as a channel that shows a bot's picture", () => {
  const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
  const read = (picture?: Uint8Array) => {
    const bot = toBotAccount(standIn.addBot(undefined, picture && { picture }));
    const { apiRoot } = standIn;
    const channel = createTelegramChannel({ apiRoot, logger: silentLogger, clock: systemClock });
    expect(showsPicture(channel)).toBe(true);
    return channel.readPicture(bot, AbortSignal.timeout(30_000));
  };

  it("hands out the bot's own picture", async () => {
    expect(Buffer.from((await read(JPEG)) ?? [])).toEqual(JPEG);
  });

  it("has none of a bot that has none, and of what is no JPEG", async () => {
    expect(await read()).toBeUndefined();
    expect(await read(Buffer.from("<svg onload=alert(1)>"))).toBeUndefined();
  });
});

describe("Telegram as a channel that downloads files", () => {
  it("hands out the very bytes, and the channel says that it can", async () => {
    standIn.addFile("v", VOICE);
    const { channel, download } = open();
    expect(downloadsFiles(channel)).toBe(true);
    expect(Buffer.from(await download("v"))).toEqual(VOICE);
  });

  it("does not begin to download what is said to be too large", async () => {
    standIn.addFile("v", VOICE, { statedBytes: 2_000_000 });
    await expect(open().download("v")).rejects.toMatchObject({ code: "media-too-large" });
  });

  it.each([10, null])(
    "stops reading what is larger than it was said to be (%s)",
    async (stated) => {
      standIn.addFile("v", Buffer.alloc(3_000_000), { statedBytes: stated });
      await expect(open().download("v")).rejects.toMatchObject({ code: "media-too-large" });
    },
  );

  it("is told by Telegram that more than 20 MB are too much for a bot", async () => {
    standIn.addFile("v", Buffer.alloc(20 * 1024 * 1024 + 1), { statedBytes: null });
    await expect(open().download("v", { maxBytes: 50_000_000 })).rejects.toMatchObject({
      code: "media-too-large",
    });
  });

  it("says when Telegram has a file no longer", async () => {
    standIn.addFile("v", VOICE);
    const { download } = open();
    await expect(download("unknown")).rejects.toMatchObject({ code: "media-gone" });
    standIn.faults.add({
      method: "download",
      effect: { kind: "refuse", code: 404, description: "Not Found" },
    });
    await expect(download("v")).rejects.toMatchObject({ code: "media-gone", retry: "never" });
  });

  it.each([
    { kind: "server-error", status: 502, isAccepted: false } as const,
    { kind: "drop", isAccepted: false } as const,
  ])("says when it broke off, and never the address with its token: %o", async (effect) => {
    standIn.addFile("v", Buffer.alloc(500_000));
    standIn.faults.add({ method: "download", effect });
    const { bot, download } = open();
    const error: unknown = await download("v").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "media-unavailable", retry: "backoff" });
    expect(JSON.stringify(error) + String(error)).not.toContain(bot.secrets.token);
  });

  it.each(["../../etc/passwd", "/etc/passwd", "voice/../../x", "http://127.0.0.1/x", "a?b", ""])(
    "asks for nothing outside the configured server: %j",
    async (path) => {
      standIn.addFile("v", VOICE, { path });
      await expect(open().download("v")).rejects.toMatchObject({ code: "media-unavailable" });
    },
  );

  it("follows no redirect", async () => {
    let wasFollowed = false;
    const server = createServer((request, response) => {
      if (request.url?.endsWith("/getFile")) {
        response.writeHead(200, { "content-type": "application/json" });
        response.end('{"ok":true,"result":{"file_id":"v","file_unique_id":"v","file_path":"v"}}');
      } else if (request.url?.startsWith("/file/")) {
        response.writeHead(302, { location: "/elsewhere" }).end();
      } else wasFollowed = true;
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const { download } = open(`http://127.0.0.1:${port}`);
      await expect(download("v")).rejects.toMatchObject({ code: "media-unavailable" });
      expect(wasFollowed).toBe(false);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it("rejects with the signal's reason when aborted", async () => {
    standIn.addFile("v", VOICE);
    standIn.faults.add({ method: "download", effect: { kind: "black-hole", isAccepted: false } });
    const abort = new AbortController();
    const { download } = open();
    const asked = standIn.waitForCall("getFile");
    const downloading = download("v", { signal: abort.signal });
    await asked;
    abort.abort(new Error("enough"));
    await expect(downloading).rejects.toThrow("enough");
  });
});
