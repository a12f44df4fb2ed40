import type { EventDetails } from "../core/events.ts";
import type { BotId, TenantId } from "../core/ids.ts";
import type { Transaction } from "./database.ts";
import { appendEvents } from "./events/append-events.ts";

/** Who follows is told, in the transaction of the change. */
export async function tellBot(
  tx: Transaction,
  tenantId: TenantId,
  botId: BotId,
  state: EventDetails["bot-changed"]["state"],
): Promise<void> {
  await appendEvents(tx, tenantId, [{ kind: "bot-changed", detail: { botId, state } }]);
}
