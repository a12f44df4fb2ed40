import { hash, parseOptions, verify } from "@node-rs/argon2";
import { PregoneroError } from "../core/errors.ts";

export interface PasswordHasher {
  /** A PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
  hash(password: string): Promise<string>;
  /** Takes as long without a hash as with one, and then is false. */
  verify(phc: string | undefined, password: string): Promise<boolean>;
  /** Made with other parameters than those that count now. */
  isOutdated(phc: string): boolean;
}

export interface HashCost {
  readonly memoryKibibytes: number;
  readonly passes: number;
}

/** OWASP Password Storage Cheat Sheet: argon2id, m = 19456 KiB, t = 2, p = 1. */
export const HASH_COST: HashCost = { memoryKibibytes: 19_456, passes: 2 };

/** Two at once: 40 MB, and a flood of sign-ins leaves the other threads of libuv's four to files and names. */
const MAX_RUNNING = 2;
/** Some half a second of work; who comes after it is told to come back. */
const MAX_WAITING = 64;

/** argon2id, in a bounded number of threads. Throws `too-busy` (503) when too many are waiting. */
export function createPasswordHasher(cost: HashCost = HASH_COST): PasswordHasher {
  const options = {
    memoryCost: cost.memoryKibibytes,
    timeCost: cost.passes,
    parallelism: 1,
    outputLen: 32,
  };
  const inTurn = createTurns();
  let dummy: Promise<string> | undefined;
  /** What a password of nobody is compared with. */
  const decoy = () => {
    dummy ??= hash("nobody's password", options);
    return dummy;
  };
  return {
    hash: (password) => inTurn(() => hash(normalise(password), options)),
    async verify(phc, password) {
      const against = phc ?? (await decoy());
      const isRight = await inTurn(() => verify(against, normalise(password)));
      return isRight && phc !== undefined;
    },
    isOutdated(phc) {
      const { memoryCost, timeCost, parallelism } = parseOptions(phc);
      return (
        memoryCost !== options.memoryCost ||
        timeCost !== options.timeCost ||
        parallelism !== options.parallelism
      );
    },
  };
}

/** NIST SP 800-63B, 3.1.1.2: one form for what keyboards compose in several. Nothing is cut off. */
function normalise(password: string): string {
  return password.normalize("NFKC");
}

function createTurns(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let free = MAX_RUNNING;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else if (waiting.length >= MAX_WAITING) throw tooBusy();
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

function tooBusy(): PregoneroError {
  return new PregoneroError("too-busy", "Too many people are signing in at this moment.", {
    status: 503,
    retry: "backoff",
  });
}
