import { deflateSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeShortcuts } from "./pdfjs-shortcuts.ts";

const { DecompressionStream: nodeStream, structuredClone: nodeClone } = globalThis;
beforeEach(takeShortcuts);
afterEach(() => {
  Object.assign(globalThis, { DecompressionStream: nodeStream, structuredClone: nodeClone });
});

type Format = ConstructorParameters<typeof DecompressionStream>[0];

/** As pdfjs does it (`asyncGetBytesFromDecompressionStream`). */
async function inflate(bytes: Uint8Array<ArrayBuffer>, format: Format = "deflate") {
  const { readable, writable } = new DecompressionStream(format);
  const writer = writable.getWriter();
  await writer.ready;
  writer.write(bytes).then(
    async () => {
      await writer.ready;
      await writer.close();
    },
    () => undefined,
  );
  const chunks: Uint8Array[] = [];
  for await (const chunk of readable) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe("the shortcut for inflating", () => {
  const text = Buffer.from("BT (Aviso) Tj ET ".repeat(20_000));

  it("gives what was deflated, whatever follows it", async () => {
    expect(await inflate(deflateSync(text))).toEqual(text);
    expect(await inflate(Buffer.concat([deflateSync(text), Buffer.from("\r\n")]))).toEqual(text);
  });

  it("fails for cut and broken bytes, and for what is too large, so that pdfjs's own decoder takes over", async () => {
    const deflated = deflateSync(text);
    await expect(inflate(deflated.subarray(0, -20))).rejects.toThrow();
    await expect(inflate(Buffer.alloc(100, 7))).rejects.toThrow();
    await expect(inflate(deflateSync(Buffer.alloc(65 * 1024 * 1024)))).rejects.toThrow();
    await expect(inflate(deflated, "gzip")).rejects.toThrow();
  });
});

describe("the shortcut for handing over text", () => {
  it("survives that the sender starts its next chunk with new lists", () => {
    const chunk = { items: [{ str: "Aviso" }], styles: { f1: { ascent: 0.8 } }, lang: null };
    const received = structuredClone({ stream: 3, chunk });
    chunk.items = [];
    chunk.styles = { f1: { ascent: 0 } };
    expect(received.chunk).toEqual({
      items: [{ str: "Aviso" }],
      styles: { f1: { ascent: 0.8 } },
      lang: null,
    });
  });

  it("copies all else through and through, and moves what is to be moved", () => {
    const message = { chunk: { fnArray: [1], argsArray: [[2]] }, data: new Uint8Array(8) };
    const received = structuredClone(message, { transfer: [message.data.buffer] });
    expect(received.chunk.argsArray).not.toBe(message.chunk.argsArray);
    expect(message.data.byteLength).toBe(0);
    expect(received.data.byteLength).toBe(8);
    expect(structuredClone(null)).toBeNull();
  });
});
