import { createCanvas, loadImage } from "@napi-rs/canvas";
import decodeQr from "qr/decode.js";
import { describe, expect, it } from "vitest";
import { drawQrLines, drawQrPng } from "./qr-code.ts";

/** As long as what WhatsApp shows: reference, three keys of 32 bytes, platform. */
const CONTENT = `2@${"A1b2".repeat(22)},${"Zm9v".repeat(11)},${"YmFy".repeat(11)},${"cXV4".repeat(11)},1`;

function scan(image: { width: number; height: number; data: Uint8ClampedArray }): string {
  const { width, height, data } = image;
  return decodeQr({ width, height, data }, { effort: Infinity, timeLimit: Infinity });
}

/** What a camera sees of a terminal whose characters are 8 × 16 pixels, dark on light. */
function photograph(lines: readonly string[]) {
  const columns = lines[0]?.length ?? 0;
  const [width, height] = [columns * 8, lines.length * 16];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  lines.forEach((line, row) => {
    [...line].forEach((cell, column) => {
      for (let y = 0; y < 16; y++) {
        const isDark = cell === "█" || cell === (y < 8 ? "▀" : "▄");
        if (!isDark) continue;
        for (let x = 0; x < 8; x++) {
          const at = ((row * 16 + y) * width + column * 8 + x) * 4;
          data.fill(0, at, at + 3);
        }
      }
    });
  });
  return { width, height, data };
}

describe("a QR code", () => {
  it("in a terminal reads as what it encodes, and fits 80 columns", () => {
    const lines = drawQrLines(CONTENT);
    expect(scan(photograph(lines))).toBe(CONTENT);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("as a PNG reads as what it encodes", async () => {
    const image = await loadImage(drawQrPng(CONTENT, 6));
    const canvas = createCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    expect(scan(canvas.getImageData(0, 0, image.width, image.height))).toBe(CONTENT);
  });
});
