import type { ModelErrorCode, ServerError } from "../openai-protocol/map-error.ts";

/**
 * xAI answers `{"code": "…", "error": "…"}`, both prose, of which the SDK keeps the second: a wrong key is a 400,
 * an empty account a 429 or 403, and a request against its guidelines a 403 (docs.x.ai/developers/debugging;
 * wordings as users report them).
 */
export function xaiCode({ status, message }: ServerError): ModelErrorCode | undefined {
  if (
    /used all available credits|spending limit|have any credits|purchase (more )?credits/i.test(
      message,
    )
  ) {
    return "model-quota";
  }
  if (/(incorrect|invalid|missing) api key/i.test(message)) return "model-bad-key";
  if (/violates usage guidelines|SAFETY_CHECK/i.test(message)) return "model-refused";
  if (status === 400 && /maximum prompt length/i.test(message)) return "model-context-too-long";
  return undefined;
}
