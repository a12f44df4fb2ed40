import { describe, expect, it } from "vitest";
import { toRequest } from "./to-request.ts";

describe("toRequest of xAI", () => {
  it("refuses a WebP picture before it is sent, since xAI takes JPEG and PNG", () => {
    const image = { mediaType: "image/webp", bytes: new Uint8Array(3) } as const;
    const request = {
      messages: [{ role: "user", text: "?", images: [image] }],
      maxOutputTokens: 9,
      temperature: 0,
      language: "es",
    } as const;
    expect(() => toRequest("grok-4", request)).toThrow("WebP");
    const jpeg = { ...image, mediaType: "image/jpeg" } as const;
    const [message] = toRequest("grok-4", {
      ...request,
      messages: [{ role: "user", text: "?", images: [jpeg] }],
    }).messages;
    expect(message?.content).toHaveLength(2);
  });
});
