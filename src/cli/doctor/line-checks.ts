import type { ModelConfig } from "../../config.ts";
import { type Check, failed, note, ok, warning } from "./check.ts";
import type { BotHealth, DoctorPorts } from "./ports.ts";

/** The alert threshold of docs/metrics.md. */
const OLDEST_PENDING_SECONDS = 120;

/** Messages on their way, Redis, bots, models and the public address. */
export const lineChecks: readonly Check<DoctorPorts>[] = [
  {
    name: "oldest-message",
    remedy:
      "See whether a process with the roles worker runs (`pregonero start`), and its log for turn-failed or store-unavailable.",
    async examine({ backlog }) {
      const { pendingMessages, oldestPendingSeconds } = await backlog();
      if (pendingMessages === 0) return ok("no message waits for its answer");
      const evidence = `${pendingMessages} wait, the oldest for ${Math.round(oldestPendingSeconds)} s`;
      return oldestPendingSeconds > OLDEST_PENDING_SECONDS ? failed(evidence) : ok(evidence);
    },
  },
  {
    name: "redis",
    remedy:
      "Check REDIS_URL and that Redis runs there. Messages are still accepted and answered, only later.",
    async examine({ config, redis }) {
      if (config.redisUrl === undefined) return undefined;
      return ok(`Redis ${(await redis(config.redisUrl.reveal())).version}`);
    },
  },
  {
    name: "redis-persistence",
    remedy: "In redis.conf: appendonly yes",
    async examine({ config, redis }) {
      if (config.redisUrl === undefined) return undefined;
      const { isAppendOnly } = await redis(config.redisUrl.reveal());
      if (isAppendOnly === undefined) return note("the server does not tell its settings");
      return isAppendOnly ? ok("appendonly yes") : warning("appendonly no");
    },
  },
  {
    name: "redis-eviction",
    remedy: "In redis.conf: maxmemory-policy noeviction",
    async examine({ config, redis }) {
      if (config.redisUrl === undefined) return undefined;
      const { evictionPolicy } = await redis(config.redisUrl.reveal());
      if (evictionPolicy === undefined) return note("the server does not tell its settings");
      return evictionPolicy === "noeviction"
        ? ok("noeviction")
        : failed(`${evictionPolicy}: under memory pressure Redis drops wake-ups`);
    },
  },
  {
    name: "bots",
    remedy: "Do what the line above says; until then these bots may be deaf or mute.",
    async examine({ bots, sessions }, signal) {
      const all = (await bots(signal)).filter(({ health }) => health !== undefined);
      if (all.length === 0) {
        // Those that are sessions have checks of their own.
        if ((await sessions()).length > 0) return undefined;
        return note("no active bot on a network; add one with `pregonero bot add`");
      }
      const ill = all.filter(({ health }) => health?.isHealthy === false);
      if (ill.length === 0) return ok(all.map(describeBot).join("; "));
      const actions = ill.flatMap(({ name, health }) => {
        return health?.action === undefined ? [] : [`${name}: ${health.action}`];
      });
      const evidence = ill.map(describeBot).join("; ");
      return actions.length === 0 ? failed(evidence) : failed(evidence, actions.join("; "));
    },
  },
  {
    name: "public-url",
    remedy:
      "Set PUBLIC_URL to the https address of the reverse proxy, or unset it and let bots poll.",
    async examine({ config, fetchStatus }, signal) {
      const { publicUrl } = config;
      if (publicUrl === undefined)
        return note("not set: Telegram bots poll, links lead to this machine");
      if (!publicUrl.startsWith("https:"))
        return warning(`${publicUrl}: Telegram's webhooks need https`);
      const status = await fetchStatus(`${publicUrl}/livez`, {}, signal);
      return status === 200
        ? ok(`${publicUrl} leads here`)
        : warning(
            `${publicUrl}/livez answered ${status}`,
            "Let the reverse proxy pass everything on to HOST:PORT.",
          );
    },
  },
  {
    name: "models",
    remedy:
      "Check the key, the base URL and the name of the model; until then answers are quotations.",
    async examine({ config, fetchStatus }, signal) {
      const links = [...config.models, ...config.largeModels];
      if (links.length === 0) return note("none: answers are quotations from the gazette");
      const states = await Promise.all(
        links.map(async (link) => {
          const { provider, model } = link;
          if (link.needsKey)
            return { isReachable: false, text: `${provider}:${model} needs a key` };
          const { url, headers } = modelsPageOf(link);
          const status = await fetchStatus(url, headers, signal).catch(() => 0);
          const isReachable = status > 0 && status < 500 && status !== 401 && status !== 403;
          const answer = status === 0 ? "does not answer" : `answered ${status}`;
          return { isReachable, text: `${provider}:${model} ${answer}` };
        }),
      );
      const text = states.map((state) => state.text).join("; ");
      return states.every((state) => state.isReachable) ? ok(text) : warning(text);
    },
  },
  {
    name: "embedder",
    remedy: "Check EMBEDDER_BASE_URL and its server; until then search is by words alone.",
    async examine({ config, fetchStatus }, signal) {
      if (config.embedder === undefined) return undefined;
      const { baseUrl, apiKey, model } = config.embedder;
      const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey.reveal()}` };
      const status = await fetchStatus(`${baseUrl}/models`, headers, signal);
      const evidence = `${model} at ${baseUrl} answered ${status}`;
      return status < 500 && status !== 401 && status !== 403 ? ok(evidence) : warning(evidence);
    },
  },
  {
    name: "transcriber",
    remedy:
      "Check TRANSCRIBER_BASE_URL, its server and its key; until then whoever sends a voice note is asked to write.",
    async examine({ config, fetchStatus }, signal) {
      if (config.transcriber === undefined) return undefined;
      const { baseUrl, apiKey, model } = config.transcriber;
      const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey.reveal()}` };
      const status = await fetchStatus(`${baseUrl}/models`, headers, signal);
      const evidence = `${model} at ${baseUrl} answered ${status}`;
      return status < 500 && status !== 401 && status !== 403 ? ok(evidence) : warning(evidence);
    },
  },
];

/** Where a provider lists its models: the cheapest question that needs the key. */
function modelsPageOf({ provider, baseUrl, apiKey }: ModelConfig) {
  const key = apiKey?.reveal();
  switch (provider) {
    case "anthropic":
      return {
        url: `${baseUrl}/v1/models`,
        headers: { "x-api-key": key ?? "", "anthropic-version": "2023-06-01" },
      };
    case "gemini":
      return { url: `${baseUrl}/v1beta/models`, headers: { "x-goog-api-key": key ?? "" } };
    default:
      return {
        url: `${baseUrl}/models`,
        headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
      };
  }
}

function describeBot({ name, health }: BotHealth): string {
  return `${name}: ${health?.evidence ?? "not inspected"}`;
}
