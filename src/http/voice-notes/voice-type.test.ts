import { describe, expect, it } from "vitest";
import { voiceTypeOf } from "./voice-type.ts";

describe("a recording", () => {
  it.each([
    ["audio/webm", Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42])],
    ["audio/ogg", Buffer.from("OggS\0\u0002")],
    ["audio/mp4", Buffer.from("\0\0\0\u0018ftypmp42")],
    [undefined, Buffer.from("<html>OggS ftyp</html>")],
    [undefined, Buffer.from("Ogg")],
    [undefined, Buffer.alloc(0)],
  ])("is known by its bytes: %s", (type, bytes) => {
    expect(voiceTypeOf(bytes)).toBe(type);
  });
});
