import { APIError } from "openai";
import { createEventDecoder } from "./event-decoder.ts";

/**
 * Hands over each frame of a streamed answer, to the end of its body: what is left unread costs the connection.
 * Rejects as the SDK's own reader does: `SyntaxError` for a frame that is no JSON, `APIError` for one that tells
 * an error. A server may close early in good form: only a terminal marker proves the end.
 */
export async function readFrames(
  response: Response,
  onFrame: (frame: object) => void,
): Promise<void> {
  const events = createEventDecoder();
  for await (const bytes of response.body ?? []) {
    for (const data of events.push(bytes)) {
      if (!data.startsWith("[DONE]")) onFrame(parseFrame(data, response.headers));
    }
  }
}

function parseFrame(data: string, headers: Headers): object {
  const frame: unknown = JSON.parse(data);
  if (typeof frame !== "object" || frame === null) throw new SyntaxError("A frame is no object.");
  if ("error" in frame && frame.error) {
    throw new APIError(undefined, frame.error, undefined, headers);
  }
  return frame;
}
