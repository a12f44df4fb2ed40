import { PROVIDER_SETTINGS } from "./models.ts";
import {
  isVariableName,
  type Role,
  type Settings,
  VARIABLES,
  type VariableName,
} from "./variables.ts";

/** Without them there is no product; without `whatsapp` only accounts of WhatsApp Web stand still. */
const NEEDED_ROLES: readonly Role[] = ["api", "worker", "scheduler"];

export interface ConfigProblem {
  readonly variable: string;
  /** Continues a sentence that begins with the variable's name; holds no secret. */
  readonly message: string;
  /** What to set or do. */
  readonly fix: string;
}

/** A problem whose fix is to set the variable to something like its example. */
export function problemOf(variable: string, message: string): ConfigProblem {
  const fix = isVariableName(variable)
    ? `set ${variable} to ${VARIABLES[variable].isSecret ? "" : "e.g. "}${VARIABLES[variable].example}`
    : `remove ${variable}`;
  return { variable, message, fix };
}

type Given = Readonly<Record<string, string | undefined>>;

/** Settings that are each right, and wrong together. A value that was refused by itself counts as given. */
export function contradictions(settings: Settings, env: Given): readonly ConfigProblem[] {
  const has = (name: VariableName) =>
    settings[name] !== undefined || (env[name] ?? "").trim() !== "";
  const problems: ConfigProblem[] = [];
  const needs = (name: VariableName, other: VariableName) => {
    if (has(name) && !has(other)) {
      problems.push(problemOf(other, `is missing, and ${name} needs it`));
    }
  };
  // A chain that names models itself needs none besides.
  if (!has("MODEL_CHAIN")) {
    needs("OPENAI_API_KEY", "OPENAI_MODEL");
    needs("ANTHROPIC_API_KEY", "ANTHROPIC_MODEL");
    needs("GEMINI_API_KEY", "GEMINI_MODEL");
    needs("XAI_API_KEY", "XAI_MODEL");
  }
  needs("OIDC_ISSUER", "OIDC_CLIENT_ID");
  needs("OIDC_ISSUER", "OIDC_CLIENT_SECRET");
  needs("OIDC_CLIENT_ID", "OIDC_ISSUER");
  needs("ANTHROPIC_MODEL", "ANTHROPIC_API_KEY");
  needs("GEMINI_MODEL", "GEMINI_API_KEY");
  needs("XAI_MODEL", "XAI_API_KEY");
  needs("LOCAL_LLM_BASE_URL", "LOCAL_LLM_MODEL");
  needs("LOCAL_LLM_MODEL", "LOCAL_LLM_BASE_URL");
  needs("EMBEDDER_BASE_URL", "EMBEDDER_MODEL");
  needs("EMBEDDER_BASE_URL", "EMBEDDER_DIMENSIONS");
  needs("EMBEDDER_MODEL", "EMBEDDER_BASE_URL");
  problems.push(...transcriberProblems(has, settings));
  // Another server behind OPENAI_BASE_URL may want no key; OpenAI itself does.
  if (!has("OPENAI_BASE_URL")) needs("OPENAI_MODEL", "OPENAI_API_KEY");
  problems.push(...chainProblems("MODEL_CHAIN", settings, has));
  problems.push(...chainProblems("MODEL_CHAIN_LARGE", settings, has));
  if (has("REDIS_URL") && !has("DATABASE_URL")) {
    problems.push({
      variable: "REDIS_URL",
      message:
        "is set without DATABASE_URL: the embedded database serves one process, which needs no Redis",
      fix: "set DATABASE_URL too, or unset REDIS_URL",
    });
  }
  const { ROLES: roles } = settings;
  const isWhole = roles === undefined || NEEDED_ROLES.every((role) => roles.includes(role));
  if (!isWhole && !has("DATABASE_URL")) {
    problems.push({
      variable: "ROLES",
      message:
        "leaves roles out, but no second process can open the embedded database to do the rest",
      fix: "unset ROLES, or set DATABASE_URL",
    });
  }
  return problems;
}

function chainProblems(
  name: "MODEL_CHAIN" | "MODEL_CHAIN_LARGE",
  settings: Settings,
  has: (name: VariableName) => boolean,
): readonly ConfigProblem[] {
  return (settings[name] ?? []).flatMap(({ provider, model }) => {
    const { model: variable, baseUrl, home } = PROVIDER_SETTINGS[provider];
    const problems: ConfigProblem[] = [];
    if (home === undefined && !has(baseUrl)) {
      problems.push(problemOf(baseUrl, `is missing, and ${name} names ${provider}`));
    }
    if (model === undefined && !has(variable)) {
      problems.push(
        problemOf(variable, `is missing, and ${name} names ${provider} without a model`),
      );
    }
    return problems;
  });
}

/** OPENAI_BASE_URL may name a server that hears nothing: one that does is then to be named by itself. */
function transcriberProblems(
  has: (name: VariableName) => boolean,
  { OPENAI_BASE_URL }: Settings,
): readonly ConfigProblem[] {
  const isNamed = has("TRANSCRIBER_BASE_URL");
  if (!has("TRANSCRIBER_MODEL")) {
    const told = isNamed ? "TRANSCRIBER_BASE_URL" : "TRANSCRIBER_API_KEY";
    return has(told) ? [problemOf("TRANSCRIBER_MODEL", `is missing, and ${told} needs it`)] : [];
  }
  if (isNamed) return [];
  if (OPENAI_BASE_URL !== undefined && OPENAI_BASE_URL !== PROVIDER_SETTINGS.openai.home) {
    const message = "is missing, and TRANSCRIBER_MODEL needs it beside another OPENAI_BASE_URL";
    return [problemOf("TRANSCRIBER_BASE_URL", message)];
  }
  return has("TRANSCRIBER_API_KEY") || has("OPENAI_API_KEY")
    ? []
    : [problemOf("TRANSCRIBER_API_KEY", "is missing, and OpenAI's TRANSCRIBER_MODEL needs it")];
}
