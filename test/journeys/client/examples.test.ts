import { execFile, spawn } from "node:child_process";
import { copyFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { API_KEY_SCOPES } from "../../../src/core/api-keys.ts";
import { curlOf, type DescribedOperation, variableOf } from "../../../src/http/docs-curl.ts";
import type { Schemas } from "../../../src/http/docs-sample.ts";
import { describeApi } from "../../../src/http/openapi.ts";
import { repositoryRoot } from "../../services/harness/repository.ts";
import { PASSWORD, type RunningPeople, setUp, startPeople } from "../people/running-people.ts";

const run = promisify(execFile);
const root = repositoryRoot();

let people: RunningPeople;
let key: string;

beforeAll(async () => {
  people = await startPeople();
  await setUp(people);
  await people.join("lee@example.org", "viewer");
  const { apiKeys, tenantId } = people.installation;
  const scopes = ["analytics", "contacts", "documents", "events"] as const;
  ({ key } = await apiKeys.create(tenantId, "examples", scopes));
});
afterAll(() => people?.close());
afterEach(() => vi.unstubAllEnvs());

/** Fenced blocks of a page that talk to the API, in order. */
function examplesOf(markdown: string): readonly string[] {
  const blocks = [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)];
  return blocks
    .filter(([, language, text = ""]) => language === "ts" || /curl\b.*\/api\/v1/.test(text))
    .map(([, , text = ""]) => text);
}

async function readPage(page: string): Promise<string> {
  return readFile(path.join(root, page), "utf8");
}

/** Runs the shell lines of a page as a reader would, in a folder with the files that they name. */
async function runShell(
  script: string,
  files: Readonly<Record<string, string>> = {},
  variables: Readonly<Record<string, string>> = {},
) {
  const folder = await mkdtemp(path.join(tmpdir(), "pregonero-example-"));
  try {
    for (const [name, from] of Object.entries(files)) {
      await copyFile(path.join(root, from), path.join(folder, name));
    }
    const { stdout } = await run("bash", ["-eu", "-o", "pipefail", "-c", script], {
      cwd: folder,
      env: { PATH: process.env.PATH, URL: people.url, KEY: key, ...variables },
      maxBuffer: 64e6,
      timeout: 120_000,
    });
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe("the examples of the pages", () => {
  it("are all run: those of a page that this file does not know would not be", async () => {
    const pages = (await readdir(path.join(root, "docs"), { recursive: true }))
      .filter((file) => file.endsWith(".md"))
      .map((file) => `docs/${file}`);
    const withExamples: string[] = [];
    for (const page of [...pages, "README.md"]) {
      if (examplesOf(await readPage(page)).length > 0) withExamples.push(page);
    }
    expect(withExamples.toSorted()).toEqual([
      "docs/client.md",
      "docs/documents.md",
      "docs/events.md",
    ]);
  });

  it("docs/client.md, whose blocks are one program", async () => {
    const program = await readPage("docs/examples/client.ts");
    const blocks = examplesOf(await readPage("docs/client.md"));
    expect(blocks.join("\n")).toBe(program.slice(program.indexOf("\n\n") + 2));
    const lines: string[] = [];
    vi.spyOn(console, "log").mockImplementation((...words) => void lines.push(words.join(" ")));
    vi.stubEnv("PREGONERO_URL", people.url);
    vi.stubEnv("PREGONERO_KEY", key);
    vi.stubEnv("EMAIL", "lee@example.org");
    vi.stubEnv("PASSWORD", PASSWORD);
    await import("../../../docs/examples/client.ts");
    const isEvent = (line: string) => line.endsWith(" [object Object]");
    expect(lines.filter((line) => !isEvent(line))).toEqual([
      expect.stringMatching(/^made [0-9a-f-]{36}$/),
      expect.stringMatching(/^[0-9a-f-]{36} Berta prensa$/),
      expect.stringMatching(/^400 invalid-input [0-9a-f-]{36}$/),
      expect.stringMatching(/^identifiers /),
      expect.stringMatching(/^\w+(,\w+)+/),
      "signed-in as lee@example.org",
    ]);
  });

  it("docs/documents.md", async () => {
    const [script = ""] = examplesOf(await readPage("docs/documents.md"));
    const said = await runShell(script, {
      "reglamento.pdf": "sample/BOE-A-2024-7309.pdf",
    });
    expect(said).toContain('"title":"Reglamento de parques"');
    expect(said).toContain('"fileName":"reglamento.pdf"');
  });

  it("docs/events.md", async () => {
    const [script = ""] = examplesOf(await readPage("docs/events.md"));
    // One process: a stream has no end of its own, and is left when the past is told.
    const curl = spawn("bash", ["-euc", `exec ${script}`], {
      env: { PATH: process.env.PATH, URL: people.url, KEY: key },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let said = "";
    for await (const chunk of curl.stdout.setEncoding("utf8")) {
      said += chunk;
      if (said.includes("event: ready")) break;
    }
    curl.kill();
    expect(said).toContain("event: ready");
  });

  it("of the API's page: the server takes every call of a program as it stands there", async () => {
    const document = describeApi({ version: "0", publicUrl: undefined });
    const calls = Object.entries(document.paths ?? {}).flatMap(([address, item]) =>
      Object.entries(item as Readonly<Record<string, DescribedOperation>>).map(
        ([method, operation]) =>
          curlOf((document.components?.schemas ?? {}) as Schemas, method, address, operation),
      ),
    );
    const ofPrograms = calls.filter((call) => call.includes("$KEY") && !call.includes("curl -N"));
    const { apiKeys, tenantId } = people.installation;
    const { key: master } = await apiKeys.create(tenantId, "every example", API_KEY_SCOPES);
    const script = ofPrograms
      .map((call) => call.replace(/^curl (-OJ )?/, "").replace("@FILE", "@/dev/null"))
      .map((call) => `curl -s -w '\n%{http_code}\n\x1e' ${call}`)
      .join("\n");
    const said = await runShell(`set +eu\n${script}`, {}, { KEY: master, ...VARIABLES });
    const answers = said.split("\x1e").slice(0, -1);
    expect(answers).toHaveLength(ofPrograms.length);
    const refused = answers.flatMap((answer, at) =>
      /"code":"(invalid-input|bad-json|unsupported-media-type)"|\n5\d\d\n$/.test(answer)
        ? [`${ofPrograms[at]}\n${answer}`]
        : [],
    );
    expect(refused).toEqual([]);
  });
});

/** Of nobody and nothing: what is asked is understood, and not found. */
const VARIABLES = {
  ...Object.fromEntries(
    Object.keys(describeApi({ version: "0", publicUrl: undefined }).paths ?? {}).flatMap(
      (address) =>
        [...address.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => [
          variableOf(name),
          "00000000-0000-4000-8000-000000000000",
        ]),
    ),
  ),
  ETAG: '"r1"',
  PAGE: "1",
  PERIOD: "day",
  VERSION: "1",
};
