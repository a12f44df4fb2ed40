import type { Assistant, AssistantStore, AssistantView } from "../core/assistant.ts";
import { PregoneroError } from "../core/errors.ts";
import type { TenantId } from "../core/ids.ts";
import { toView } from "./assistant-view.ts";
import { withPresentKeys } from "./present-keys.ts";

/** An assistant as it is, and as it would be if one of its versions were saved now. Throws as the store does. */
export async function readFormer(
  store: Pick<AssistantStore, "load" | "version">,
  tenantId: TenantId,
  name: string,
  revision: number,
): Promise<{ readonly now: Assistant; readonly former: AssistantView }> {
  const all = await store.load(tenantId);
  const now = all.assistants.find((assistant) => assistant.name === name);
  if (now === undefined) throw unknownAssistant(name);
  const version = await store.version(tenantId, name, revision);
  const settings = withPresentKeys(version, now.settings);
  return { now, former: toView({ ...now, revision, settings }, all) };
}

export function unknownAssistant(name: string): PregoneroError {
  return new PregoneroError("assistant-unknown", `There is no assistant "${name}".`, {
    status: 404,
  });
}
