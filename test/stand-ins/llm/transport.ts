import type { ServerResponse } from "node:http";
import type { LlmFault } from "./llm-fault.ts";
import type { Frames, WireFormat } from "./wire-format.ts";

/** Stands in a text for bytes that no string can hold; no JSON escapes it. */
export const MARK = "pregonero-stand-in-mark";

const HTML =
  "<!doctype html>\n<html><head><title>502 Bad Gateway</title></head>\n<body><h1>502 Bad Gateway</h1></body></html>\n";
/** 50 MB: far more than any answer, and than a process should hold for one. */
const HUGE_BYTES = 50_000_000;
const CHUNK = Buffer.alloc(64 * 1024, "a");

export function sendJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** Faults that need no answer of the vendor's. True when the fault was the whole answer. */
export function interrupt(response: ServerResponse, fault: LlmFault): boolean {
  switch (fault.kind) {
    case "black-hole":
      return true;
    case "refused":
      response.socket?.destroy();
      return true;
    case "html-200":
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.end(HTML);
      return true;
    default:
      return false;
  }
}

/** Sends a stream of events, broken as the fault says. */
export function sendStream(
  response: ServerResponse,
  format: WireFormat,
  { head, pieces, tail }: Frames,
  fault: LlmFault | undefined,
): void {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  const middle = Math.ceil(pieces.length / 2);
  const half = [...head, ...pieces.slice(0, middle)].join("");
  const rest = [...pieces.slice(middle), ...tail].join("");
  switch (fault?.kind) {
    case "in-band-error":
      response.end(half + format.errorFrame);
      return;
    case "bad-frame":
      response.end(half + format.badFrame + rest);
      return;
    case "slow":
    case "slow-first-token": {
      const betweenMs = fault.kind === "slow" ? fault.betweenMs : 0;
      sendSlowly(response, [...head, ...pieces, ...tail], fault.firstMs, betweenMs);
      return;
    }
    default:
      sendParts(response, half, rest, fault);
  }
}

/** Sends an answer that is not streamed, broken as the fault says. */
export function sendWhole(
  response: ServerResponse,
  format: WireFormat,
  body: unknown,
  fault: LlmFault | undefined,
): void {
  const json = JSON.stringify(body);
  const middle = Math.ceil(json.length / 2);
  switch (fault?.kind) {
    case "in-band-error":
      sendJson(response, format.errorUnder200);
      return;
    case "bad-frame":
      response.writeHead(200, { "content-type": "application/json" });
      response.end(`${json.slice(0, middle)}{"${json.slice(middle)}`);
      return;
    case "slow":
    case "slow-first-token":
      response.writeHead(200, { "content-type": "application/json" });
      sendSlowly(response, [json], fault.firstMs, 0);
      return;
    default:
      response.writeHead(200, { "content-type": "application/json" });
      sendParts(response, json.slice(0, middle), json.slice(middle), fault);
  }
}

function sendParts(
  response: ServerResponse,
  half: string,
  rest: string,
  fault: LlmFault | undefined,
): void {
  switch (fault?.kind) {
    case "cut":
      response.write(half, () => response.socket?.destroy());
      return;
    case "clean-end":
      response.end(half);
      return;
    case "stall":
      response.write(half);
      return;
    case "huge-body":
      sendHuge(response, half + rest, fault.bytes ?? HUGE_BYTES);
      return;
    case "invalid-utf8": {
      const [before = "", after = ""] = (half + rest).split(MARK);
      // 0xC3 opens a two-byte character that 0x28 does not close.
      response.end(
        Buffer.concat([Buffer.from(before), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from(after)]),
      );
      return;
    }
    default:
      response.end(half + rest);
  }
}

/** In the place of the mark, at the reader's pace; ends early when it hangs up. */
function sendHuge(response: ServerResponse, text: string, bytes: number): void {
  const [before = "", after = ""] = text.split(MARK);
  response.write(before);
  let left = bytes;
  send();
  function send(): void {
    while (left > 0) {
      if (response.destroyed) return;
      left -= CHUNK.length;
      if (!response.write(CHUNK)) {
        response.once("drain", send);
        return;
      }
    }
    response.end(after);
  }
}

function sendSlowly(
  response: ServerResponse,
  frames: readonly string[],
  firstMs: number,
  betweenMs: number,
): void {
  response.flushHeaders();
  let next = 0;
  let timer = setTimeout(step, firstMs);
  response.on("close", () => clearTimeout(timer));
  function step() {
    response.write(frames[next] ?? "");
    next += 1;
    if (next >= frames.length) response.end();
    else timer = setTimeout(step, betweenMs);
  }
}
