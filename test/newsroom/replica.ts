import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import { repositoryRoot } from "../services/harness/repository.ts";
import type { NewsroomProcessOptions, Order } from "./newsroom-process.ts";

/** One process of several that collect and tell. It is started anew when it was killed. */
export interface Replica {
  /** Resolves when it has done everything that is due, was killed on the way, or stands still. */
  look(order: Order): Promise<LookOutcome>;
  readonly isFrozen: boolean;
  /** Lets a frozen one go on, to the end of what it was at. */
  thaw(): Promise<void>;
  close(): Promise<void>;
}

export interface LookOutcome {
  readonly kind: "done" | "killed" | "frozen";
  /** The place at which it was, when the order said so. */
  readonly reached: string | undefined;
}

/** What a look may take on a busy machine: slow sites are waited for, PDFs are read. */
const LOOK_MS = 180_000;

const alive = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of alive) child.kill("SIGKILL");
});

export function createReplica(options: NewsroomProcessOptions): Replica {
  let child: ChildProcess | undefined;
  let isFrozen = false;
  return {
    get isFrozen() {
      return isFrozen;
    },
    async look(order) {
      child ??= await start(options);
      const outcome = await ask(child, order);
      if (outcome.kind === "killed") child = undefined;
      isFrozen = outcome.kind === "frozen";
      return outcome;
    },
    async thaw() {
      if (child === undefined || !isFrozen) return;
      isFrozen = false;
      const done = nextMessage(child);
      child.kill("SIGCONT");
      await done;
    },
    async close() {
      child?.kill("SIGKILL");
      child = undefined;
    },
  };
}

async function start(options: NewsroomProcessOptions): Promise<ChildProcess> {
  const program = path.join(repositoryRoot(), "dist/test/newsroom/newsroom-process.js");
  const child = fork(program, [JSON.stringify(options)], {
    execArgv: ["--enable-source-maps"],
    env: { PATH: process.env.PATH },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  alive.add(child);
  child.once("exit", () => alive.delete(child));
  child.stdout?.resume();
  await nextMessage(child);
  return child;
}

function nextMessage(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      child.off("message", onMessage).off("exit", onExit);
      finish();
    };
    const onMessage = () => settle(resolve);
    const onExit = (code: number | null, signal: string | null) =>
      settle(() => reject(new Error(`A replica ended (${code ?? signal}).`)));
    const timer = setTimeout(
      () => settle(() => reject(new Error(`A replica said nothing for ${LOOK_MS / 1_000} s.`))),
      LOOK_MS,
    );
    child.on("message", onMessage).on("exit", onExit);
  });
}

function ask(child: ChildProcess, order: Order): Promise<LookOutcome> {
  const { crash } = order;
  const answered = nextMessage(child).then(
    (): LookOutcome => ({ kind: "done", reached: undefined }),
    (error: unknown): LookOutcome => {
      // Dead by its own hand, as it was told: anything else is a fault of ours.
      if (child.signalCode !== "SIGKILL" || crash === undefined) throw error;
      return { kind: "killed", reached: crash.point };
    },
  );
  child.send(order);
  return crash?.deed === "freeze"
    ? Promise.race([answered, standingStill(child, crash.point)])
    : answered;
}

/** It says so with its last breath; what it says reaches us before it stops. */
function standingStill(child: ChildProcess, point: string): Promise<LookOutcome> {
  return new Promise((resolve) => {
    const onData = (data: Buffer) => {
      if (!data.toString().includes(`reached ${point}`)) return;
      child.stdout?.off("data", onData);
      resolve({ kind: "frozen", reached: point });
    };
    child.stdout?.on("data", onData);
  });
}
