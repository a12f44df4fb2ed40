import { z } from "zod";
import type { BotAccount } from "../../src/core/channel.ts";
import { PregoneroError } from "../../src/core/errors.ts";
import type { Logger } from "../../src/core/logger.ts";

const updateSchema = z.object({ object: z.string(), entry: z.array(z.unknown()) });
const entrySchema = z.object({ changes: z.array(z.unknown()) });
const changeSchema = z.object({
  field: z.string(),
  value: z.object({
    metadata: z.object({ phone_number_id: z.string() }),
    contacts: z.array(z.unknown()).optional().catch(undefined),
    messages: z.array(z.unknown()).optional().catch(undefined),
    statuses: z.array(z.unknown()).optional().catch(undefined),
    message_echoes: z.array(z.unknown()).optional().catch(undefined),
    errors: z.array(z.unknown()).optional().catch(undefined),
  }),
});

/** What one change tells of this bot's number; each item is still to be parsed. */
export interface NumberChange {
  readonly contacts: readonly unknown[];
  readonly messages: readonly unknown[];
  readonly statuses: readonly unknown[];
  /** What was written from the phone that has the number as well. */
  readonly echoes: readonly unknown[];
}

/** What we read of all that a webhook can be subscribed to. */
const FIELDS = ["messages", "smb_message_echoes"];

/**
 * Every change of every entry that concerns the bot's number. Other fields and other numbers of the same app are
 * passed over, and one that is broken does not hide the others. Throws `bad-update` when it is no webhook at all.
 */
export function readChanges(bot: BotAccount, body: unknown, logger: Logger): NumberChange[] {
  const update = updateSchema.safeParse(body);
  if (!update.success) {
    throw new PregoneroError("bad-update", "Not a webhook of the Cloud API: it has no entries", {
      status: 400,
    });
  }
  if (update.data.object !== "whatsapp_business_account") return [];
  const changes: NumberChange[] = [];
  for (const entry of update.data.entry) {
    const parsed = entrySchema.safeParse(entry);
    for (const change of parsed.success ? parsed.data.changes : []) {
      const own = readChange(bot, change, logger);
      if (own !== undefined) changes.push(own);
    }
  }
  return changes;
}

function readChange(bot: BotAccount, change: unknown, logger: Logger): NumberChange | undefined {
  const parsed = changeSchema.safeParse(change);
  if (!parsed.success || !FIELDS.includes(parsed.data.field)) return undefined;
  const { metadata, contacts = [], messages = [], statuses = [], errors = [] } = parsed.data.value;
  const { message_echoes: echoes = [] } = parsed.data.value;
  if (metadata.phone_number_id !== bot.settings.networkId) {
    const numberId = /^\d{1,32}$/.test(metadata.phone_number_id) ? metadata.phone_number_id : "odd";
    logger.info("whatsapp-other-number-ignored", { botId: bot.botId, numberId });
    return undefined;
  }
  if (errors.length > 0) {
    logger.warn("whatsapp-errors-reported", { botId: bot.botId, errors: errors.length });
  }
  return { contacts, messages, statuses, echoes };
}
