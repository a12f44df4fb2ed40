/**
 * SQL: whether the message in this column was a question that was answered, be it that the gazette does not say. Commands,
 * greetings and what people wrote at the desk are not.
 */
export function isAnswer(messageId: string): string {
  return `exists (select 1 from passport_event asked
                  where asked.message_id = ${messageId} and asked.kind = 'planned'
                    and asked.detail ?| array['cited', 'abstained'])`;
}
