import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import {
  largeModelsOf,
  type ModelAccess,
  type ModelConfig,
  modelAccessOf,
  modelsOf,
  type TranscriberConfig,
  transcriberOf,
} from "./configuration/models.ts";
import { type ConfigProblem, contradictions, problemOf } from "./configuration/problems.ts";
import { type ReadFile, readSettings } from "./configuration/read-settings.ts";
import { type Secret, secret } from "./configuration/secret.ts";
import {
  type LogLevel,
  ROLES,
  type Role,
  readKey,
  type Settings,
} from "./configuration/variables.ts";

/** EX_CONFIG of sysexits.h: the process was configured wrongly and will not start until that changes. */
export const EX_CONFIG = 78;

/** Everything that a person may set, checked and with defaults filled in. Frozen. */
export interface Config {
  /** `embedded`: PostgreSQL inside this process, in `dataDirectory`; `server`: at `databaseUrl`. */
  readonly mode: "embedded" | "server";
  readonly roles: readonly Role[];
  /** 0: a free port is picked. Default 8080. */
  readonly port: number;
  /** Default 127.0.0.1 embedded, 0.0.0.0 on a server. */
  readonly host: string;
  /** Without trailing slash. Undefined: nobody outside can reach us, so Telegram bots poll. */
  readonly publicUrl: string | undefined;
  /** Reverse proxies in front whose X-Forwarded-For is believed. Default 0. */
  readonly trustedProxyHops: number;
  /** Absolute. Default ./data. */
  readonly dataDirectory: string;
  /** Absolute folder of PDFs. Default `files` in the data directory. */
  readonly filesDirectory: string;
  readonly databaseUrl: Secret | undefined;
  /** Connections of this process. Default 10; the embedded database has one. */
  readonly databaseConnections: number;
  /** Undefined: wake-ups stay in the process. */
  readonly redisUrl: Secret | undefined;
  /** 32 bytes; every other key is derived from it. */
  readonly secretKey: Secret<Buffer>;
  /** What was written under them is still read, and sealed anew by `keys rotate`. Newest first; may be empty. */
  readonly oldSecretKeys: readonly Secret<Buffer>[];
  readonly logLevel: LogLevel;
  readonly logFormat: "auto" | "json" | "text";
  /** Without trailing slash. */
  readonly telegramApiRoot: string;
  /** Without trailing slash. */
  readonly xApiUrl: string;
  readonly telegramBotToken: Secret | undefined;
  readonly paymentSecret: Secret | undefined;
  /** Identity provider of the installation. */
  readonly oidc:
    | { readonly issuer: string; readonly clientId: string; readonly clientSecret: Secret }
    | undefined;
  /** Tried in this order; after them the extractive link answers. May be empty. */
  readonly models: readonly ModelConfig[];
  /** Asked first for comparisons, long questions and long contexts. May be empty. */
  readonly largeModels: readonly ModelConfig[];
  /** For tenants' own chains. */
  readonly modelAccess: ModelAccess;
  /** Whether tenants' own chains may lead into private networks. */
  readonly allowsPrivateModelHosts: boolean;
  /** Reached by guarded fetches although they are not public. */
  readonly allowedPrivateAddresses: readonly { readonly address: string; readonly port: number }[];
  /** Below it sources watch folders; undefined: none does. */
  readonly sourcesDirectory: string | undefined;
  /** What one tenant may keep. */
  readonly documentQuota: { readonly documents: number; readonly bytes: number };
  /** How long an archive of a tenant is kept. */
  readonly exportDays: number;
  /** How long security events are kept. */
  readonly securityEventDays: number;
  /** Older editions tell nobody when they come in. */
  readonly newsDays: number;
  /** Whether an answer is given again when the same is asked of the same passages. */
  readonly cachesAnswers: boolean;
  /** Whether a model looks at each answer once more, where no assistant says otherwise. */
  readonly checksGrounding: boolean;
  /** Whether a model that is slow to begin is joined by the next of the chain. */
  readonly hedgesModels: boolean;
  /** Undefined: retrieval by words alone. */
  readonly embedder:
    | {
        readonly baseUrl: string;
        readonly apiKey: Secret | undefined;
        readonly model: string;
        readonly dimensions: number;
        /** Else it is somebody's own, and costs nothing here. */
        readonly isOpenAi: boolean;
      }
    | undefined;
  /** Undefined: voice notes are not heard. */
  readonly transcriber: TranscriberConfig | undefined;
  /** The page's address, with its trailing slash. */
  readonly whatsappWebUrl: string;
  /** Absolute; undefined: the shipped selector packs alone. */
  readonly whatsappPacksDirectory: string | undefined;
  /** Without trailing slash. */
  readonly whatsappGraphUrl: string;
  readonly chromiumPath: string | undefined;
  /** PATH, for programs that `doctor` looks for. */
  readonly searchPath: string;
  /** Whether the sample edition is ingested at the first start. */
  readonly sampleData: boolean;
}

export type { ModelConfig, TranscriberConfig } from "./configuration/models.ts";
export type { ConfigProblem } from "./configuration/problems.ts";
export type { Secret } from "./configuration/secret.ts";
export type { LogLevel, Role } from "./configuration/variables.ts";

export type ConfigResult =
  | {
      readonly kind: "config";
      readonly config: Config;
      /** A key made just now for an embedded installation: to be written before anything is encrypted with it. */
      readonly newKeyFile: { readonly path: string; readonly text: string } | undefined;
    }
  | { readonly kind: "problems"; readonly problems: readonly ConfigProblem[] };

/** Where the configuration comes from, so that reading it can be tested without touching anything. */
export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: ReadFile;
  readonly randomKey?: () => Buffer;
}

/** Pure: reads the environment and the file it names, writes nothing. All problems are reported, not the first. */
export function readConfig({
  env,
  readFile,
  randomKey = () => randomBytes(32),
}: ConfigSources): ConfigResult {
  const { settings, problems } = readSettings(env, readFile);
  const dataDirectory = path.resolve(settings.DATA_DIR ?? "data");
  const key = findKey(settings, dataDirectory, readFile, randomKey);
  const all = [...problems, ...contradictions(settings, env)];
  const isToldOfKey = all.some((problem) => problem.variable === "SECRET_KEY");
  if (key.kind === "problem" && !isToldOfKey) all.push(key.problem);
  if (all.length > 0 || key.kind === "problem") return { kind: "problems", problems: all };
  const config = Object.freeze(assemble(settings, dataDirectory, key.secretKey, env));
  return { kind: "config", config, newKeyFile: key.newKeyFile };
}

/**
 * Reads this process's configuration and, embedded, writes the generated key with mode 0600.
 * `overrides` come from the command line and win over the environment.
 */
export function loadConfig(overrides: { readonly ROLES?: string } = {}): ConfigResult {
  const sources: ConfigSources = {
    env: { ...process.env, ...overrides },
    readFile: readTextFile,
  };
  const result = readConfig(sources);
  if (result.kind === "problems" || result.newKeyFile === undefined) return result;
  try {
    mkdirSync(result.config.dataDirectory, { recursive: true, mode: 0o700 });
    writeFileSync(result.newKeyFile.path, result.newKeyFile.text, { flag: "wx", mode: 0o600 });
    return { ...result, newKeyFile: undefined };
  } catch (error) {
    // Another process of this installation made the key between our look and our write: use that one.
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return readConfig(sources);
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    return {
      kind: "problems",
      problems: [
        problemOf("DATA_DIR", `"${result.config.dataDirectory}" cannot be written (${why})`),
      ],
    };
  }
}

/** One line per problem, each naming its variable and the fix. Holds no secret. */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  const lines = problems.map(
    ({ variable, message, fix }) => `  ${variable} ${message}. Fix: ${fix}`,
  );
  return ["Pregonero cannot start with this configuration:", ...lines].join("\n");
}

function readTextFile(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

type FoundKey =
  | {
      readonly kind: "key";
      readonly secretKey: Secret<Buffer>;
      readonly newKeyFile: { readonly path: string; readonly text: string } | undefined;
    }
  | { readonly kind: "problem"; readonly problem: ConfigProblem };

/** SECRET_KEY; else, embedded only, the key file, which is made when it is missing. */
function findKey(
  settings: Settings,
  dataDirectory: string,
  readFile: ReadFile,
  randomKey: () => Buffer,
): FoundKey {
  if (settings.SECRET_KEY !== undefined) {
    return { kind: "key", secretKey: settings.SECRET_KEY, newKeyFile: undefined };
  }
  if (settings.DATABASE_URL !== undefined) {
    const message =
      "is missing, and with DATABASE_URL it is required: every process needs the same";
    return { kind: "problem", problem: problemOf("SECRET_KEY", message) };
  }
  const keyFile = path.join(dataDirectory, "secret.key");
  let text: string | undefined;
  try {
    text = readFile(keyFile);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? "unknown reason";
    return {
      kind: "problem",
      problem: problemOf(
        "DATA_DIR",
        `is "${dataDirectory}": its secret.key cannot be read (${why})`,
      ),
    };
  }
  if (text === undefined) {
    const made = randomKey();
    const newKeyFile = { path: keyFile, text: `${made.toString("hex")}\n` };
    return { kind: "key", secretKey: secret(made), newKeyFile };
  }
  const key = readKey(text);
  if (key === undefined) {
    const message = `in ${keyFile} is damaged (64 hexadecimal digits are expected), and without it the stored messages and tokens cannot be read`;
    return {
      kind: "problem",
      problem: { variable: "SECRET_KEY", message, fix: "restore that file from a backup" },
    };
  }
  return { kind: "key", secretKey: secret(key), newKeyFile: undefined };
}

function oidcOf(settings: Settings): Config["oidc"] {
  const {
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: clientSecret,
  } = settings;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined)
    return undefined;
  return { issuer, clientId, clientSecret };
}

function assemble(
  settings: Settings,
  dataDirectory: string,
  secretKey: Secret<Buffer>,
  env: ConfigSources["env"],
): Config {
  const isServer = settings.DATABASE_URL !== undefined;
  return {
    mode: isServer ? "server" : "embedded",
    roles: settings.ROLES ?? ROLES,
    port: settings.PORT ?? 8080,
    host: settings.HOST ?? (isServer ? "0.0.0.0" : "127.0.0.1"),
    publicUrl: settings.PUBLIC_URL,
    trustedProxyHops: settings.TRUST_PROXY ?? 0,
    dataDirectory,
    filesDirectory:
      settings.STORAGE_URL === undefined
        ? path.join(dataDirectory, "files")
        : fileURLToPath(settings.STORAGE_URL),
    databaseUrl: settings.DATABASE_URL,
    databaseConnections: settings.DATABASE_CONNECTIONS ?? 10,
    redisUrl: settings.REDIS_URL,
    secretKey,
    oldSecretKeys: settings.SECRET_KEYS_OLD ?? [],
    logLevel: settings.LOG_LEVEL ?? "info",
    logFormat: settings.LOG_FORMAT ?? "auto",
    telegramApiRoot: settings.TELEGRAM_API_ROOT ?? "https://api.telegram.org",
    xApiUrl: settings.X_API_URL ?? "https://api.x.com",
    telegramBotToken: settings.TELEGRAM_BOT_TOKEN,
    paymentSecret: settings.PAYMENT_WEBHOOK_SECRET,
    oidc: oidcOf(settings),
    models: modelsOf(settings),
    largeModels: largeModelsOf(settings),
    modelAccess: modelAccessOf(settings),
    allowsPrivateModelHosts: settings.ALLOW_PRIVATE_MODEL_HOSTS === "on",
    allowedPrivateAddresses: settings.ALLOWED_PRIVATE_ADDRESSES ?? [],
    sourcesDirectory: settings.SOURCES_DIR && path.resolve(settings.SOURCES_DIR),
    documentQuota: {
      documents: settings.DOCUMENTS_PER_TENANT ?? 1_000,
      bytes: (settings.DOCUMENT_MEGABYTES_PER_TENANT ?? 1_000) * 1_000_000,
    },
    exportDays: settings.EXPORT_DAYS ?? 3,
    securityEventDays: settings.SECURITY_EVENT_DAYS ?? 90,
    newsDays: settings.NEWS_DAYS ?? 45,
    cachesAnswers: settings.ANSWER_CACHE !== "off",
    checksGrounding: settings.MODEL_CHECK === "on",
    hedgesModels: settings.MODEL_HEDGE === "on",
    embedder: embedderOf(settings),
    transcriber: transcriberOf(settings),
    whatsappWebUrl: `${settings.WHATSAPP_WEB_URL ?? "https://web.whatsapp.com"}/`,
    whatsappPacksDirectory:
      settings.WHATSAPP_PACKS === undefined ? undefined : path.resolve(settings.WHATSAPP_PACKS),
    whatsappGraphUrl: settings.WHATSAPP_GRAPH_URL ?? "https://graph.facebook.com",
    chromiumPath: settings.CHROMIUM_PATH,
    searchPath: env.PATH ?? "",
    sampleData: settings.SAMPLE_DATA === undefined ? !isServer : settings.SAMPLE_DATA === "on",
  };
}

function embedderOf(settings: Settings): Config["embedder"] {
  const { EMBEDDER_BASE_URL, EMBEDDER_MODEL, EMBEDDER_DIMENSIONS } = settings;
  if (!EMBEDDER_BASE_URL || !EMBEDDER_MODEL || !EMBEDDER_DIMENSIONS) return undefined;
  return {
    baseUrl: EMBEDDER_BASE_URL,
    apiKey: settings.EMBEDDER_API_KEY,
    model: EMBEDDER_MODEL,
    dimensions: EMBEDDER_DIMENSIONS,
    isOpenAi: new URL(EMBEDDER_BASE_URL).hostname === "api.openai.com",
  };
}
