import * as sdk from "@anthropic-ai/sdk";
import { describe, expect, it } from "vitest";
import { mapModelError } from "./map-error.ts";

/** Bodies as platform.claude.com/docs (errors) and the SDK's error codes have them, November 2026. */
const SAID = [
  {
    what: "an empty balance, which is called a bad request",
    status: 400,
    error: {
      type: "invalid_request_error",
      message:
        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
    },
    code: "model-quota",
  },
  {
    what: "the spend limit of a contract, which is called a rate limit",
    status: 429,
    error: {
      type: "rate_limit_error",
      message: "Limit reached.",
      details: { error_code: "contract_spend_limit_reached" },
    },
    code: "model-quota",
  },
  {
    what: "an answer that the filter blocked, which is called a bad request",
    status: 400,
    error: {
      type: "invalid_request_error",
      message: "Output blocked by content filtering policy",
    },
    code: "model-refused",
  },
  {
    what: "a request of too many bytes",
    status: 413,
    error: { type: "request_too_large", message: "Request exceeds the maximum size" },
    code: "model-context-too-long",
  },
  {
    what: "a limit and an answer that together pass the context",
    status: 400,
    error: {
      type: "invalid_request_error",
      message:
        "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length or `max_tokens` and try again",
    },
    code: "model-context-too-long",
  },
  {
    what: "a key without the right",
    status: 403,
    error: { type: "permission_error", message: "Your API key does not have permission" },
    code: "model-bad-key",
  },
] as const;

describe("mapModelError", () => {
  for (const { what, status, error, code } of SAID) {
    it(`knows ${what}`, () => {
      const thrown = sdk.APIError.generate(
        status,
        { type: "error", error },
        undefined,
        new Headers(),
      );
      expect(mapModelError(thrown, "anthropic:small", sdk)).toMatchObject({ code, retry: "never" });
    });
  }

  it("does not repeat what the vendor said of the request", () => {
    const body = {
      type: "error",
      error: { type: "invalid_request_error", message: "messages.0: ¿Cuánto debe Ana Pérez?" },
    };
    const thrown = sdk.APIError.generate(400, body, undefined, new Headers());
    expect(mapModelError(thrown, "anthropic:small", sdk).message).not.toContain("Ana");
  });
});
