import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { linkTo } from "../access-links.ts";
import type { Config } from "../config.ts";
import { noFaults } from "../core/fault-point.ts";
import type { Logger } from "../core/logger.ts";
import { type Installation, openInstallation } from "../installation.ts";
import { type Running, startRoles } from "../main.ts";
import { findPackageRoot } from "../package-root.ts";
import { countPublicEditions } from "../store/diagnostics.ts";
import { examineInstallation } from "./doctor/examine.ts";
import type { Output } from "./ports.ts";
import { createContext } from "./terminal.ts";

const STEPS = {
  open: "Opening the database …",
  migrate: "Bringing its schema up to date …",
} as const;

/** Longest time for what is under way when we are told to stop; Compose and Kubernetes kill after 30 s. */
const DRAIN_MS = 25_000;

/** Runs the configured roles until `signal` aborts, then drains. Returns the exit code. */
export async function startCommand(
  config: Config,
  options: { readonly logger: Logger; readonly out: Output; readonly signal: AbortSignal },
): Promise<number> {
  const { logger, out, signal } = options;
  const installation = await openInstallation(config, {
    logger,
    faultPoint: noFaults,
    actor: "server",
    onStep: (step) => out.progress(STEPS[step]),
  });
  try {
    const running = await startRoles(installation, {
      faultPoint: noFaults,
      examine: examineInstallation(installation),
    });
    try {
      if (config.sampleData) await ingestSample(installation, options);
      if (!signal.aborted) {
        out.progress(describeRunning(installation, running));
        await offerSetUp(installation, running, out);
      }
      await aborted(signal);
      logger.info("stopping", { pid: process.pid });
    } finally {
      await within(DRAIN_MS, running.close(), logger);
    }
  } finally {
    await installation.close();
  }
  return 0;
}

const sampleShape = z.object({
  source: z.string(),
  publishedOn: z.iso.date(),
  number: z.string(),
  files: z.array(z.string()),
});

/** The sample edition that ships in `sample/`. What is ingested already is recognised by its bytes, in milliseconds. */
async function ingestSample(
  { ingest, database }: Installation,
  {
    logger,
    out,
    signal,
  }: { readonly logger: Logger; readonly out: Output; readonly signal: AbortSignal },
): Promise<void> {
  const folder = path.join(findPackageRoot(), "sample");
  const sample = sampleShape.parse(
    JSON.parse(readFileSync(path.join(folder, "sample.json"), "utf8")),
  );
  const isFirst = (await countPublicEditions(database)) === 0;
  if (isFirst)
    out.progress(`Ingesting the sample edition (${sample.source}, ${sample.publishedOn}) …`);
  const { onProgress } = createContext(signal, out);
  for (const file of sample.files) {
    if (signal.aborted) return;
    const report = await ingest(
      {
        document: { filePath: path.join(folder, file) },
        source: sample.source,
        publishedOn: sample.publishedOn,
        number: sample.number,
        documentName: file,
      },
      { signal, ...(isFirst ? { onProgress } : {}) },
    ).catch((error: unknown) => {
      // Without the sample the service is whole, only empty.
      if (!signal.aborted) logger.error("sample-not-ingested", { file, error });
    });
    if (report?.outcome === "stored") {
      out.progress(`  ${file}: ${report.pageCount} pages, ${report.actCount} acts`);
    }
  }
}

/** Until there is somebody, each start prints a link for the first person; the one printed last works, once. */
async function offerSetUp(
  { people, site }: Installation,
  running: Running,
  out: Output,
): Promise<void> {
  if (running.url === undefined) return;
  const token = await people.members.prepareSetUp();
  if (token === undefined) return;
  out.progress(
    `Nobody can sign in yet. Make the owner's account with this link (it works once):\n  ${linkTo(site.url, "setup", token)}\n`,
  );
}

function describeRunning({ config, registry }: Installation, running: Running): string {
  const { url, webChatKey } = running;
  if (url === undefined) return `Pregonero runs (${config.roles.join(", ")}). Stop it with Ctrl-C.`;
  const bots = registry.list();
  const telegram = bots.filter((bot) => bot.channel === "telegram");
  const address = config.publicUrl ?? url;
  const how =
    config.publicUrl === undefined
      ? "it polls, so no public address is needed"
      : `webhooks arrive at ${config.publicUrl}`;
  return [
    "",
    "Pregonero runs.",
    ...(webChatKey === undefined ? [] : [`  Ask in the browser:   ${address}/chat/${webChatKey}`]),
    '  Ask in a terminal:    npm run -s pregonero -- ask "¿…?"',
    `  Ask by HTTP:          POST ${address}/api/v1/ask${config.mode === "server" ? "   (with a key: npm run -s pregonero -- key add NAME)" : ""}`,
    ...(telegram.length > 0
      ? [
          `  Telegram:             ${telegram.map((bot) => `@${bot.settings.username}`).join(", ")} (${how})`,
        ]
      : [`  Connect Telegram:     npm run -s pregonero -- bot add telegram   (${how})`]),
    ...(bots.some((bot) => bot.channel.startsWith("whatsapp"))
      ? []
      : ["  Connect WhatsApp:     docs/whatsapp-cloud.md (official), docs/whatsapp-web.md"]),
    "  Is all well?          npm run -s pregonero -- doctor",
    "  Stop:                 Ctrl-C",
    "",
  ].join("\n");
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

async function within(limitMs: number, closing: Promise<void>, logger: Logger): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), limitMs);
  });
  const outcome = await Promise.race([closing, late]);
  clearTimeout(timer);
  // Whatever is still under way is found by its lease and its attempt, as after a crash.
  if (outcome === "late") logger.warn("drain-incomplete", { limitMs });
}
