import { createHash } from "node:crypto";
import type { Assistant } from "../core/assistant.ts";
import { withPresentKeys } from "./present-keys.ts";

/** Which version answers this person while two are compared: the same one every time, on every bot. */
export function versionFor(
  assistant: Assistant,
  contactId: string | undefined,
): Assistant & { readonly experimentId?: string } {
  const { comparison } = assistant;
  if (comparison === undefined || contactId === undefined) return assistant;
  const { experimentId, share, revision } = comparison;
  if (placeOf(experimentId, contactId) >= share) return { ...assistant, experimentId };
  const settings = withPresentKeys(comparison.settings, assistant.settings);
  return { ...assistant, revision, settings, experimentId };
}

/** 0 to just below 100, even over people, and another one in each experiment. */
function placeOf(experimentId: string, contactId: string): number {
  const hash = createHash("sha256").update(`${experimentId}/${contactId}`).digest();
  return (hash.readUInt32BE(0) / 2 ** 32) * 100;
}
