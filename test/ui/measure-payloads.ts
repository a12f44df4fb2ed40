import type { Browser, Page } from "playwright-core";
import type { Cell } from "./cell.ts";
import { IN_PAGE, inPage } from "./in-page.ts";
import { OUTSIDE, PAYLOADS, RAN } from "./payloads.ts";
import type { UiGround } from "./ui-ground.ts";
import { listViews, untilShown } from "./visit.ts";

const FIRST_PERSON = 610_000;
const DESKTOP = { viewport: { width: 1366, height: 820 } };

/** What a page did that only a payload would have it do. */
interface Deeds {
  /** Where it was seen, and what. */
  readonly seen: string[];
  pages: number;
}

/**
 * Stores every payload through every text that a stranger controls, then opens every page that shows one: nothing may
 * run, nothing may be fetched, and no address of theirs may stand in a link.
 */
export async function measurePayloads(
  ground: UiGround,
  browser: Browser,
): Promise<readonly Cell[]> {
  await storePayloads(ground);
  const deeds: Deeds = { seen: [], pages: 0 };
  const page = await ground.newPage(browser, DESKTOP);
  watch(page, ground, deeds);
  for (const address of await listPages(page, ground)) await look(page, ground, address, deeds);
  await page.context().close();
  await writeInWebChat(ground, browser, deeds);
  for (const each of deeds.seen) console.log(`  ${each}`);
  return [
    {
      what: `${PAYLOADS.length} payloads as name, message, file name, contact's fields, document and web chat, on ${deeds.pages} pages`,
      seen: deeds.seen.length === 0 ? "0 ran, 0 went outside" : `${deeds.seen.length} deeds`,
      promised: "0 ran, 0 went outside",
      holds: deeds.seen.length === 0,
    },
  ];
}

/** As people in Telegram, as a file of contacts, and as a document that anybody may have written. */
async function storePayloads(ground: UiGround): Promise<void> {
  const { standIn, bot } = ground;
  await Promise.all(
    PAYLOADS.map(async (payload, index) => {
      const user = standIn.user(FIRST_PERSON + index, { firstName: payload, languageCode: "es" });
      user.send(payload, { bot });
      await standIn.waitForMessage(user.id, () => true, 180_000);
      user.sendMedia(
        {
          document: { file_id: `f${index}`, file_unique_id: `u${index}`, file_name: payload },
          caption: payload,
        },
        { bot },
      );
    }),
  );
  for (const [index, payload] of PAYLOADS.entries()) {
    await ok(ground, "POST", "/api/v1/contacts", {
      name: payload,
      identifiers: [{ kind: "phone", value: `+506 7100 ${1_000 + index}` }],
      fields: { empresa: payload },
    });
    const { id } = (await ok(ground, "POST", "/api/v1/documents", { title: payload })) as {
      readonly id: string;
    };
    const name = encodeURIComponent(`${payload.replace(/[/\\]/g, "").slice(0, 60)}.txt`);
    const content = `/api/v1/documents/${id}/content?fileName=${name}`;
    await ok(ground, "PUT", content, `${payload}\n`, { headers: { "content-type": "text/plain" } });
  }
}

async function ok(ground: UiGround, ...call: Parameters<UiGround["call"]>): Promise<unknown> {
  const { status, text, json } = await ground.call(...call);
  if (status >= 300) throw new Error(`${call[0]} ${call[1]}: ${text}`);
  return json;
}

/** Every view, and every conversation, passport and contact that a payload stands in. */
async function listPages(page: Page, ground: UiGround): Promise<readonly string[]> {
  const views = await listViews(page, ground);
  const talks: string[] = [];
  let cursor = "";
  do {
    const { json } = await ground.call("GET", `/api/v1/conversations?limit=100${cursor}`);
    const { conversations, next } = json as {
      readonly conversations: readonly {
        conversationId: string;
        contact: { contactId: string } | null;
      }[];
      readonly next: string | null;
    };
    for (const { conversationId, contact } of conversations) {
      talks.push(`/admin/inbox/${conversationId}`);
      if (contact !== null) talks.push(`/admin/contacts/${contact.contactId}`);
    }
    cursor = next === null ? "" : `&cursor=${next}`;
  } while (cursor !== "" && talks.length < PAYLOADS.length * 3);
  return [...views, ...talks];
}

async function look(page: Page, ground: UiGround, address: string, deeds: Deeds): Promise<void> {
  await page.goto(ground.url + address);
  await untilShown(page);
  if (address.startsWith("/admin/inbox/")) {
    const passport = page.getByRole("button", { name: "Qué pasó con este mensaje" }).first();
    if ((await passport.count()) > 0) {
      await passport.click();
      await page.getByRole("dialog").waitFor();
    }
  }
  await settle(page, address, deeds);
}

/** The citizen's own page shows what was written in it, and what the bot repeats of it. */
async function writeInWebChat(ground: UiGround, browser: Browser, deeds: Deeds): Promise<void> {
  const { json } = await ground.call("GET", "/api/v1/bots");
  const { bots } = json as { readonly bots: readonly { channel: string; key: string }[] };
  const key = bots.find(({ channel }) => channel === "web-chat")?.key;
  if (key === undefined) throw new Error("There is no web chat to write in.");
  const context = await browser.newContext({ locale: "es-CR", ...DESKTOP });
  await context.addInitScript({ path: IN_PAGE });
  const page = await context.newPage();
  watch(page, ground, deeds);
  await page.goto(`${ground.url}/chat/${key}`);
  await page.locator('#status[data-state="online"]').waitFor();
  for (const payload of PAYLOADS) {
    await page.locator("#text").fill(payload);
    await page.locator("#text").press("Enter");
  }
  await page.locator(".assistant").first().waitFor();
  await page.reload();
  await page.locator(".assistant").first().waitFor();
  await settle(page, "the web chat", deeds);
  await context.close();
}

function watch(page: Page, ground: UiGround, deeds: Deeds): void {
  const note = (what: string) => deeds.seen.push(`${page.url()}: ${what}`);
  page.on("dialog", (dialog) => {
    note(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("popup", () => note("another window"));
  page.on("request", (request) => {
    const isOurs = /^(blob:|data:)/.test(request.url()) || request.url().startsWith(ground.url);
    if (!isOurs) note(`asked for ${request.url()}`);
  });
  page.on("console", (line) => {
    // What our policy had to stop was markup already.
    if (/Content Security Policy/i.test(line.text())) note(line.text().slice(0, 200));
  });
}

/** After what would have run: whether it did, and whether one of its addresses waits in a link. */
async function settle(page: Page, where: string, deeds: Deeds): Promise<void> {
  deeds.pages += 1;
  const found = await inPage(page, "findDeeds", { ran: RAN, outside: OUTSIDE });
  if (found.hasRun) deeds.seen.push(`${where}: a payload ran`);
  for (const link of found.links) deeds.seen.push(`${where}: links to ${link}`);
  if (found.elements > 0) deeds.seen.push(`${where}: ${found.elements} elements of payloads`);
}
