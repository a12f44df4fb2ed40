import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Secret, TOTP } from "otpauth";
import { readConfig } from "../../../src/config.ts";
import { noFaults } from "../../../src/core/fault-point.ts";
import type { TenantId } from "../../../src/core/ids.ts";
import type { TenantRole } from "../../../src/core/people.ts";
import { type Installation, openInstallation } from "../../../src/installation.ts";
import { startRoles } from "../../../src/main.ts";
import { createLogger } from "../../../src/telemetry/logger.ts";
import { copyPreparedData, SECRET_KEY } from "../prepared-data.ts";
import { type Browser, openBrowser } from "./browser.ts";

export const PASSWORD = "tres gatos leen la gaceta";
export const OWNER = "ana@example.org";

/** The product with nobody in it, as after the first start. */
export interface RunningPeople {
  readonly url: string;
  readonly installation: Installation;
  readonly logLines: readonly string[];
  browser(): Browser;
  /** A second tenant. */
  addTenant(): Promise<TenantId>;
  /** Signed in, with this role, by way of an invitation. */
  join(email: string, role: TenantRole, tenantId?: TenantId): Promise<Member>;
  close(): Promise<void>;
}

export interface Member {
  readonly browser: Browser;
  readonly id: string;
  readonly email: string;
  /** Of the second factor, when the role demands one. */
  readonly totp: Authenticator | undefined;
}

export async function startPeople(
  env: Readonly<Record<string, string>> = {},
): Promise<RunningPeople> {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), "pregonero-people-"));
  await copyPreparedData(dataDirectory);
  const configured = readConfig({
    env: {
      PORT: "0",
      HOST: "127.0.0.1",
      DATA_DIR: dataDirectory,
      SECRET_KEY,
      SAMPLE_DATA: "off",
      TRUST_PROXY: "1",
      ...env,
    },
    readFile: () => undefined,
  });
  if (configured.kind === "problems") throw new Error(JSON.stringify(configured.problems));
  const logLines: string[] = [];
  const logger = createLogger({
    level: "info",
    format: "json",
    destination: { write: (line) => void logLines.push(line) },
  });
  const installation = await openInstallation(configured.config, {
    logger,
    faultPoint: noFaults,
    actor: "server",
    onStep() {},
  });
  const running = await startRoles(installation, {
    faultPoint: noFaults,
    examine: async () => [],
  });
  const url = running.url ?? "";
  return {
    url,
    installation,
    logLines,
    browser: () => openBrowser(url),
    async addTenant() {
      const id = randomUUID() as TenantId;
      await installation.database.asDispatcher((tx) =>
        tx.query("insert into tenant (id, slug, name) values ($1, $2, 'Otra')", [id, id]),
      );
      return id;
    },
    async join(email, role, tenantId = installation.tenantId) {
      const { members } = installation.people;
      const { token } = await members.invite(tenantId, { email, role, actor: "test" });
      const browser = openBrowser(url);
      const accepted = await browser.call("POST", "/api/v1/invitations/accept", {
        token,
        name: email,
        password: PASSWORD,
      });
      if (accepted.status !== 201) throw new Error(accepted.text);
      const { id, mustSetUpTotp } = accepted.json.person;
      return { browser, id, email, totp: mustSetUpTotp ? await enrol(browser) : undefined };
    },
    async close() {
      await running.close();
      await installation.close();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** The app on somebody's phone. */
export interface Authenticator {
  readonly recoveryCodes: readonly string[];
  /** With which it was set up. */
  readonly usedCode: string;
  /** Of `ahead` steps after the present one. */
  code(ahead?: number): string;
}

export async function enrol(browser: Browser): Promise<Authenticator> {
  const begun = await browser.call("POST", "/api/v1/session/totp/enrolment");
  if (begun.status !== 201) throw new Error(begun.text);
  const code = (ahead = 0) =>
    TOTP.generate({
      secret: Secret.fromBase32(begun.json.secret),
      timestamp: Date.now() + ahead * 30_000,
    });
  const usedCode = code();
  const path = "/api/v1/session/totp/enrolment";
  const confirmed = await browser.call("PUT", path, { code: usedCode });
  if (confirmed.status !== 200) throw new Error(confirmed.text);
  return { recoveryCodes: confirmed.json.recoveryCodes, usedCode, code };
}

/** The first person, as the link of the first start makes them. */
export async function setUp(people: RunningPeople): Promise<Member> {
  const token = await people.installation.people.members.prepareSetUp();
  const browser = people.browser();
  const made = await browser.call("POST", "/api/v1/setup", {
    token,
    email: OWNER,
    name: "Ana",
    password: PASSWORD,
  });
  if (made.status !== 201) throw new Error(made.text);
  return { browser, id: made.json.person.id, email: OWNER, totp: await enrol(browser) };
}
