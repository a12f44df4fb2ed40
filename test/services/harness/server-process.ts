import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** A server that a test started: its output, its end, and no trace of it when the test process ends. */
export interface ServerProcess {
  readonly pid: number;
  /** Everything printed so far, both streams. */
  logs(): string;
  /** Resolves when a printed line matches; rejects when the process ends first or `timeoutMs` passes. */
  printed(pattern: RegExp, timeoutMs?: number): Promise<void>;
  readonly hasEnded: boolean;
  /** Resolves with the exit code, or undefined when a signal ended it. */
  readonly ended: Promise<number | undefined>;
  /** Sends the signal and resolves when the process has ended. */
  end(signal: NodeJS.Signals): Promise<number | undefined>;
}

const alive = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of alive) child.kill("SIGKILL");
});

/** Pids of servers that are still running: must be empty when a test file ends. */
export function runningServers(): readonly number[] {
  return [...alive].flatMap((child) => (child.pid === undefined ? [] : [child.pid]));
}

export function startServerProcess(
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptions, "cwd" | "env" | "uid" | "gid"> = {},
): ServerProcess {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  alive.add(child);
  let output = "";
  let hasEnded = false;
  const watchers = new Set<() => void>();
  const ended = new Promise<number | undefined>((resolve) => {
    const settle = (code: number | null) => {
      alive.delete(child);
      hasEnded = true;
      resolve(code ?? undefined);
      for (const watch of watchers) watch();
    };
    child.once("close", settle);
    child.once("error", (error) => {
      output += String(error);
      settle(null);
    });
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const watch of watchers) watch();
    });
  }

  return {
    pid: child.pid ?? -1,
    logs: () => output,
    printed(pattern, timeoutMs = START_MS) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => fail(`did not print ${pattern} in ${timeoutMs} ms`),
          timeoutMs,
        );
        watchers.add(watch);
        watch();
        function watch(): void {
          if (pattern.test(output)) finish(resolve);
          else if (hasEnded) fail("ended");
        }
        function fail(what: string): void {
          finish(() => reject(new Error(`${command} ${what}:\n${output.slice(-2_000)}`)));
        }
        function finish(settle: () => void): void {
          clearTimeout(timer);
          watchers.delete(watch);
          settle();
        }
      });
    },
    get hasEnded() {
      return hasEnded;
    },
    ended,
    end(signal) {
      if (!hasEnded) child.kill(signal);
      return ended;
    },
  };
}

/** The first process of a fresh clone builds before it starts; the others wait for it. */
const START_MS = 120_000;

/**
 * Below the ports that Linux gives to outgoing connections (32768 and up). One of those could be taken by a
 * client while its server is down, or connect to itself when somebody knocks there again and again.
 */
const FIRST_PORT = 20_000;
const PORT_COUNT = 12_000;

/** A port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + randomInt(PORT_COUNT);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(false);
      else reject(error);
    });
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
