import { extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import type { KeysetRequest, Position } from "../core/page.ts";

extendZodWithOpenApi(z);

/**
 * Keyset pagination: `?cursor=&limit=`. A cursor is opaque to callers, and holds no secret: what it leads to is the
 * database's to guard, like every other input.
 */
const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 50;
/** A cursor of ours has 87 characters. */
const MAX_CURSOR = 200;

/** PostgreSQL knows no year 0, and this product none before 2000. */
const at = z.iso.datetime({ precision: 6 }).startsWith("2");
const position = z.tuple([at, z.uuid()]);

const cursor = z
  .string()
  .max(MAX_CURSOR)
  .refine((text) => decodeCursor(text) !== undefined, {
    message: "must be `next` of an earlier page, as it was given",
  })
  .openapi({ description: "`next` of the page before; absent: the first page." });

/** The query of a list; add filters with `.extend`. Unknown parameters are refused. */
export const KeysetQuery = z.strictObject({
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT).openapi({
    description: "Entries per page.",
    example: DEFAULT_LIMIT,
  }),
});

/** What `KeysetQuery` took in, as stores take it. */
export function keysetOf(query: z.infer<typeof KeysetQuery>): KeysetRequest {
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  return { after, limit: query.limit };
}

/** `next` of a page as it is sent: null on the last page. */
export function cursorOf(next: Position | undefined): string | null {
  if (next === undefined) return null;
  return Buffer.from(JSON.stringify([next.at, next.id])).toString("base64url");
}

/** The shape of `next` in answers. */
export const nextShape = z
  .string()
  .nullable()
  .openapi({ description: "Cursor of the next page; null: this is the last." });

/** Undefined: not a cursor of ours. */
function decodeCursor(text: string): Position | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined;
  try {
    const [at, id] = position.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    return { at, id };
  } catch {
    return undefined;
  }
}
