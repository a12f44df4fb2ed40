import { createServer, type ServerResponse } from "node:http";

/** Server-sent events with nothing around them: what Node itself needs for an open stream. */
const streams = new Set<ServerResponse>();
const server = createServer((_request, response) => {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write("event: ready\ndata: {}\n\n");
  streams.add(response);
  response.once("close", () => streams.delete(response));
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null)
    console.log(`listening on ${address.port}\nready`);
});
process.once("SIGTERM", () => process.exit(0));
