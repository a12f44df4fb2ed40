import { randomUUID } from "node:crypto";
import type { Cipher, CipherPlace } from "../core/cipher.ts";
import { PregoneroError } from "../core/errors.ts";
import type { TenantId } from "../core/ids.ts";
import type { MediaFiles } from "../core/media-files.ts";
import type { Database } from "./database.ts";

/** As much as a turn may ask for; larger files are told of and not kept. */
const MAX_BYTES = 25 * 1024 * 1024;
/** Longer than the retries of a turn, and than an outage of a day. */
const KEPT_FOR = "interval '2 days'";
/** Of those that are over, so many go with each one that comes: their number cannot grow. */
const FORGOTTEN_AT_ONCE = 20;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Keeps `MediaFiles` in `media_file`. Rejects with `media-too-large` what no turn would read. */
export function createMediaFiles(database: Database, cipher: Cipher): MediaFiles {
  return {
    async write(tenantId, botId, bytes) {
      if (bytes.length > MAX_BYTES) {
        throw new PregoneroError("media-too-large", `The file has more than ${MAX_BYTES} bytes.`, {
          status: 413,
        });
      }
      const id = randomUUID();
      const content = cipher.encrypt(
        placeOf(tenantId, id),
        Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64"),
      );
      await database.asTenant(tenantId, async (tx) => {
        await tx.query(
          `delete from media_file where id in (
             select id from media_file where tenant_id = $1 and expires_at < now()
             order by expires_at limit ${FORGOTTEN_AT_ONCE})`,
          [tenantId],
        );
        await tx.query(
          `insert into media_file (tenant_id, id, bot_id, content, expires_at)
           values ($1, $2, $3, $4, now() + ${KEPT_FOR})`,
          [tenantId, id, botId, content],
        );
      });
      return id;
    },
    async read(tenantId, botId, fileKey) {
      if (!UUID.test(fileKey)) return undefined;
      const [row] = await database.asTenant(tenantId, (tx) =>
        tx.query<{ content: Buffer }>(
          `select content from media_file
           where id = $1 and bot_id = $2 and expires_at > now()`,
          [fileKey, botId],
        ),
      );
      if (row === undefined) return undefined;
      return Buffer.from(cipher.decrypt(placeOf(tenantId, fileKey), row.content), "base64");
    },
  };
}

function placeOf(tenantId: TenantId, id: string): CipherPlace {
  return { tenantId, table: "media_file", column: "content", rowId: id };
}
