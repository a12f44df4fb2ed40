import type { MessageStatus, SentMessage } from "./world.ts";

/** A status as webhooks have it (Cloud API, "Status messages webhook reference"). */
export function toStatus(
  message: SentMessage,
  status: MessageStatus,
  nowMs: number,
  code?: number,
): object {
  const { person } = message;
  return {
    id: message.wamid,
    status,
    timestamp: String(Math.floor(nowMs / 1000)),
    ...(!person.hidesPhone && { recipient_id: person.phone }),
    ...(person.userId !== undefined && { recipient_user_id: person.userId }),
    ...(message.echo !== undefined && { biz_opaque_callback_data: message.echo }),
    ...(status === "failed"
      ? {
          errors: [
            {
              code: code ?? 131000,
              title: "Message undeliverable",
              message: "Message undeliverable",
              error_data: { details: "Message Undeliverable." },
            },
          ],
        }
      : {
          conversation: { id: "c0", origin: { type: "service" } },
          pricing: { billable: false, pricing_model: "PMP", category: "service" },
        }),
  };
}
