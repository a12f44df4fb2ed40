import { WebSocket } from "undici";

/** One function's own time, without what it called. */
export interface SelfTime {
  readonly name: string;
  /** `file:line`, shortened to the repository or the package. */
  readonly place: string;
  readonly ms: number;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
  };
}

interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

/**
 * Profiles a Node process that was started with `--inspect=127.0.0.1:<port>` while `work` runs, over the
 * Chrome DevTools protocol (Profiler domain), sampling every 500 µs.
 */
export async function profileWhile(
  inspectorPort: number,
  work: () => Promise<void>,
): Promise<readonly SelfTime[]> {
  const targets = (await (await fetch(`http://127.0.0.1:${inspectorPort}/json`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? "");
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", reject, { once: true });
  });
  let lastId = 0;
  const call = (method: string, params: object = {}) =>
    new Promise<unknown>((resolve) => {
      lastId += 1;
      const id = lastId;
      const listener = (event: { data: unknown }) => {
        const message = JSON.parse(String(event.data)) as { id?: number; result?: unknown };
        if (message.id !== id) return;
        socket.removeEventListener("message", listener);
        resolve(message.result);
      };
      socket.addEventListener("message", listener);
      socket.send(JSON.stringify({ id, method, params }));
    });
  await call("Profiler.enable");
  await call("Profiler.setSamplingInterval", { interval: 500 });
  await call("Profiler.start");
  await work();
  const { profile } = (await call("Profiler.stop")) as { profile: CpuProfile };
  socket.close();
  return selfTimes(profile);
}

const IDLE = new Set(["(idle)", "(root)"]);

function selfTimes(profile: CpuProfile): SelfTime[] {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const byPlace = new Map<string, SelfTime>();
  profile.samples.forEach((id, index) => {
    const frame = nodes.get(id)?.callFrame;
    if (frame === undefined || IDLE.has(frame.functionName)) return;
    const place = `${shorten(frame.url)}${frame.url === "" ? "" : `:${frame.lineNumber + 1}`}`;
    const name = frame.functionName || "(anonymous)";
    const key = `${name} ${place}`;
    const ms = (byPlace.get(key)?.ms ?? 0) + (profile.timeDeltas[index] ?? 0) / 1_000;
    byPlace.set(key, { name, place, ms });
  });
  return [...byPlace.values()].sort((a, b) => b.ms - a.ms);
}

function shorten(url: string): string {
  return url.replace(/^.*\/(?:node_modules|dist)\//, "").replace(/^file:\/\//, "");
}
