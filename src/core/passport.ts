/**
 * Events in the life of one message, in the order in which they can happen. Written in the same
 * transaction as what they tell of, so the passport never disagrees with the ledgers; but `paused` and
 * `resumed`, which are read from the audit.
 */
export const PASSPORT_EVENTS = [
  "received",
  "duplicate",
  "paused",
  "resumed",
  "leased",
  "planned",
  "retrieved",
  "model-tried",
  "answered",
  "failed",
  "dead-lettered",
  "retried",
  "dropped",
  "queued",
  "attempting",
  "sent",
  "refused",
  "unknown",
  "reconciled",
  "delivered",
  "read",
  "judged",
] as const;
export type PassportEventKind = (typeof PASSPORT_EVENTS)[number];

/** `detail` holds ids, figures and names of models: no message text, no personal data. */
export interface PassportEvent {
  readonly kind: PassportEventKind;
  readonly at: Date;
  readonly detail: Readonly<Record<string, unknown>>;
}
