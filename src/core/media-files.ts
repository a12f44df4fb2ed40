import type { BotId, TenantId } from "./ids.ts";

/**
 * Files that people sent on a network whose session alone can fetch them: kept from the moment the message was read
 * until hop 2 asks for them (`DownloadsFiles`), in whichever process that is. Encrypted at rest, kept for a day at least.
 */
export interface MediaFiles {
  /** Commits before it resolves. Returns the key for `IncomingContent.fileKey`. */
  write(tenantId: TenantId, botId: BotId, bytes: Uint8Array): Promise<string>;
  /** Undefined when there is none, or no longer. */
  read(tenantId: TenantId, botId: BotId, fileKey: string): Promise<Uint8Array | undefined>;
}
