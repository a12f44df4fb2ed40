import { PregoneroError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { openRedis } from "./redis-connection.ts";

/** What `doctor` asks of Redis. Undefined: the server does not let us read its settings. */
export interface RedisFacts {
  readonly version: string;
  /** Wake-ups survive a restart of Redis. */
  readonly isAppendOnly: boolean | undefined;
  /** With anything but `noeviction`, Redis throws queue entries away under memory pressure. */
  readonly evictionPolicy: string | undefined;
}

const COMMAND_TIMEOUT_MS = 5_000;

/** Connects, reads, disconnects. Rejects when Redis does not answer within 5 s. */
export async function inspectRedis(redisUrl: string, logger: Logger): Promise<RedisFacts> {
  const redis = openRedis(redisUrl, "doctor", logger, {
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_TIMEOUT_MS,
  });
  try {
    const info = String(await redis.info("server").catch(unavailable(redisUrl)));
    const readSetting = async (name: string) => {
      // A hosted Redis may forbid CONFIG: then nothing is known, which is not an error.
      const answer = await redis.config("GET", name).catch(() => undefined);
      return readPair(answer, name);
    };
    const appendOnly = await readSetting("appendonly");
    return {
      version: /redis_version:(\S+)/.exec(info)?.[1] ?? "unknown",
      isAppendOnly: appendOnly === undefined ? undefined : appendOnly === "yes",
      evictionPolicy: await readSetting("maxmemory-policy"),
    };
  } finally {
    redis.disconnect();
  }
}

function unavailable(redisUrl: string): (cause: unknown) => never {
  return (cause) => {
    throw new PregoneroError(
      "redis-unavailable",
      `No Redis answers on ${new URL(redisUrl).host}.`,
      {
        retry: "backoff",
        cause,
      },
    );
  };
}

/** RESP2 answers `[name, value]`, RESP3 a map. */
function readPair(answer: unknown, name: string): string | undefined {
  if (Array.isArray(answer)) {
    const at = answer.indexOf(name);
    return at < 0 ? undefined : String(answer[at + 1]);
  }
  if (typeof answer === "object" && answer !== null && name in answer) {
    return String((answer as Record<string, unknown>)[name]);
  }
  return undefined;
}
