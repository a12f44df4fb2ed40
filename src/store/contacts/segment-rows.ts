import type { ContactFilter } from "../../core/contacts.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { SegmentView } from "../../core/segments.ts";

export interface SegmentRow {
  readonly id: string;
  readonly at: string;
  readonly name: string;
  readonly kind: SegmentView["kind"];
  readonly filter: ContactFilter | null;
  readonly revision: number;
  readonly updated_at: Date;
}

export function toSegment(row: SegmentRow): SegmentView {
  return {
    segmentId: row.id,
    name: row.name,
    kind: row.kind,
    filter: row.filter ?? undefined,
    revision: row.revision,
    updatedAt: row.updated_at,
  };
}

export function unknownSegment(): PregoneroError {
  return new PregoneroError("segment-unknown", "There is no such segment.", { status: 404 });
}
