import type { Schema } from "../../../client/index.ts";

type Target = Schema<"PublishingTarget">;

/** Where a post stands on its network; undefined: there is no address that shows it. */
export function postLink(
  { kind, settings }: Pick<Target, "kind" | "settings">,
  networkId: string | null,
): string | undefined {
  if (networkId === null || !/^\d+$/.test(networkId)) return undefined;
  if (kind === "x") return `https://x.com/i/web/status/${networkId}`;
  if (kind !== "telegram-channel") return undefined;
  // Channels and supergroups alone have addresses: their numbers begin with -100 (Bot API, `chat.id`).
  const channel = /^-100(\d+)$/.exec(String(settings.chatId))?.[1];
  return channel === undefined ? undefined : `https://t.me/c/${channel}/${networkId}`;
}

/** A path of ours; what leads elsewhere leads nowhere. */
export function ownPath(link: string): string {
  return /^\/(?![/\\])/.test(link) ? link : "#";
}
