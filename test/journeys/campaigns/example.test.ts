import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repositoryRoot } from "../../services/harness/repository.ts";
import { type Browser, openBrowser } from "../people/browser.ts";
import { OWNER, PASSWORD } from "../people/running-people.ts";
import { type RunningProduct, startProduct } from "../running-product.ts";

const run = promisify(execFile);

let product: RunningProduct;
let browser: Browser;
let totpSecret: string;
let contacts: readonly string[];

beforeAll(async () => {
  product = await startProduct();
  const token = await product.installation.people.members.prepareSetUp();
  browser = openBrowser(product.url);
  const person = { token, email: OWNER, name: "Ana", password: PASSWORD };
  const made = await browser.call("POST", "/api/v1/setup", person);
  if (made.status !== 201) throw new Error(made.text);
  totpSecret = await enrol(browser);
  for (const id of [601, 602, 603]) {
    await product.ask(product.standIn.user(id, { firstName: `Persona ${id}` }), "/ayuda");
  }
  await product.ask(product.standIn.user(603), "/baja");
  const { database, tenantId } = product.installation;
  const rows = await database.asTenant(tenantId, (tx) =>
    tx.query<{ contact_id: string }>(
      "select contact_id from conversation where kind = 'private' order by created_at",
    ),
  );
  contacts = rows.map((row) => row.contact_id);
});
afterAll(() => product?.close());

/** The step of the present code is spent by confirming: the example begins with a fresh one. */
async function enrol(owner: Browser): Promise<string> {
  const { Secret, TOTP } = await import("otpauth");
  const begun = await owner.call("POST", "/api/v1/session/totp/enrolment");
  const secret = Secret.fromBase32(begun.json.secret);
  const code = TOTP.generate({ secret, timestamp: Date.now() - 30_000 });
  const confirmed = await owner.call("PUT", "/api/v1/session/totp/enrolment", { code });
  if (confirmed.status !== 200) throw new Error(confirmed.text);
  return begun.json.secret;
}

describe("docs/examples/campaign.sh", () => {
  it("goes from sign-in to the delivery report, and each contact got it once", async () => {
    const { stdout } = await run(
      "bash",
      [path.join(repositoryRoot(), "docs/examples/campaign.sh")],
      {
        env: {
          PATH: process.env.PATH,
          PREGONERO_URL: product.url,
          EMAIL: OWNER,
          PASSWORD,
          TOTP_SECRET: totpSecret,
          CONTACTS: contacts.join(","),
        },
        timeout: 150_000,
      },
    );
    const lines = stdout.split(/\r?\n/).filter((line) => /^[0-9a-f-]{36},/.test(line));
    const states = lines.map((line) => line.split(",").slice(4, 6).join(" "));
    expect(states).toEqual(["sent ", "sent ", "skipped opted-out"]);
    for (const id of [601, 602]) {
      const got = product.standIn.sent(id).filter(({ text }) => text.includes("no hay agua"));
      expect(got.map(({ text }) => text)).toEqual([
        `Hola Persona ${id}: mañana no hay agua de 8 a 12.`,
      ]);
    }
    expect(product.standIn.sent(603).some(({ text }) => text.includes("no hay agua"))).toBe(false);
  });
});
