import type { AssistantLink, AssistantSettings } from "../core/assistant.ts";

/** A version as it answers now: its addresses with the keys that the same ones have, by provider, as of a save. */
export function withPresentKeys(
  version: AssistantSettings,
  { usual, large }: AssistantSettings,
): AssistantSettings {
  const now = [...usual, ...large];
  const lend = (link: AssistantLink): AssistantLink => {
    if (typeof link.endpoint !== "object") return link;
    const { baseUrl } = link.endpoint;
    const same = now.find(
      ({ provider, endpoint }) =>
        provider === link.provider && typeof endpoint === "object" && endpoint.baseUrl === baseUrl,
    );
    return same === undefined ? link : { ...link, endpoint: same.endpoint };
  };
  return { ...version, usual: version.usual.map(lend), large: version.large.map(lend) };
}
