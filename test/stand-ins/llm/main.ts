import { parseArgs } from "node:util";
import { LLM_FAULTS, type LlmFault } from "./llm-fault.ts";
import { LLM_PROTOCOLS, startLlmStandIn } from "./llm-stand-in.ts";
import type { ReceivedCall } from "./wire-format.ts";

/** Stable, so that an address written down keeps working. */
const PORT = 8082;
/** Each provider of Pregonero, the protocol that it speaks, and a model of that name with a price. */
const PROVIDERS = [
  ["OPENAI", "openai-responses", "gpt-5-mini"],
  ["ANTHROPIC", "anthropic", "claude-haiku-4-5"],
  ["GEMINI", "gemini", "gemini-2.5-flash"],
  ["XAI", "openai-chat", "grok-4"],
  ["LOCAL_LLM", "openai-chat", "stand-in"],
] as const;

/** A model that obeys: the beginning of the first passage that it was shown, cited. */
function quoteFirstPassage(body: ReceivedCall["body"]): string {
  const [, passage] =
    /<passage number=\\"1\\"[^>]*>\\n(.*?)\\n<\/passage>/.exec(JSON.stringify(body)) ?? [];
  if (passage === undefined) return "NO_ANSWER";
  const lines = (JSON.parse(`"${passage}"`) as string).split("\n");
  const sentence = /^.{40,300}?[.;:]/su.exec(lines.slice(1).join(" "))?.[0];
  return `${(sentence ?? lines.join(" ").slice(0, 200)).replace(/[.;:]$/, "")} [1].`;
}

/** Starts all protocols on one port, and says how to point Pregonero at them. */
async function runAsProgram(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      fault: { type: "string" },
      text: { type: "string" },
      transcript: { type: "string" },
      pieces: { type: "string" },
    },
  });
  const port = Number(values.port ?? PORT);
  const fault = faultOf(values.fault);
  const standIn = await startLlmStandIn({
    protocol: "all",
    port,
    text: values.text ?? quoteFirstPassage,
    transcript: values.transcript ?? "¿Qué se publicó en la última edición?",
    pieces: Number(values.pieces ?? 40),
    ...(fault === undefined ? {} : { fault }),
  });
  const how = PROVIDERS.map(([name, protocol, model]) => {
    const key = name === "LOCAL_LLM" ? "" : ` ${name}_API_KEY=stand-in`;
    const baseUrl = `${standIn.baseUrl}${LLM_PROTOCOLS[protocol].basePath}`;
    return `  ${name}_BASE_URL=${baseUrl} ${name}_MODEL=${model}${key}`;
  });
  const hearing = `  TRANSCRIBER_BASE_URL=${standIn.baseUrl}/v1 TRANSCRIBER_MODEL=whisper-1`;
  console.log(`Language models of no one at ${standIn.baseUrl}: OpenAI, Anthropic, Gemini, xAI and a local server.
${fault === undefined ? "They quote the first passage that they are shown." : `Every call goes wrong: ${JSON.stringify(fault)}.`}

Point Pregonero at one or more, in another terminal, before \`npm start\`:

${how.join("\n")}
${hearing}      # hears --transcript in every voice note

Ctrl-C ends it. Nothing is kept. Faults, one with --fault:
  ${Object.keys(LLM_FAULTS).join(", ")}`);
}

function faultOf(kind: string | undefined): LlmFault | undefined {
  if (kind === undefined) return undefined;
  const fault = Object.values(LLM_FAULTS).find((known) => known.kind === kind);
  if (fault !== undefined) return fault;
  console.error(`No fault "${kind}". One of: ${Object.keys(LLM_FAULTS).join(", ")}.`);
  process.exit(64);
}

try {
  await runAsProgram();
} catch (error) {
  if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
  console.error("That port is in use: choose another with --port.");
  process.exitCode = 1;
}
