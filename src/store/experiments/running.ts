import type { AssistantComparison, AssistantSettings } from "../../core/assistant.ts";
import type { Cipher } from "../../core/cipher.ts";
import { isPregoneroError, PregoneroError } from "../../core/errors.ts";
import type { TenantId } from "../../core/ids.ts";
import { readVersion } from "../assistant-versions.ts";
import type { Transaction } from "../database.ts";

interface RunningRow {
  readonly id: string;
  readonly assistant_id: string;
  readonly share: number;
  readonly other_revision: number;
}

/** By assistant: what is compared with it now. */
export async function readComparisons(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
): Promise<ReadonlyMap<string, AssistantComparison>> {
  const rows = await tx.query<RunningRow>(
    "select id, assistant_id, share, other_revision from assistant_experiment where ended_at is null",
  );
  const comparisons = new Map<string, AssistantComparison>();
  for (const { id, assistant_id, share, other_revision: revision } of rows) {
    const settings = await readIfReadable(() =>
      readVersion(tx, cipher, tenantId, assistant_id, revision),
    );
    if (settings === undefined) continue;
    comparisons.set(assistant_id, { experimentId: id, share, revision, settings });
  }
  return comparisons;
}

/** A version that is gone, or whose key is, answers nobody: the live one answers everybody, and nothing is counted. */
async function readIfReadable(
  read: () => Promise<AssistantSettings>,
): Promise<AssistantSettings | undefined> {
  try {
    return await read();
  } catch (error) {
    const isGone = ["decryption-failed", "assistant-version-unknown"].some((code) =>
      isPregoneroError(error, code),
    );
    if (isGone) return undefined;
    throw error;
  }
}

/** Throws `experiment-running` (409): what is compared is not changed meanwhile. */
export async function refuseWhileRunning(
  tx: Transaction,
  name: string,
  assistantId: string,
): Promise<void> {
  const running = await tx.query(
    "select 1 from assistant_experiment where assistant_id = $1 and ended_at is null",
    [assistantId],
  );
  if (running.length === 0) return;
  throw new PregoneroError(
    "experiment-running",
    `Two versions of assistant "${name}" are being compared: end that first, so that its figures are of what was compared.`,
    { status: 409 },
  );
}
