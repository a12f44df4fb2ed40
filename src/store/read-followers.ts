import { asId } from "../core/ids.ts";
import type { Follower } from "../core/ledgers.ts";
import type { IncomingMessage } from "../core/message.ts";

/** More would be a flood, not a burst. */
export const MAX_FOLLOWERS = 20;
/** As long as the first message of a burst may wait, and a moment for the statement that stores the last one. */
const LONGEST_BURST_MS = 8_500;

export interface FollowerRow {
  readonly id: string;
  /** Base64 of the envelope; null: erased. */
  readonly message: string | null;
  readonly received_at: string;
  readonly burst_ends_at: string | null;
}

/**
 * Of the pending messages behind a first one those that came within its burst: each before the wait of the one before
 * it was over, and none too long after the first. It ends at a message that cannot be read, whose own turn finds out.
 */
export function readFollowers(
  first: {
    readonly received_at: Date;
    readonly burst_ends_at: Date | null;
    readonly followers: readonly FollowerRow[] | null;
  },
  open: (id: string, envelope: Buffer) => string,
): readonly Follower[] {
  const followers: Follower[] = [];
  const latest = first.received_at.getTime() + LONGEST_BURST_MS;
  let burstEndsAt = first.burst_ends_at?.getTime() ?? 0;
  for (const row of first.followers ?? []) {
    const receivedAt = Date.parse(row.received_at);
    if (row.message === null || row.burst_ends_at === null) break;
    if (receivedAt > Math.min(burstEndsAt, latest)) break;
    try {
      const text = open(row.id, Buffer.from(row.message, "base64"));
      followers.push({ messageId: asId(row.id), message: JSON.parse(text) as IncomingMessage });
    } catch {
      break;
    }
    burstEndsAt = Date.parse(row.burst_ends_at);
  }
  return followers;
}
