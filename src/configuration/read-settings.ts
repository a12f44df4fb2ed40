import { parse as parseYaml } from "yaml";
import { type ConfigProblem, problemOf } from "./problems.ts";
import { isVariableName, type Settings, VARIABLES, type VariableName } from "./variables.ts";

/** Undefined: no such file. Throws when it is there and cannot be read. */
export type ReadFile = (file: string) => string | undefined;

type TextSettings = Readonly<Record<string, string>>;
type Found<Value> = { readonly settings: Value; readonly problems: readonly ConfigProblem[] };

/**
 * Every variable of the environment, and of the file that PREGONERO_CONFIG names, parsed by itself.
 * The environment wins. An empty value counts as absent: that is how Compose passes what is not set.
 */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  readFile: ReadFile,
): Found<Settings> {
  const file = readSettingsFile(env.PREGONERO_CONFIG, readFile);
  const text = { ...file.settings, ...present(env) };
  const problems = [...file.problems];
  const settings: Record<string, unknown> = {};
  for (const name of Object.keys(VARIABLES) as VariableName[]) {
    const value = text[name];
    if (value === undefined) continue;
    const parsed = VARIABLES[name].schema.safeParse(value);
    if (parsed.success) settings[name] = parsed.data;
    else problems.push(refusal(name, value, parsed.error.issues[0]?.message ?? "is not valid"));
  }
  return { settings, problems };
}

function refusal(name: VariableName, value: string, message: string): ConfigProblem {
  // A URL that is wrong in kind may still hold a password.
  const isPrintable = VARIABLES[name].isSecret !== true && !value.includes("@");
  return problemOf(name, isPrintable ? `is "${value.slice(0, 80)}": it ${message}` : message);
}

function present(env: Readonly<Record<string, string | undefined>>): TextSettings {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || value.trim() === "" ? [] : [[name, value.trim()]],
    ),
  );
}

function readSettingsFile(file: string | undefined, readFile: ReadFile): Found<TextSettings> {
  if (file === undefined || file === "") return { settings: {}, problems: [] };
  try {
    const text = readFile(file);
    if (text === undefined) return refuseFile(`names ${file}, which is not there`);
    const parsed: unknown = parseYaml(text);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
      return refuseFile(`names ${file}, which is not a list of "NAME: value" lines`);
    }
    return readEntries(parsed, file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // The parser's message quotes the line at fault, which may hold a secret: only its place is told.
    const line = (error as { linePos?: readonly { line: number }[] }).linePos?.[0]?.line;
    const why = line === undefined ? code : `line ${line} is not valid YAML`;
    return refuseFile(`names ${file}, which cannot be read (${why})`);
  }
}

function readEntries(entries: object, file: string): Found<TextSettings> {
  const problems: ConfigProblem[] = [];
  const settings: Record<string, string> = {};
  for (const [name, value] of Object.entries(entries)) {
    if (!isVariableName(name)) {
      problems.push({
        variable: name,
        message: `in ${file} is not a setting`,
        fix: `remove it, or correct its name (docs/configuration.md lists all)`,
      });
    } else if (["string", "number", "boolean"].includes(typeof value)) {
      settings[name] = String(value);
    } else if (value !== null) {
      problems.push(problemOf(name, `in ${file} is not a single value`));
    }
  }
  return { settings: present(settings), problems };
}

function refuseFile(message: string): Found<TextSettings> {
  const fix = "name a readable YAML or JSON file of variables, or unset it";
  return { settings: {}, problems: [{ variable: "PREGONERO_CONFIG", message, fix }] };
}
