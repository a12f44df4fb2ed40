import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { examineInstallation } from "../../src/cli/doctor/examine.ts";
import { readConfig } from "../../src/config.ts";
import type { Answer } from "../../src/core/answer.ts";
import { noFaults } from "../../src/core/fault-point.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { type Installation, openInstallation } from "../../src/installation.ts";
import { type Running, startRoles } from "../../src/main.ts";
import { copyPreparedData, SECRET_KEY } from "./prepared-data.ts";

let dataDirectory: string;
let installation: Installation;
let running: Running;

beforeAll(async () => {
  dataDirectory = await mkdtemp(path.join(tmpdir(), "pregonero-port-"));
  await copyPreparedData(dataDirectory);
  const read = readConfig({
    env: {
      PORT: "0",
      HOST: "127.0.0.1",
      DATA_DIR: dataDirectory,
      SECRET_KEY,
      SAMPLE_DATA: "off",
    },
    readFile: () => undefined,
  });
  if (read.kind === "problems") throw new Error(JSON.stringify(read.problems));
  installation = await openInstallation(read.config, {
    logger: silentLogger,
    faultPoint: noFaults,
    actor: "server",
    onStep() {},
  });
  running = await startRoles(installation, {
    faultPoint: noFaults,
    examine: examineInstallation(installation),
  });
});
afterAll(async () => {
  await running.close();
  await installation.close();
  await rm(dataDirectory, { recursive: true, force: true });
});

it("with PORT=0, a citation leads to the port that was given, and the page is there", async () => {
  const response = await fetch(`${running.url}/api/v1/ask`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      question: "¿Qué se resuelve sobre la Oficina Consular en El Calafate?",
    }),
  });
  const answer = (await response.json()) as Answer;
  expect(answer.abstained).toBe(false);
  const urls = answer.citations.map((citation) => citation.url);
  expect(urls.length).toBeGreaterThan(0);
  for (const url of urls) expect(new URL(url).origin).toBe(running.url);
  expect((await fetch(urls[0] ?? "")).status).toBe(200);
});
