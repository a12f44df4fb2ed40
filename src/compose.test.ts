import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { readConfig } from "./config.ts";
import { isVariableName, VARIABLES } from "./configuration/variables.ts";

const root = path.resolve(import.meta.dirname, "..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");

const composeShape = z.object({
  services: z.record(
    z.string(),
    z.object({
      environment: z.record(z.string(), z.coerce.string()).optional(),
      command: z.array(z.string()).optional(),
      security_opt: z.array(z.string()).optional(),
    }),
  ),
});
const { services } = composeShape.parse(parse(read("docker-compose.yml"), { merge: true }));
const SHELL: Readonly<Record<string, string>> = {
  POSTGRES_PASSWORD: "p",
  SECRET_KEY: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
};

/** `${NAME}`, `${NAME:-default}`, `${NAME:?message}` as Compose reads them. */
function interpolate(text: string): string {
  return text.replace(/\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g, (_all, name: string, kind, rest) => {
    const value = SHELL[name] ?? "";
    return value === "" && kind === "-" ? rest : value;
  });
}

describe("docker-compose.yml", () => {
  it.each(["gateway", "worker", "whatsapp"])(
    "gives %s an environment that the product accepts",
    (name) => {
      const entries = Object.entries(services[name]?.environment ?? {});
      expect(entries.length).toBeGreaterThan(5);
      expect(entries.map(([variable]) => variable).filter((each) => !isVariableName(each))).toEqual(
        [],
      );
      const env = Object.fromEntries(
        entries.map(([variable, value]) => [variable, interpolate(value)]),
      );
      expect(readConfig({ env, readFile: () => undefined })).toMatchObject({
        kind: "config",
        config: { mode: "server" },
      });
    },
  );

  it("shares every role out", () => {
    const roles = ["gateway", "worker", "whatsapp"].flatMap(
      (name) => services[name]?.environment?.ROLES?.split(",") ?? [],
    );
    expect(roles.sort()).toEqual(["api", "scheduler", "whatsapp", "worker"]);
  });

  it("lets Chromium shut its pages in, and nothing else that Docker refuses by itself", () => {
    const option = services.whatsapp?.security_opt?.find((each) => each.startsWith("seccomp="));
    const profile = JSON.parse(read(option?.slice("seccomp=".length) ?? ""));
    const refused: string[] = profile.syscalls.flatMap(({ names }: { names: string[] }) => names);
    expect(refused).toEqual(expect.arrayContaining(["mount", "bpf", "kexec_load", "keyctl"]));
    for (const needed of ["clone", "clone3", "setns", "unshare", "chroot"]) {
      expect(refused).not.toContain(needed);
    }
    expect(services.whatsapp?.security_opt).toContain("no-new-privileges:true");
  });

  it("runs Redis as doctor wants it", () => {
    const command = services.redis?.command?.join(" ");
    expect(command).toContain("--appendonly yes");
    expect(command).toContain("--maxmemory-policy noeviction");
  });

  it("copies into the image only what the repository has", () => {
    const copies = [...read("deploy/docker/Dockerfile").matchAll(/^COPY (?!--from)(.+) \S+$/gm)];
    const files = copies
      .flatMap(([, list]) => (list ?? "").split(" "))
      .filter((file) => file !== ".");
    expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });
});

describe("docs/configuration.md", () => {
  it("describes every variable in the words of the table", () => {
    const page = read("docs/configuration.md");
    for (const [name, { help }] of Object.entries(VARIABLES)) {
      expect(page).toContain(`| \`${name}\` | ${help} |`);
    }
  });
});
