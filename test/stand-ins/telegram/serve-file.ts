import type { IncomingMessage, ServerResponse } from "node:http";
import { write } from "./answer-call.ts";
import type { createFaults } from "./faults.ts";
import { Parameters } from "./parameters.ts";
import type { World } from "./world.ts";

/** The name under which faults happen to downloads, which are no method. */
const DOWNLOAD = "download";

const FILE_PATH = /^\/file\/bot([^/?]+)\/(.+)$/;

/** Gives out a file at the path that getFile named; true when the request was for one. */
export function serveFile(
  world: World,
  faults: ReturnType<typeof createFaults>,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const [, token = "", path] = FILE_PATH.exec(request.url ?? "") ?? [];
  if (path === undefined) return false;
  const refuse = (code: number, description: string) =>
    write(response, code, { ok: false, error_code: code, description });
  const file = [...world.files.values()].find((held) => held.path === path);
  if (!world.bots.has(token)) refuse(401, "Unauthorized");
  else if (file === undefined) refuse(404, "Not Found");
  else {
    const effect = faults.take(DOWNLOAD, token, new Parameters({}));
    switch (effect?.kind) {
      case "refuse":
        refuse(effect.code, effect.description);
        break;
      case "server-error":
        response.writeHead(effect.status).end();
        break;
      case "drop":
        response.writeHead(200, { "content-length": file.bytes.length });
        response.write(file.bytes.subarray(0, file.bytes.length / 2), () =>
          request.socket.destroy(),
        );
        break;
      case "black-hole":
        break;
      default:
        // Without a content-length, as a server that compresses: only reading tells the size.
        response.writeHead(200, { "content-type": "application/octet-stream" });
        response.end(file.bytes);
    }
  }
  return true;
}
