import { spawnSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { Secret, TOTP } from "otpauth";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import { findPackageRoot } from "../../../src/package-root.ts";
import { openBrowser } from "../../journeys/people/browser.ts";
import { OWNER, PASSWORD } from "../../journeys/people/running-people.ts";
import {
  type ProductOptions,
  type RunningProduct,
  startProduct,
} from "../../journeys/running-product.ts";
import { findSeriousFindings } from "../../ui/axe-findings.ts";
import { untilStill } from "../../ui/until-still.ts";

export interface DeskUnderTest {
  readonly product: RunningProduct;
  /** Of the owner's phone: each code works once, so `ahead` steps later is the next. */
  totp(ahead?: number): string;
  readonly recoveryCodes: readonly string[];
  /** A page of somebody who is signed in, at an address under `/admin`. */
  open(browser: Browser, path: string, options?: BrowserContextOptions): Promise<Page>;
  /** What pages complained of: errors of scripts, and of the Content-Security-Policy. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

const SCREENSHOTS = path.join(findPackageRoot(), "artifacts", "admin-ui");

/** The whole product with its owner, and the admin interface built from the sources as they are. */
export async function startDesk(options: ProductOptions = {}): Promise<DeskUnderTest> {
  buildInterface();
  const product = await startProduct(options);
  const session = openBrowser(product.url);
  const token = await product.installation.people.members.prepareSetUp();
  const given = { token, email: OWNER, name: "Ana Mora", password: PASSWORD };
  await ok(session.call("POST", "/api/v1/setup", given));
  const begun = await ok(session.call("POST", "/api/v1/session/totp/enrolment"));
  const totp = (ahead = 0) =>
    TOTP.generate({
      secret: Secret.fromBase32(begun.secret),
      timestamp: Date.now() + ahead * 30_000,
    });
  const kept = await ok(session.call("PUT", "/api/v1/session/totp/enrolment", { code: totp() }));
  const complaints: string[] = [];
  return {
    product,
    totp,
    recoveryCodes: kept.recoveryCodes,
    complaints,
    async open(browser, address, contextOptions = {}) {
      const context = await browser.newContext({ locale: "es-CR", ...contextOptions });
      await context.addCookies(
        [...session.cookies].map(([name, value]) => ({ name, value, url: product.url })),
      );
      const page = await context.newPage();
      watch(page, complaints);
      await page.goto(product.url + address);
      return page;
    },
    close: () => product.close(),
  };
}

/** Notes what a page says that no page of ours should say. */
export function watch(page: Page, complaints: string[]): void {
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" || /Content Security Policy/i.test(message.text())) {
      complaints.push(message.text());
    }
  });
}

/** In less than a second when nothing has changed. */
export function buildInterface(): void {
  const script = path.join(findPackageRoot(), "scripts", "build-ui.mjs");
  const built = spawnSync(process.execPath, [script], { encoding: "utf8" });
  if (built.status !== 0) throw new Error(built.stderr);
}

async function ok(call: ReturnType<ReturnType<typeof openBrowser>["call"]>) {
  const answer = await call;
  if (answer.status >= 300) throw new Error(answer.text);
  return answer.json;
}

/** Keeps how a view looks, for people to look at. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
}

/** No serious or critical finding of axe, as the page stands now. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await findSeriousFindings(page)).toEqual([]);
}

/** The same view by light and by dark, without findings, and kept as pictures. */
export async function lookAt(page: Page, name: string): Promise<void> {
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await page
      .locator(`html[data-mantine-color-scheme="${scheme}"]`)
      .waitFor({ state: "attached" });
    await untilStill(page);
    await keepPicture(page, `${name}-${scheme}`);
    await expectAccessible(page);
  }
}
