import type { DownloadsFiles, ShowsPicture } from "../../src/core/channel.ts";
import { callTelegram } from "./connection.ts";
import { toGrammySignal } from "./signals.ts";
import type { TelegramApis } from "./telegram-apis.ts";

/** Bot API, ChatPhoto: "160x160", the smaller of the two sizes of a profile; drawn at 40 px. */
const WANTED_PX = 160;
const MAX_BYTES = 1_000_000;

/** The picture that people see beside the bot's name. Telegram gives a bot its own; every size of it is a JPEG. */
export function createPictureReader({
  apis,
  downloadFile,
}: {
  readonly apis: TelegramApis;
  readonly downloadFile: DownloadsFiles["downloadFile"];
}): ShowsPicture["readPicture"] {
  return async (bot, signal) => {
    const api = apis.of(bot);
    const { photos } = await callTelegram("getUserProfilePhotos", async () => {
      const id = bot.settings.networkId ?? (await api.getMe(toGrammySignal(signal))).id;
      return api.getUserProfilePhotos({ user_id: Number(id), limit: 1 }, toGrammySignal(signal));
    });
    const sizes = [...(photos[0] ?? [])].sort((one, other) => one.width - other.width);
    const size = sizes.find(({ width }) => width >= WANTED_PX) ?? sizes.at(-1);
    if (size === undefined) return undefined;
    const bytes = await downloadFile(bot, size.file_id, { maxBytes: MAX_BYTES, signal });
    return isJpeg(bytes) ? bytes : undefined;
  };
}

/** ISO/IEC 10918-1, B.1.1.3: the start of an image, and the next marker. */
function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}
