import type { Receipt, ReceiptStatus } from "../core/receipt.ts";

/** What is known of a part; nothing at first, also of one that is `unknown`. Times are ISO 8601, UTC. */
export interface KnownDelivery {
  readonly status: ReceiptStatus | undefined;
  readonly deliveredAt: string | undefined;
  readonly readAt: string | undefined;
  /** Of `failed`. */
  readonly reason: string | undefined;
}

export interface DeliveryNews {
  readonly known: KnownDelivery;
  /** For the passport, in the order of ranks. */
  readonly events: readonly {
    readonly kind: "sent" | "delivered" | "read" | "refused";
    readonly at: string;
    readonly reason?: string;
  }[];
}

/** `failed` stands below `delivered`: a message that arrived did not fail, whichever was heard of first. */
const RANKS = { sent: 1, failed: 2, delivered: 3, read: 4 } as const satisfies Record<
  ReceiptStatus,
  number
>;
const EVENTS = {
  sent: "sent",
  failed: "refused",
  delivered: "delivered",
  read: "read",
} as const satisfies Record<ReceiptStatus, string>;

/**
 * What the receipts of one part add to what is known of it; undefined: nothing. The end is the same in whatever
 * order they come, in whatever groups and however often.
 */
export function foldReceipts(
  before: KnownDelivery,
  receipts: readonly Receipt[],
): DeliveryNews | undefined {
  let known = before;
  const events: DeliveryNews["events"][number][] = [];
  const byRank = [...receipts].sort((a, b) => RANKS[a.status] - RANKS[b.status]);
  for (const { status, at, reason } of byRank) {
    const isHigher = known.status === undefined || RANKS[status] > RANKS[known.status];
    if (isHigher || isFirstOf(status, known)) {
      events.push({ kind: EVENTS[status], at, ...(reason === undefined ? {} : { reason }) });
    }
    known = {
      status: isHigher ? status : known.status,
      deliveredAt: status === "delivered" ? earlier(known.deliveredAt, at) : known.deliveredAt,
      readAt: status === "read" ? earlier(known.readAt, at) : known.readAt,
      reason: isHigher ? reason : known.reason,
    };
  }
  const isNews =
    events.length > 0 || known.deliveredAt !== before.deliveredAt || known.readAt !== before.readAt;
  return isNews ? { known, events } : undefined;
}

function earlier(known: string | undefined, at: string): string {
  return known !== undefined && Date.parse(known) <= Date.parse(at) ? known : at;
}

/** A message that was read before its delivery was told of: that is news still. */
function isFirstOf(status: ReceiptStatus, known: KnownDelivery): boolean {
  return status === "delivered" && known.deliveredAt === undefined;
}
