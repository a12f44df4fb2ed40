import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { LLM_FAULTS, type LlmFault } from "./llm-fault.ts";
import {
  LLM_PROTOCOLS,
  type LlmProtocol,
  type LlmStandIn,
  startLlmStandIn,
} from "./llm-stand-in.ts";
import { obeyPrompt } from "./obedient-model.ts";

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
    text: values.text ?? obeyPrompt,
    transcript: values.transcript ?? "¿Qué dice la orden sobre la Oficina Consular en El Calafate?",
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
${fault === undefined ? "They plan, see, and write what the passages shown say." : `Every call goes wrong: ${JSON.stringify(fault)}.`}

Point Pregonero at one or more, in another terminal, before \`npm start\`:

${how.join("\n")}
${hearing}      # hears --transcript in every voice note

Photos are read where the model's name is known to see (gpt-5-mini), or with MODELS_THAT_SEE=local:stand-in.
Ctrl-C ends it. Nothing is kept. Type a fault and Enter: from then on every call goes wrong so, or those of one
protocol (\`overloaded anthropic\`); \`ok\` ends it. The first one may come with --fault.
  Faults: ${Object.keys(LLM_FAULTS).join(", ")}
  Protocols: ${Object.keys(LLM_PROTOCOLS).join(", ")}`);
  obeySwitchboard(standIn);
}

/** A line of the terminal is a fault (or `ok`), and perhaps a protocol. */
function obeySwitchboard(standIn: LlmStandIn): void {
  createInterface({ input: process.stdin }).on("line", (line) => {
    const [kind = "", protocol] = line.trim().split(/\s+/);
    if (kind === "") return;
    const fault = Object.values(LLM_FAULTS).find((known) => known.kind === kind);
    const isKnown = (kind === "ok" || fault !== undefined) && isProtocol(protocol);
    if (isKnown) standIn.setFault(fault, protocol);
    console.log(isKnown ? `${kind}: ${protocol ?? "every call"} from now on.` : `No "${line}".`);
  });
}

function isProtocol(name: string | undefined): name is LlmProtocol | undefined {
  return name === undefined || name in LLM_PROTOCOLS;
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
