import type { BotAccount } from "./channel.ts";

/** How a tenant's web chat looks, and on whose sites it may stand. */
export interface WebChatLooks {
  /** As the tenant gave it, `#rrggbb`; what is shown is corrected for contrast. Undefined: ours. */
  readonly colour: string | undefined;
  /** Empty: the assistant's, else ours. */
  readonly greeting: string;
  /** Offered before the first message. Empty: ours. */
  readonly questions: readonly string[];
  /** Origins of pages that may hold the chat in a frame, besides our own. */
  readonly allowedOrigins: readonly string[];
}

const DEFAULT_LOOKS: WebChatLooks = {
  colour: undefined,
  greeting: "",
  questions: [],
  allowedOrigins: [],
};

/** As the bot's settings keep them: JSON under one name, with a revision that grows with each change. */
export function looksOf({ settings }: Pick<BotAccount, "settings">): WebChatLooks {
  const kept = settings.webChat === undefined ? {} : JSON.parse(settings.webChat);
  return { ...DEFAULT_LOOKS, ...(kept as Partial<WebChatLooks>) };
}

/** 0: nobody ever changed them. */
export function looksRevisionOf({ settings }: Pick<BotAccount, "settings">): number {
  return Number(settings.webChatRevision ?? "0");
}
