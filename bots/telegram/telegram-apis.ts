import { Api, type ApiClientOptions } from "grammy";
import type { BotAccount } from "../../src/core/channel.ts";
import { PregoneroError } from "../../src/core/errors.ts";
import { createTransport, type Transport } from "./http-transport.ts";

/** `<bot id>:<secret>`; whatever else would change the path of the URL it is written into. */
const TOKEN = /^\d{1,16}:[A-Za-z0-9_-]+$/;

/** grammY's clients, one per bot that was used, all over one set of connections. */
export interface TelegramApis {
  /** Throws `bad-credentials` for a token that cannot be one. */
  of(bot: BotAccount): Api["raw"];
  withToken(token: string | undefined): Api["raw"];
  forget(bot: BotAccount): void;
}

export function createTelegramApis(options: {
  readonly apiRoot: string;
  readonly callTimeoutMs?: number;
}): TelegramApis {
  const transport: Transport = createTransport(
    options.callTimeoutMs === undefined ? {} : { callTimeoutMs: options.callTimeoutMs },
  );
  const clientOptions: ApiClientOptions = {
    apiRoot: options.apiRoot.replace(/\/+$/, ""),
    // grammY asks for the whole of node-fetch's type and uses this part of it.
    fetch: transport as unknown as NonNullable<ApiClientOptions["fetch"]>,
    sensitiveLogs: false,
  };
  const byBot = new Map<string, { readonly token: string; readonly raw: Api["raw"] }>();

  function withToken(token: string | undefined): Api["raw"] {
    if (token === undefined || !TOKEN.test(token)) {
      throw new PregoneroError(
        "bad-credentials",
        "The Telegram bot token has another form than 123456:ABC-def: copy it again from @BotFather",
        { status: 422 },
      );
    }
    return new Api(token, clientOptions).raw;
  }

  return {
    withToken,
    of(bot) {
      const known = byBot.get(bot.botId);
      if (known !== undefined && known.token === bot.secrets.token) return known.raw;
      const raw = withToken(bot.secrets.token);
      byBot.set(bot.botId, { token: bot.secrets.token ?? "", raw });
      return raw;
    },
    forget(bot) {
      byBot.delete(bot.botId);
    },
  };
}
