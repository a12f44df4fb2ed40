import { mkdtempSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { inspect } from "node:util";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Config, describeProblems, loadConfig, readConfig } from "./config.ts";

const KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const SERVER = { DATABASE_URL: "postgres://u:geheim@localhost/db", SECRET_KEY: KEY };

function read(env: Record<string, string>, files: Record<string, string> = {}) {
  return readConfig({
    env,
    readFile: (file) => files[file],
    randomKey: () => Buffer.from(KEY, "hex"),
  });
}

function config(env: Record<string, string>, files: Record<string, string> = {}): Config {
  const result = read(env, files);
  if (result.kind === "problems") throw new Error(describeProblems(result.problems));
  return result.config;
}

function complaints(env: Record<string, string>, files: Record<string, string> = {}) {
  const result = read(env, files);
  return result.kind === "problems" ? describeProblems(result.problems) : "";
}

describe("defaults", () => {
  it("an empty environment is an embedded installation on loopback with the sample", () => {
    expect(config({})).toMatchObject({
      mode: "embedded",
      port: 8080,
      host: "127.0.0.1",
      roles: ["api", "worker", "scheduler", "whatsapp"],
      whatsappWebUrl: "https://web.whatsapp.com/",
      whatsappPacksDirectory: undefined,
      whatsappGraphUrl: "https://graph.facebook.com",
      dataDirectory: path.resolve("data"),
      filesDirectory: path.resolve("data/files"),
      telegramApiRoot: "https://api.telegram.org",
      models: [],
      cachesAnswers: true,
      hedgesModels: false,
      checksGrounding: false,
      embedder: undefined,
      transcriber: undefined,
      sampleData: true,
    });
  });

  it("DATABASE_URL makes it a server on all addresses without the sample", () => {
    expect(config(SERVER)).toMatchObject({ mode: "server", host: "0.0.0.0", sampleData: false });
  });

  it("an empty value counts as absent", () => {
    expect(config({ PORT: "", DATABASE_URL: " ", REDIS_URL: "" }).mode).toBe("embedded");
  });

  it("a small machine may leave the browsers of WhatsApp Web out", () => {
    const { roles } = config({ ROLES: "worker,scheduler,api" });
    expect(roles).toEqual(["api", "worker", "scheduler"]);
  });

  it("is frozen", () => {
    expect(Object.isFrozen(config({}))).toBe(true);
  });
});

describe("the key", () => {
  it("is made once in an embedded installation and then read from its file", () => {
    const first = read({});
    expect(first).toMatchObject({
      kind: "config",
      newKeyFile: { path: path.resolve("data/secret.key"), text: `${KEY}\n` },
    });
    const again = read({}, { [path.resolve("data/secret.key")]: `${KEY}\n` });
    expect(again).toMatchObject({ kind: "config", newKeyFile: undefined });
  });

  it("is accepted as hexadecimal and as base64, and is the same key", () => {
    const base64 = Buffer.from(KEY, "hex").toString("base64");
    const keys = [KEY, base64].map((text) => config({ SECRET_KEY: text }).secretKey.reveal());
    expect(keys[0]).toEqual(keys[1]);
    expect(keys[0]).toHaveLength(32);
  });

  it("is required on a server", () => {
    expect(complaints({ DATABASE_URL: SERVER.DATABASE_URL })).toMatch(/SECRET_KEY is missing/);
  });

  it("is refused when short, when it repeats itself, and when its file is damaged", () => {
    expect(complaints({ SECRET_KEY: "short" })).toMatch(/SECRET_KEY must be 32 bytes/);
    expect(complaints({ SECRET_KEY: "00".repeat(32) })).toMatch(/SECRET_KEY is not random/);
    expect(complaints({}, { [path.resolve("data/secret.key")]: "torn" })).toMatch(
      /damaged.*backup/,
    );
  });
});

describe("refusals", () => {
  it.each([
    [
      { PORT: "abc" },
      /PORT is "abc": it must be a whole number from 0 to 65535.*set PORT to e\.g\. 8080/,
    ],
    [{ PORT: "70000" }, /PORT is "70000"/],
    [{ PUBLIC_URL: "gaceta.example.org" }, /PUBLIC_URL .*begins with http:\/\/ or https:\/\//],
    [{ DATABASE_URL: "mysql://x", SECRET_KEY: KEY }, /DATABASE_URL must be .*postgres:\/\//],
    [{ STORAGE_URL: "s3://bucket" }, /STORAGE_URL .*file:\/\//],
    [{ ROLES: "api,signal", ...SERVER }, /ROLES/],
    [{ ROLES: "whatsapp" }, /ROLES leaves roles out/],
    [{ ROLES: "api" }, /ROLES leaves roles out.*DATABASE_URL/],
    [{ REDIS_URL: "redis://localhost" }, /REDIS_URL is set without DATABASE_URL/],
    [{ OPENAI_API_KEY: "sk-1" }, /OPENAI_MODEL is missing, and OPENAI_API_KEY needs it/],
    [{ LOCAL_LLM_BASE_URL: "http://127.0.0.1:1/v1" }, /LOCAL_LLM_MODEL is missing/],
    [{ GEMINI_API_KEY: "k" }, /GEMINI_MODEL is missing, and GEMINI_API_KEY needs it/],
    [
      { MODEL_CHAIN: "openai:m,mistral" },
      /MODEL_CHAIN.*names "mistral"; a link is one of openai, anthropic, gemini, xai, local/,
    ],
    [{ MODEL_CHAIN: "xai" }, /XAI_MODEL is missing, and MODEL_CHAIN names xai without a model/],
    [{ MODEL_CHAIN: "local:m" }, /LOCAL_LLM_BASE_URL is missing, and MODEL_CHAIN names local/],
    [
      { EMBEDDER_BASE_URL: "http://127.0.0.1:1/v1" },
      /EMBEDDER_MODEL is missing[\s\S]*EMBEDDER_DIMENSIONS/,
    ],
    [{ LOG_LEVEL: "loud" }, /LOG_LEVEL is "loud": it must be one of debug, info/],
    [{ TELEGRAM_BOT_TOKEN: "not a token" }, /TELEGRAM_BOT_TOKEN must look like/],
  ])("%j names the variable and the fix", (env, expected) => {
    expect(complaints(env as Record<string, string>)).toMatch(expected);
  });

  it("reports every problem at once", () => {
    expect(complaints({ PORT: "x", LOG_LEVEL: "y" })).toMatch(/PORT[\s\S]*LOG_LEVEL/);
  });

  it("never repeats a secret, be it wrong", () => {
    const text = complaints({
      DATABASE_URL: "mysql://u:geheim@localhost",
      PUBLIC_URL: "https://u:geheim@example.org",
      SECRET_KEY: "geheim",
      TELEGRAM_BOT_TOKEN: "geheim",
    });
    expect(text).not.toContain("geheim");
  });

  it("any text in any variable gives a configuration or a complaint, never a throw", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("PORT", "PUBLIC_URL", "ROLES", "SECRET_KEY"),
        fc.string(),
        (name, value) => {
          expect(["config", "problems"]).toContain(read({ [name]: value }).kind);
        },
      ),
    );
  });
});

describe("the file that PREGONERO_CONFIG names", () => {
  const env = { PREGONERO_CONFIG: "c.yaml" };

  it("sets what the environment leaves open", () => {
    const files = { "c.yaml": "PORT: 9000\nLOG_LEVEL: warn\n" };
    expect(config({ ...env, PORT: "9001" }, files)).toMatchObject({ port: 9001, logLevel: "warn" });
  });

  it("is refused when missing, when not a list of settings, and for a name that does not exist", () => {
    expect(complaints(env)).toMatch(/PREGONERO_CONFIG names c.yaml, which is not there/);
    expect(complaints(env, { "c.yaml": "- 1\n" })).toMatch(/not a list/);
    expect(complaints(env, { "c.yaml": "PROT: 1\n" })).toMatch(/PROT in c.yaml is not a setting/);
  });

  it("shows the line of a syntax error, not its text", () => {
    const text = complaints(env, { "c.yaml": "PORT: 1\nSECRET_KEY: [geheim\n" });
    expect(text).toMatch(/line 3|line 2/);
    expect(text).not.toContain("geheim");
  });
});

describe("secrets", () => {
  it("do not show when the configuration is printed, serialised or interpolated", () => {
    const shown = config({ ...SERVER, TELEGRAM_BOT_TOKEN: "1:geheim" });
    const text = `${inspect(shown, { depth: 9 })} ${JSON.stringify(shown)} ${shown.databaseUrl}`;
    expect(text).not.toMatch(/geheim|00112233/);
    expect(shown.telegramBotToken?.reveal()).toBe("1:geheim");
  });
});

describe("loadConfig", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("writes the generated key readable by its owner alone, and finds it again", () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "pregonero-config-"));
    vi.stubEnv("DATA_DIR", path.join(folder, "data"));
    const [first, second] = [loadConfig(), loadConfig()];
    if (first.kind !== "config" || second.kind !== "config") throw new Error("refused");
    expect(second.config.secretKey.reveal()).toEqual(first.config.secretKey.reveal());
    expect(statSync(path.join(folder, "data", "secret.key")).mode & 0o777).toBe(0o600);
  });

  it("names DATA_DIR when it cannot be written", () => {
    vi.stubEnv("DATA_DIR", "/dev/null/data");
    const result = loadConfig();
    expect(result.kind === "problems" && describeProblems(result.problems)).toMatch(
      /DATA_DIR.*ENOTDIR/,
    );
  });
});

describe("the chain of models", () => {
  const chain = (env: Record<string, string>) => {
    const result = readConfig({ env, readFile: () => undefined });
    if (result.kind === "problems") throw new Error(describeProblems(result.problems));
    return result.config.models.map(({ provider, model, baseUrl, needsKey, speaksOnlyChat }) => [
      `${provider}:${model}`,
      baseUrl,
      ...(needsKey ? ["needs key"] : []),
      ...(speaksOnlyChat ? ["chat"] : []),
    ]);
  };
  const LOCAL = { LOCAL_LLM_BASE_URL: "http://127.0.0.1:11434/v1", LOCAL_LLM_MODEL: "llama3.1" };
  const GEMINI = { GEMINI_API_KEY: "g", GEMINI_MODEL: "gemini-2.5-flash" };

  it("is every configured one, its own machine last", () => {
    expect(chain({ ...LOCAL, ...GEMINI })).toEqual([
      ["gemini:gemini-2.5-flash", "https://generativelanguage.googleapis.com"],
      ["local:llama3.1", "http://127.0.0.1:11434/v1", "chat"],
    ]);
  });

  it("is in the order and of the models that MODEL_CHAIN names", () => {
    const MODEL_CHAIN = "local:qwen:7b, gemini ,openai:gpt-5-mini";
    expect(chain({ ...LOCAL, ...GEMINI, OPENAI_API_KEY: "k", MODEL_CHAIN })).toEqual([
      ["local:qwen:7b", "http://127.0.0.1:11434/v1", "chat"],
      ["gemini:gemini-2.5-flash", "https://generativelanguage.googleapis.com"],
      ["openai:gpt-5-mini", "https://api.openai.com/v1"],
    ]);
  });

  it("has another for large questions only where MODEL_CHAIN_LARGE names it", () => {
    const large = (env: Readonly<Record<string, string>>) =>
      config(env).largeModels.map(({ provider, model }) => `${provider}:${model}`);
    expect(large({ ...LOCAL, ...GEMINI })).toEqual([]);
    const MODEL_CHAIN_LARGE = "gemini:gemini-2.5-pro,local";
    expect(large({ ...LOCAL, ...GEMINI, MODEL_CHAIN_LARGE })).toEqual([
      "gemini:gemini-2.5-pro",
      "local:llama3.1",
    ]);
    expect(complaints({ MODEL_CHAIN_LARGE: "local:m" })).toMatch(
      /LOCAL_LLM_BASE_URL is missing, and MODEL_CHAIN_LARGE names local/,
    );
  });

  it("keeps a link without a key, marked", () => {
    expect(chain({ MODEL_CHAIN: "anthropic:claude-haiku-4-5" })).toEqual([
      ["anthropic:claude-haiku-4-5", "https://api.anthropic.com", "needs key"],
    ]);
  });

  it("takes another server at OPENAI_BASE_URL without a key, by chat completions", () => {
    expect(chain({ OPENAI_BASE_URL: "http://10.0.0.2/v1", OPENAI_MODEL: "m" })).toEqual([
      ["openai:m", "http://10.0.0.2/v1", "chat"],
    ]);
  });
});

describe("what hears voice notes", () => {
  it("is OpenAI's own with its key, or another server without it", () => {
    const key = { OPENAI_API_KEY: "sk-1", OPENAI_MODEL: "gpt-5-mini" };
    const model = { TRANSCRIBER_MODEL: "whisper-1" };
    const own = config({ ...key, ...model }).transcriber;
    expect(own).toMatchObject({ baseUrl: "https://api.openai.com/v1", isOpenAi: true });
    expect(own?.apiKey?.reveal()).toBe("sk-1");
    const other = { TRANSCRIBER_BASE_URL: "http://127.0.0.1:8000/v1" };
    const elsewhere = config({ ...key, ...model, ...other }).transcriber;
    expect(elsewhere).toMatchObject({ baseUrl: other.TRANSCRIBER_BASE_URL, isOpenAi: false });
    expect(elsewhere?.apiKey).toBeUndefined();
    expect(config(key).transcriber).toBeUndefined();
  });

  it("never gets to OpenAI with the key of another server at OPENAI_BASE_URL", () => {
    const another = {
      OPENAI_API_KEY: "of another",
      OPENAI_MODEL: "m",
      OPENAI_BASE_URL: "https://llm.example/v1",
      TRANSCRIBER_MODEL: "whisper-1",
    };
    expect(complaints(another)).toMatch(/TRANSCRIBER_BASE_URL is missing/);
    const home = { ...another, TRANSCRIBER_BASE_URL: "https://api.openai.com/v1" };
    expect(config(home).transcriber?.apiKey).toBeUndefined();
  });

  it.each([
    [{ TRANSCRIBER_BASE_URL: "http://127.0.0.1:8000/v1" }, /TRANSCRIBER_MODEL is missing/],
    [{ TRANSCRIBER_API_KEY: "sk-1" }, /TRANSCRIBER_MODEL is missing/],
    [{ TRANSCRIBER_MODEL: "whisper-1" }, /TRANSCRIBER_API_KEY is missing/],
  ])("is refused when only half is told: %o", (env, complaint) => {
    expect(complaints(env)).toMatch(complaint);
  });
});
