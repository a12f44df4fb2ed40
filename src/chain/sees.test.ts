import { describe, expect, it } from "vitest";
import { sees } from "./sees.ts";

describe("sees", () => {
  it.each([
    "openai:gpt-4o-mini",
    "openai:gpt-4.1",
    "openai:gpt-5-mini",
    "openai:gpt-5.5",
    "openai:o3",
    "openai:o4-mini",
    "openai:llava",
    "anthropic:claude-haiku-4-5",
    "anthropic:claude-3-5-haiku-20241022",
    "gemini:gemini-2.5-flash",
    "xai:grok-4",
    "xai:grok-2-vision-1212",
    "local:qwen3-vl:8b",
    "local:llama3.2-vision",
    "local:gemma3:12b",
    "local:llava:13b",
  ])("knows that %s reads pictures", (model) => {
    expect(sees(model)).toBe(true);
  });

  it.each([
    "openai:gpt-4",
    "openai:gpt-3.5-turbo",
    "openai:o1-mini",
    "openai:o3-mini",
    "anthropic:claude-2.1",
    "xai:grok-3-mini",
    "local:llama3.1",
    "local:qwen3:8b",
    "local:stand-in",
  ])("does not take %s for one that does", (model) => {
    expect(sees(model)).toBe(false);
  });
});
