import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { repositoryRoot } from "../services/harness/repository.ts";

/** Security checklist S63: what is found of packages and in the repository itself. */
export interface Finding {
  readonly what: string;
  /** Why it may stay; undefined: it may not. */
  readonly because: string | undefined;
}

/** Holes that do not reach us, by package, each with its reason. */
const ACCEPTED: Readonly<Record<string, string>> = {};

/** Licences that ask for nothing that we do not give. */
const LICENCES =
  /^\(?(MIT|MIT-0|ISC|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|0BSD|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-4\.0|Python-2\.0|Unlicense|Zlib|WTFPL|PostgreSQL|MPL-2\.0)([ )].*)?$/;

/** Licences that the lock file does not tell as a list knows them, read in the package itself. */
const READ_LICENCES: Readonly<Record<string, string>> = {
  "node_modules/duck": "Its LICENSE is that of BSD-2-Clause, which its manifest calls BSD.",
  "node_modules/fluent-ffmpeg/node_modules/async": "Its LICENSE is MIT; its manifest names none.",
  "node_modules/node-webpmux":
    "LGPL-3.0, used unchanged, and only where the optional whatsapp-web.js is installed.",
};

/** High and critical holes of what ships. Undefined: the registry did not answer. */
export function auditPackages(): readonly Finding[] | undefined {
  const run = spawnSync("npm", ["audit", "--omit=dev", "--json"], {
    cwd: repositoryRoot(),
    encoding: "utf8",
    timeout: 120_000,
    maxBuffer: 64e6,
  });
  let report: {
    readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>;
  };
  try {
    report = JSON.parse(run.stdout) as typeof report;
  } catch {
    return undefined;
  }
  if (report.vulnerabilities === undefined) return undefined;
  return Object.entries(report.vulnerabilities)
    .filter(([, { severity }]) => severity === "high" || severity === "critical")
    .map(([name, { severity }]) => ({
      what: `${name}: a hole of severity ${severity}`,
      because: ACCEPTED[name],
    }));
}

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  readonly integrity?: string;
  readonly link?: boolean;
}

/** Every package of the lock file: a licence that is known, and a sum of what was installed. */
export function checkLock(): { readonly packages: number; readonly findings: readonly Finding[] } {
  const text = readFileSync(path.join(repositoryRoot(), "package-lock.json"), "utf8");
  const lock = JSON.parse(text) as { readonly packages: Readonly<Record<string, LockedPackage>> };
  const shipped = Object.entries(lock.packages).filter(
    ([name, { dev, link }]) => name !== "" && dev !== true && link !== true,
  );
  const findings = shipped.flatMap(([name, { license, integrity }]) => [
    ...(LICENCES.test(license ?? "")
      ? []
      : [{ what: `${name}: licence ${license ?? "unknown"}`, because: READ_LICENCES[name] }]),
    ...(integrity === undefined ? [{ what: `${name}: no sum`, because: undefined }] : []),
  ]);
  return { packages: shipped.length, findings };
}

/** What keys look like, of those that we hold or whose makers gave them a shape. */
const SECRETS: readonly (readonly [string, RegExp])[] = [
  ["a private key", /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\n[A-Za-z0-9+/=\n]{200,}/],
  ["a key of AWS", /\bAKIA[0-9A-Z]{16}\b/],
  ["a token of GitHub", /\bgh[pousr]_[A-Za-z0-9]{36,}\b/],
  ["a key of OpenAI", /\bsk-(?:proj-)?[A-Za-z0-9]{40,}\b/],
  ["a key of Anthropic", /\bsk-ant-[A-Za-z0-9_-]{60,}\b/],
  ["a key of Google", /\bAIza[0-9A-Za-z_-]{35}\b/],
  ["a token of Slack", /\bxox[abprs]-[0-9A-Za-z-]{20,}\b/],
  ["a token of npm", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["a key of ours", /\bprg_[A-Za-z0-9_-]{43}\b/],
];

/** Every file that is in the repository. */
export function scanForSecrets(): {
  readonly files: number;
  readonly findings: readonly Finding[];
} {
  const listed = spawnSync("git", ["ls-files", "-z"], { cwd: repositoryRoot(), encoding: "utf8" });
  const files = listed.stdout
    .split("\0")
    .filter((file) => file !== "" && !/\.(pdf|png|traineddata)$/.test(file));
  const findings = files.flatMap((file) => {
    const text = readFileSync(path.join(repositoryRoot(), file), "latin1");
    return SECRETS.filter(([, shape]) => shape.test(text)).map(([what]) => ({
      what: `${file}: ${what}`,
      because: undefined,
    }));
  });
  return { files: files.length, findings };
}
