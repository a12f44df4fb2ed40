import { createGroupCommit } from "../core/group-commit.ts";
import type { BotId } from "../core/ids.ts";
import type { Receipt, Receipts } from "../core/receipt.ts";

/** As many webhooks as a commit of hop 1 takes. */
const MAX_WEBHOOKS_PER_COMMIT = 100;

/**
 * Notes receipts of one bot that come while a commit is under way together with the next one: a network tells three
 * times of each message, one webhook each. What is kept does not depend on how they are grouped (`Receipts`).
 */
export function createReceiptNoter(receipts: Receipts): Receipts {
  const noteByBot = new Map<BotId, (told: readonly Receipt[]) => Promise<undefined>>();
  return {
    async note(tenantId, botId, told) {
      if (told.length === 0) return;
      let note = noteByBot.get(botId);
      if (note === undefined) {
        note = createGroupCommit(
          async (webhooks: readonly (readonly Receipt[])[]) => {
            await receipts.note(tenantId, botId, webhooks.flat());
            return webhooks.map(() => undefined);
          },
          { maxItems: MAX_WEBHOOKS_PER_COMMIT },
        );
        noteByBot.set(botId, note);
      }
      await note(told);
    },
  };
}
