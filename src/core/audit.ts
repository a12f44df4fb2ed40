import type { TenantId } from "./ids.ts";

/** The append-only record of who changed what, for changes that no other store writes with its own rows. */
export interface Audit {
  /**
   * Commits before it resolves. `action` is kebab-case (`session-restart-asked`), `subject` the id of what it
   * concerns; `detail` holds no secret, no message text and no phone number.
   */
  note(
    tenantId: TenantId,
    entry: {
      readonly actor: string;
      readonly action: string;
      readonly subject: string;
      readonly detail?: Readonly<Record<string, unknown>>;
    },
  ): Promise<void>;
}
