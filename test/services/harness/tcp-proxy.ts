import { connect, createServer, type Socket } from "node:net";

/** A TCP proxy on loopback that misbehaves on demand. Both directions are treated alike. */
export interface TcpProxy {
  readonly port: number;
  /** Resets every connection and refuses more until `restore`. */
  cut(): void;
  /** Connections stay open and accept bytes, and nothing passes: a half-open peer. Lasts until `restore`. */
  blackHole(): void;
  /** Each chunk passes this much later. 0: at once. */
  setLatency(ms: number): void;
  /** Ends `cut` and `blackHole`. Connections that were in the black hole are reset. */
  restore(): void;
  /** Connections open at the moment. */
  connectionCount(): number;
  stop(): Promise<void>;
}

export async function startTcpProxy(target: { readonly port: number }): Promise<TcpProxy> {
  type Mode = "pass" | "cut" | "black-hole";
  let mode: Mode = "pass";
  let latencyMs = 0;
  const pairs = new Set<readonly [Socket, Socket]>();

  const server = createServer((near) => {
    if (mode === "cut") {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port: target.port, host: "127.0.0.1" });
    const pair = [near, far] as const;
    pairs.add(pair);
    forward(near, far);
    forward(far, near);
    for (const socket of pair) {
      socket.on("error", () => {});
      socket.on("close", () => {
        pairs.delete(pair);
        for (const end of pair) end.destroy();
      });
    }
  });

  function forward(from: Socket, to: Socket): void {
    from.on("data", (chunk) => {
      if (mode === "black-hole") return;
      if (latencyMs === 0) {
        if (!to.write(chunk)) from.pause();
        return;
      }
      setTimeout(() => {
        if (mode === "pass" && !to.destroyed) to.write(chunk);
      }, latencyMs);
    });
    to.on("drain", () => from.resume());
    from.on("end", () => {
      if (mode !== "black-hole") to.end();
    });
  }

  function reset(): void {
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address !== "object") throw new Error("The proxy has no port.");
  return {
    port: address.port,
    cut() {
      mode = "cut";
      reset();
    },
    blackHole() {
      mode = "black-hole";
    },
    setLatency(ms) {
      latencyMs = ms;
    },
    restore() {
      if (mode === "black-hole") reset();
      mode = "pass";
    },
    connectionCount: () => pairs.size,
    async stop() {
      reset();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
