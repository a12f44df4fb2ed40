import type { AssistantDraft, AssistantView, LinkDraft, LinkView } from "../core/assistant.ts";
import { PregoneroError } from "../core/errors.ts";
import { formatUsd } from "./budget.ts";
import type { CommandContext, CommandPorts, Output } from "./ports.ts";
import { table } from "./terminal.ts";

/** What `assistant set` may change; what is not given stays as it is. */
export interface AssistantChange extends Omit<AssistantDraft, "chain" | "large" | "revision"> {
  /** `PROVIDER:MODEL`, comma-separated. */
  readonly chain?: string | undefined;
  readonly large?: string | undefined;
  /** `PROVIDER=URL`: where the links of that provider are reached. */
  readonly baseUrl?: readonly string[] | undefined;
  /** Keys by provider, as they were typed. */
  readonly keys?: Readonly<Record<string, string>> | undefined;
  readonly unlisted?: boolean | undefined;
}

export async function listAssistantsCommand(
  ports: Pick<CommandPorts, "listAssistants">,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const assistants = await ports.listAssistants({}, context);
  if (assistants.length === 0) {
    out.progress(
      "There is no assistant: the models of the environment answer. Make one with: pregonero assistant set NAME",
    );
    return 0;
  }
  const rows = assistants.map((one) => [
    one.name,
    one.isDefault ? "default" : `${one.bots.length} bots`,
    one.quotesOnly ? "quotations only" : one.chain.map(linkName).join(", ") || "the installation's",
    one.large.map(linkName).join(", "),
  ]);
  out.result(table([["NAME", "ANSWERS FOR", "CHAIN", "LARGE"], ...rows]));
  return 0;
}

export async function showAssistantCommand(
  ports: Pick<CommandPorts, "listAssistants">,
  { name }: { readonly name: string },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const found = (await ports.listAssistants({}, context)).find((one) => one.name === name);
  if (found === undefined) throw unknown(name);
  out.result(describe(found));
  return 0;
}

export async function setAssistantCommand(
  ports: Pick<CommandPorts, "listAssistants" | "saveAssistant">,
  { name, change }: { readonly name: string; readonly change: AssistantChange },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const known = (await ports.listAssistants({}, context)).find((one) => one.name === name);
  const saved = await ports.saveAssistant({ name, draft: toDraft(known, change) }, context);
  out.result(describe(saved));
  return 0;
}

export async function useAssistantCommand(
  ports: Pick<CommandPorts, "useAssistant">,
  input: { readonly bot: string; readonly name?: string | undefined },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { name } = await ports.useAssistant(input, context);
  const how = input.name === undefined ? "the default assistant" : `assistant ${input.name}`;
  out.result(`${name} answers with ${how} from now on.`);
  return 0;
}

export async function removeAssistantCommand(
  ports: Pick<CommandPorts, "removeAssistant">,
  input: { readonly name: string },
  context: CommandContext,
  out: Output,
): Promise<number> {
  await ports.removeAssistant(input, context);
  out.result(`Assistant ${input.name} is removed.`);
  return 0;
}

export async function listModelsCommand(
  ports: Pick<CommandPorts, "listModels">,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const models = await ports.listModels({}, context);
  if (models.length === 0) {
    out.progress("No model is set up: answers are quotations.");
    return 0;
  }
  const rows = models.map((one) => [
    one.assistant ?? "(installation)",
    one.route,
    String(one.position),
    one.link,
    one.restingUntil === null ? STATES[one.state] : `resting until ${one.restingUntil}`,
    String(one.calls),
    formatUsd(one.costMicroUsd),
    one.firstTokenMs === null ? "" : `${one.firstTokenMs.p50} / ${one.firstTokenMs.p95} ms`,
  ]);
  const head = [
    "ASSISTANT",
    "ROUTE",
    "",
    "LINK",
    "STATE",
    "CALLS",
    "COST",
    "FIRST TOKEN P50 / P95",
  ];
  out.result(table([head, ...rows]));
  return 0;
}

const STATES = {
  ok: "ok",
  "needs-key": "needs key",
  resting: "resting",
  "too-dear": "too dear",
  "price-unknown": "price unknown",
} as const;

/** What it is with the change, whole: a link that stays keeps its address, and so its key. */
function toDraft(known: AssistantView | undefined, change: AssistantChange): AssistantDraft {
  const { chain, large, baseUrl, keys, unlisted, ...rest } = change;
  const { bots: _bots, name: _name, chain: usual = [], large: other = [], ...before } = known ?? {};
  const urls = new Map((baseUrl ?? []).map(splitUrl));
  const revise = (links: readonly LinkView[], names: string | undefined): readonly LinkDraft[] =>
    (names === undefined ? links.map(toLinkDraft) : parseChain(names, links, unlisted)).map(
      (link) => {
        const url = urls.get(link.provider) ?? link.baseUrl;
        const apiKey = keys?.[link.provider];
        return {
          ...link,
          ...(url === undefined ? {} : { baseUrl: url }),
          ...(apiKey === undefined ? {} : { apiKey }),
        };
      },
    );
  return { ...before, ...rest, chain: revise(usual, chain), large: revise(other, large) };
}

function toLinkDraft({ provider, model, baseUrl, unlisted }: LinkView): LinkDraft {
  return { provider, model, unlisted, ...(baseUrl === null ? {} : { baseUrl }) };
}

/** Links of a provider that had one keep its address. */
function parseChain(
  names: string,
  before: readonly LinkView[],
  unlisted: boolean | undefined,
): readonly LinkDraft[] {
  return names
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .map((name) => {
      const [provider = "", ...rest] = name.split(":");
      const model = rest.join(":");
      if (model === "") {
        throw new PregoneroError(
          "assistant-invalid",
          `"${name}" names no model: a link is PROVIDER:MODEL.`,
        );
      }
      const same = before.find((link) => link.provider === provider && link.model === model);
      const kin = same ?? before.find((link) => link.provider === provider);
      const own = kin?.baseUrl ?? undefined;
      return {
        provider,
        model,
        unlisted: unlisted ?? same?.unlisted ?? false,
        ...(own === undefined ? {} : { baseUrl: own }),
      };
    });
}

function splitUrl(given: string): readonly [string, string] {
  const at = given.indexOf("=");
  if (at > 0) return [given.slice(0, at), given.slice(at + 1)];
  throw new PregoneroError(
    "assistant-invalid",
    `Write --base-url as PROVIDER=URL, not "${given}".`,
  );
}

function describe(one: AssistantView): string {
  const rows = [
    ["name", `${one.name}${one.isDefault ? " (default)" : ""}`],
    ["revision", String(one.revision)],
    ["chain", one.chain.map(describeLink).join(", ") || "the installation's"],
    ["large", one.large.map(describeLink).join(", ") || "as chain"],
    ["asks models", one.quotesOnly ? "no: answers are quotations" : "yes"],
    [
      "model check",
      one.checksGrounding === null ? "as MODEL_CHECK says" : onOff(one.checksGrounding),
    ],
    ["large from", `${one.largeContextCharacters} characters`],
    ["sentences", `at most ${one.maxSentences}`],
    ["temperature", String(one.temperature)],
    ["reading level", one.readingLevel],
    ["persona", one.persona],
    ["tone", one.tone],
    ["forbidden", one.forbiddenTopics.join("; ")],
    ["disclaimer", one.disclaimer],
    ["bots", one.bots.join(", ")],
  ];
  return table(rows.filter(([, value]) => value !== ""));
}

function onOff(value: boolean): string {
  return value ? "on" : "off";
}

function describeLink(link: LinkView): string {
  const own = link.baseUrl === null ? "" : ` at ${link.baseUrl}`;
  return `${linkName(link)}${own}${link.hasKey ? " with its own key" : ""}`;
}

function linkName({ provider, model }: LinkView): string {
  return `${provider}:${model}`;
}

function unknown(name: string): PregoneroError {
  return new PregoneroError(
    "assistant-unknown",
    `There is no assistant "${name}". List them with: pregonero assistant list`,
    { status: 404 },
  );
}
