import { isIP } from "node:net";
import { z } from "zod";
import { type Secret, secret } from "./secret.ts";

/** One process may carry several; together they are the whole product. */
export const ROLES = ["api", "worker", "scheduler", "whatsapp"] as const;
export type Role = (typeof ROLES)[number];

/** Where models are asked; see docs/providers.md. */
export const MODEL_PROVIDERS = ["openai", "anthropic", "gemini", "xai", "local"] as const;
export type ModelProvider = (typeof MODEL_PROVIDERS)[number];

export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

function wholeNumber(from: number, to: number) {
  const message = `must be a whole number from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= from && value <= to, message);
}

function oneOf<const Names extends readonly [string, ...string[]]>(names: Names) {
  return z.enum(names, `must be one of ${names.join(", ")}`);
}

/** An absolute URL of one of the schemes, without its trailing slash. */
function url(...schemes: readonly string[]) {
  const message = `must be an absolute URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`;
  return z
    .string()
    .refine((value) => {
      return URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1));
    }, message)
    .transform((value) => value.replace(/\/+$/, ""));
}

function plainUrl(...schemes: readonly string[]) {
  return url(...schemes).refine((value) => {
    const { username, password, search, hash } = new URL(value);
    return username === "" && password === "" && search === "" && hash === "";
  }, "must hold no user name, password, query or fragment");
}

const secretText = z.string().transform((value): Secret => secret(value));

const roles = z
  .string()
  .transform((value) => value.split(",").map((name) => name.trim()))
  .pipe(z.array(z.enum(ROLES)).min(1))
  .transform((value): readonly Role[] => ROLES.filter((role) => value.includes(role)));

/** `openai`, or `openai:gpt-5.5` for another of its models. */
const chainLink = z.string().transform((text, context) => {
  const [name = "", ...rest] = text.trim().split(":");
  const provider = MODEL_PROVIDERS.find((known) => known === name);
  const model = rest.join(":");
  if (provider === undefined || (rest.length > 0 && model === "")) {
    const message = `names "${text.trim()}"; a link is one of ${MODEL_PROVIDERS.join(", ")}, or PROVIDER:MODEL`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  }
  return { provider, model: rest.length === 0 ? undefined : model };
});

const modelChain = z
  .string()
  .transform((value) => value.split(","))
  .pipe(z.array(chainLink).min(1).max(10));

const modelNames = z
  .string()
  .transform((value) => value.split(",").map((name) => name.trim()))
  .pipe(
    z
      .array(
        z
          .string()
          .refine(
            (name) => MODEL_PROVIDERS.some((provider) => name.startsWith(`${provider}:`)),
            `must be PROVIDER:MODEL, with one of ${MODEL_PROVIDERS.join(", ")}`,
          ),
      )
      .max(20),
  );

const privateAddresses = z
  .string()
  .transform((value) => value.split(","))
  .pipe(
    z
      .array(
        z.string().transform((text, context) => {
          const [, address = "", port] = /^\s*\[?([0-9a-f.:]+)\]?:(\d{1,5})\s*$/i.exec(text) ?? [];
          if (isIP(address) !== 0) return { address, port: Number(port) };
          context.addIssue({ code: "custom", message: `names "${text.trim()}"; write IP:PORT` });
          return z.NEVER;
        }),
      )
      .max(50),
  );

const MINIMUM_DISTINCT_BYTES = 8;

/** 32 bytes as 64 hexadecimal digits or as base64 (either alphabet); undefined for anything else. */
export function readKey(text: string): Buffer | undefined {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, "hex");
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return undefined;
  return Buffer.from(trimmed, "base64url");
}

const secretKey = z
  .string()
  .transform((value) => readKey(value) ?? Buffer.alloc(0))
  .refine((bytes) => bytes.length === 32, "must be 32 bytes, as 64 hexadecimal digits or as base64")
  .refine(
    (bytes) => bytes.length !== 32 || new Set(bytes).size >= MINIMUM_DISTINCT_BYTES,
    "is not random: it repeats a few bytes",
  )
  .transform((bytes): Secret<Buffer> => secret(bytes));

const MAX_OLD_KEYS = 10;

const secretKeys = z
  .string()
  .transform((value) => value.split(",").map((key) => key.trim()))
  .pipe(z.array(secretKey).min(1).max(MAX_OLD_KEYS));

interface Variable<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  /** For docs/configuration.md: unit, default, effect. */
  readonly help: string;
  /** A value that would be accepted, shown as the fix. */
  readonly example: string;
  /** Its value is never repeated in a message. */
  readonly isSecret?: true;
}

function variable<Schema extends z.ZodType>(
  schema: Schema,
  help: string,
  example: string,
  options: { readonly isSecret?: true } = {},
): Variable<Schema> {
  return { schema, help, example, ...options };
}

const isSecret = true;

/** Every setting there is. An empty value counts as absent. */
export const VARIABLES = {
  PORT: variable(
    wholeNumber(0, 65535),
    "TCP port of the HTTP server; 0 picks a free one. Default 8080.",
    "8080",
  ),
  HOST: variable(
    z.string().regex(/^[A-Za-z0-9.:_-]+$/, "must be an address or a host name, without port"),
    "Address that the HTTP server listens on. Default 127.0.0.1 embedded, 0.0.0.0 with DATABASE_URL.",
    "127.0.0.1",
  ),
  PUBLIC_URL: variable(
    plainUrl("http", "https"),
    "Address under which people and Telegram reach this server; webhooks need https. Default none: links name HOST and PORT, and Telegram bots poll.",
    "https://gaceta.example.org",
  ),
  TRUST_PROXY: variable(
    wholeNumber(0, 10),
    "How many reverse proxies of yours stand in front: that many X-Forwarded-For entries are believed. Default 0.",
    "1",
  ),
  DATA_DIR: variable(
    z.string(),
    "Folder of the embedded database, of the PDFs and of the generated key. Default ./data.",
    "./data",
  ),
  DATABASE_URL: variable(
    url("postgres", "postgresql").transform((value) => secret(value)),
    "PostgreSQL 15 or newer with pgvector and unaccent. Default none: an embedded PostgreSQL in DATA_DIR.",
    "postgres://pregonero:PASSWORD@localhost:5432/pregonero",
    { isSecret },
  ),
  DATABASE_CONNECTIONS: variable(
    wholeNumber(2, 200),
    "Connections that one process keeps to PostgreSQL at most. Default 10.",
    "10",
  ),
  REDIS_URL: variable(
    url("redis", "rediss").transform((value) => secret(value)),
    "Redis for wake-ups and live events between processes. Default none: this process polls and notifies itself.",
    "redis://localhost:6379",
    { isSecret },
  ),
  STORAGE_URL: variable(
    plainUrl("file"),
    "Folder of the PDFs as a file: URL; processes on several hosts need a shared one. Default DATA_DIR/files.",
    "file:///srv/pregonero/files",
  ),
  SECRET_KEY: variable(
    secretKey,
    "32 random bytes that encrypt messages and tokens. Required with DATABASE_URL; embedded, it is generated into DATA_DIR/secret.key. Losing it loses what it encrypted.",
    "the output of `openssl rand -hex 32`",
    { isSecret },
  ),
  SECRET_KEYS_OLD: variable(
    secretKeys,
    "Keys that still read what was written under them, comma-separated, newest first, each as SECRET_KEY; list the next one here in every process before it becomes SECRET_KEY. `pregonero keys rotate` seals everything under SECRET_KEY, after which none is needed. Default none.",
    "the SECRET_KEY of before",
    { isSecret },
  ),
  ROLES: variable(
    roles,
    "What this process does, comma-separated: api (HTTP, web chat, webhooks, polling of bots), worker (answers and delivers), scheduler (finds what a crash left behind), whatsapp (holds the sessions of WhatsApp Web, each in a browser, and sends for them). Default all.",
    "api,worker,scheduler,whatsapp",
  ),
  LOG_LEVEL: variable(oneOf(LOG_LEVELS), "Least level that is logged. Default info.", "info"),
  LOG_FORMAT: variable(
    oneOf(["auto", "json", "text"]),
    "json: one object a line; text: for people; auto: text on a terminal, else json. Default auto.",
    "json",
  ),
  TELEGRAM_API_ROOT: variable(
    plainUrl("http", "https"),
    "Where the Bot API answers: change it for a local Bot API server or the stand-in. Default https://api.telegram.org.",
    "http://127.0.0.1:8081",
  ),
  X_API_URL: variable(
    plainUrl("http", "https"),
    "Where X's API answers, for publishing: change it for the stand-in. Default https://api.x.com.",
    "http://127.0.0.1:8086",
  ),
  TELEGRAM_BOT_TOKEN: variable(
    z
      .string()
      .regex(/^\d+:[A-Za-z0-9_-]+$/, "must look like 123456789:AA…, as @BotFather gave it")
      .transform((value) => secret(value)),
    "Token of one bot that is added at start. Default none.",
    "the token that @BotFather gave you",
    { isSecret },
  ),
  OIDC_ISSUER: variable(
    z.url({ protocol: /^https?$/ }),
    "Identity provider of the installation (OpenID Connect), as its discovery document names itself. Default none: people sign in with passwords.",
    "https://login.example.org",
  ),
  OIDC_CLIENT_ID: variable(
    z.string().min(1).max(300),
    "Name of this installation at the identity provider. Default none.",
    "pregonero",
  ),
  OIDC_CLIENT_SECRET: variable(
    z
      .string()
      .min(1)
      .max(1_000)
      .transform((value) => secret(value)),
    "Its secret at the identity provider. Default none.",
    "what the identity provider gave you",
    { isSecret },
  ),
  PAYMENT_WEBHOOK_SECRET: variable(
    z
      .string()
      .min(32, "must have at least 32 characters")
      .transform((value) => secret(value)),
    "Under which a payment provider signs what it posts to /api/v1/payments. Default none: top-ups are booked by hand.",
    "32 or more random characters",
    { isSecret },
  ),
  MODEL_CHAIN: variable(
    modelChain,
    "Which models are asked, in this order, comma-separated: PROVIDER, or PROVIDER:MODEL; providers are openai, anthropic, gemini, xai, local. Default: every one that has a key and a model, in that order.",
    "anthropic,openai:gpt-5-mini,local",
  ),
  MODEL_CHAIN_LARGE: variable(
    modelChain,
    "Which models are asked first for comparisons, long questions and long contexts (docs/assistants.md), written as MODEL_CHAIN; when all of them fail, MODEL_CHAIN answers. Default none: it answers everything.",
    "anthropic:claude-sonnet-4-5,openai:gpt-5",
  ),
  MODEL_HEDGE: variable(
    oneOf(["on", "off"]),
    "Ask the next model of the chain too when one has written nothing for longer than 95 % of its last 100 calls took to begin; the first whole answer wins, the other is paid for as far as it came. Default off.",
    "on",
  ),
  MODEL_CHECK: variable(
    oneOf(["on", "off"]),
    "Whether a model is asked, after an answer was written and checked by its words, if the pages cited support each sentence; those that they do not are removed. An assistant may say otherwise. Default off.",
    "on",
  ),
  ALLOW_PRIVATE_MODEL_HOSTS: variable(
    oneOf(["on", "off"]),
    "Whether a tenant's assistant may name model servers on this machine and in private networks, and by http. On only where you trust every tenant. Default off.",
    "on",
  ),
  ALLOWED_PRIVATE_ADDRESSES: variable(
    privateAddresses,
    "Addresses of this machine or of private networks, each IP:PORT, that tenants' documents, webhooks and pictures may be fetched from all the same. Every tenant can then reach them. Default none.",
    "10.0.5.20:8443,192.168.1.4:80",
  ),
  SOURCES_DIR: variable(
    z.string(),
    "Folder below which sources watch folders for PDFs (docs/newsroom.md); a tenant's are below the folder there that is called as its id. Default none.",
    "/var/lib/gacetas",
  ),
  DOCUMENTS_PER_TENANT: variable(
    wholeNumber(1, 100_000),
    "How many documents of its own a tenant may keep. Default 1000.",
    "200",
  ),
  DOCUMENT_MEGABYTES_PER_TENANT: variable(
    wholeNumber(1, 1_000_000),
    "Megabytes (millions of bytes) of documents that a tenant may keep, all versions together. Default 1000.",
    "5000",
  ),
  EXPORT_DAYS: variable(
    wholeNumber(1, 30),
    "For how many days an archive of a tenant (docs/tenants.md) can be downloaded before it is deleted. It holds what was erased since it was made: keep it short. Default 3.",
    "1",
  ),
  SECURITY_EVENT_DAYS: variable(
    wholeNumber(1, 3_650),
    "For how many days security events (docs/operating.md) are kept. Default 90.",
    "30",
  ),
  NEWS_DAYS: variable(
    wholeNumber(1, 100_000),
    "Editions that were published longer ago than this many days when they are ingested tell nobody: they are in no alert and no digest (docs/subscriptions.md). Default 45.",
    "7",
  ),
  ANSWER_CACHE: variable(
    oneOf(["on", "off"]),
    "Give a model's answer again, encrypted and per tenant, when the same is asked of the same passages within 6 hours. Default on.",
    "off",
  ),
  OPENAI_API_KEY: variable(
    secretText,
    "Key of OpenAI: its model writes the answers. Default none.",
    "sk-…",
    {
      isSecret,
    },
  ),
  OPENAI_BASE_URL: variable(
    plainUrl("http", "https"),
    "Another server that speaks OpenAI's protocol. Default https://api.openai.com/v1.",
    "https://api.openai.com/v1",
  ),
  OPENAI_MODEL: variable(
    z.string(),
    "Model to ask there. Required with OPENAI_API_KEY.",
    "gpt-5-mini",
  ),
  ANTHROPIC_API_KEY: variable(secretText, "Key of Anthropic. Default none.", "sk-ant-…", {
    isSecret,
  }),
  ANTHROPIC_BASE_URL: variable(
    plainUrl("http", "https"),
    "Default https://api.anthropic.com.",
    "https://api.anthropic.com",
  ),
  ANTHROPIC_MODEL: variable(
    z.string(),
    "Model to ask there. Required with ANTHROPIC_API_KEY.",
    "claude-haiku-4-5",
  ),
  GEMINI_API_KEY: variable(secretText, "Key of Google's Gemini API. Default none.", "AIza…", {
    isSecret,
  }),
  GEMINI_BASE_URL: variable(
    plainUrl("http", "https"),
    "Default https://generativelanguage.googleapis.com.",
    "https://generativelanguage.googleapis.com",
  ),
  GEMINI_MODEL: variable(
    z.string(),
    "Model to ask there. Required with GEMINI_API_KEY.",
    "gemini-2.5-flash",
  ),
  XAI_API_KEY: variable(secretText, "Key of xAI. Default none.", "xai-…", { isSecret }),
  XAI_BASE_URL: variable(
    plainUrl("http", "https"),
    "Default https://api.x.ai/v1.",
    "https://api.x.ai/v1",
  ),
  XAI_MODEL: variable(z.string(), "Model to ask there. Required with XAI_API_KEY.", "grok-4"),
  LOCAL_LLM_BASE_URL: variable(
    plainUrl("http", "https"),
    "A local server that speaks OpenAI's protocol: Ollama, LM Studio, GPT4All. Default none.",
    "http://127.0.0.1:11434/v1",
  ),
  LOCAL_LLM_MODEL: variable(
    z.string(),
    "Model to ask there. Required with LOCAL_LLM_BASE_URL.",
    "llama3.1",
  ),
  EMBEDDER_BASE_URL: variable(
    plainUrl("http", "https"),
    "A server of OpenAI's embeddings protocol: adds vectors to the search. Default none: words only.",
    "http://127.0.0.1:11434/v1",
  ),
  EMBEDDER_API_KEY: variable(secretText, "Its key, when it wants one. Default none.", "sk-…", {
    isSecret,
  }),
  EMBEDDER_MODEL: variable(
    z.string(),
    "Its model. Required with EMBEDDER_BASE_URL.",
    "nomic-embed-text",
  ),
  EMBEDDER_DIMENSIONS: variable(
    wholeNumber(8, 4000),
    "Length of its vectors. Required with EMBEDDER_BASE_URL.",
    "768",
  ),
  MODELS_THAT_SEE: variable(
    modelNames,
    "More models that read photos of notices, comma-separated, each PROVIDER:MODEL. Default: those that are known to, by their names.",
    "local:my-own-model",
  ),
  TRANSCRIBER_BASE_URL: variable(
    plainUrl("http", "https"),
    "A server of OpenAI's transcription protocol, which hears voice notes. Default: OpenAI's own.",
    "http://127.0.0.1:8000/v1",
  ),
  TRANSCRIBER_API_KEY: variable(
    secretText,
    "Its key, when it wants one. Default: OPENAI_API_KEY at OpenAI itself, else none.",
    "sk-…",
    { isSecret },
  ),
  TRANSCRIBER_MODEL: variable(
    z.string(),
    "Its model. Default none: voice notes are not heard, and people are asked to write.",
    "gpt-4o-mini-transcribe",
  ),
  WHATSAPP_WEB_URL: variable(
    plainUrl("http", "https"),
    "Page of WhatsApp Web: change it for the stand-in. Default https://web.whatsapp.com/.",
    "http://127.0.0.1:8090",
  ),
  WHATSAPP_PACKS: variable(
    z.string(),
    "Folder of selector packs for WhatsApp Web of your own, over the shipped ones (docs/whatsapp-web.md). Default none.",
    "/etc/pregonero/packs",
  ),
  WHATSAPP_GRAPH_URL: variable(
    plainUrl("http", "https"),
    "Where Meta's Graph API answers, for WhatsApp's Cloud API: change it for the stand-in. Default https://graph.facebook.com.",
    "http://127.0.0.1:8091",
  ),
  CHROMIUM_PATH: variable(
    z.string(),
    "Chromium for sessions of WhatsApp Web, the browser tests and `doctor`. Default: looked for in the usual places.",
    "/usr/bin/chromium",
  ),
  SAMPLE_DATA: variable(
    oneOf(["on", "off"]),
    "Ingest the sample edition at the first start. Default on embedded, off with DATABASE_URL.",
    "off",
  ),
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof VARIABLES;
export type Settings = {
  readonly [Name in VariableName]?: z.output<(typeof VARIABLES)[Name]["schema"]>;
};

export function isVariableName(name: string): name is VariableName {
  return Object.hasOwn(VARIABLES, name);
}
