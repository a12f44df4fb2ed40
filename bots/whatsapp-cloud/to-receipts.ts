import type { BotAccount } from "../../src/core/channel.ts";
import { asId, type OutboxId } from "../../src/core/ids.ts";
import type { Logger } from "../../src/core/logger.ts";
import type { Receipt, ReceiptStatus } from "../../src/core/receipt.ts";
import { reasonOf } from "./map-error.ts";
import { readChanges } from "./read-changes.ts";
import { statusSchema } from "./update-schema.ts";

/** A recording that was played has been read. Others (`accepted`, `deleted`, `warning`) tell us nothing. */
const STATUSES: Readonly<Record<string, ReceiptStatus>> = {
  sent: "sent",
  delivered: "delivered",
  read: "read",
  played: "read",
  failed: "failed",
};
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What the network says of our messages, in the order in which it came, which is none. */
export function toReceipts(bot: BotAccount, body: unknown, logger: Logger): readonly Receipt[] {
  return readChanges(bot, body, logger)
    .flatMap(({ statuses }) => statuses)
    .flatMap((item) => {
      const parsed = statusSchema.safeParse(item);
      if (!parsed.success) {
        logger.warn("whatsapp-status-unreadable", { botId: bot.botId });
        return [];
      }
      const { id, timestamp, biz_opaque_callback_data: echo, errors } = parsed.data;
      const status = STATUSES[parsed.data.status];
      if (status === undefined) return [];
      return [
        {
          networkMessageId: id,
          ...(echo !== undefined && UUID.test(echo) && { outboxId: asId<OutboxId>(echo) }),
          status,
          at: new Date(timestamp * 1000).toISOString(),
          ...(status === "failed" && { reason: reasonOf(errors?.[0]?.code) }),
        },
      ];
    });
}
