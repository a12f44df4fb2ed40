import type { Browser, Page } from "playwright-core";
import type { Cell } from "./cell.ts";
import { IN_PAGE, inPage } from "./in-page.ts";
import { eventually } from "./journeys/journey.ts";
import { OUTSIDE, PAYLOADS, RAN } from "./payloads.ts";
import type { UiGround } from "./ui-ground.ts";
import { findChatKey, listViews, untilShown } from "./visit.ts";

const FIRST_PERSON = 610_000;
/** With as many judgements: what one visitor may send in a minute. */
const PER_VISITOR = 10;
/** Where what strangers wrote stands behind a tab. */
const TABS = ["/admin/usage?tab=feedback", "/admin/usage?tab=asked"];
/** Ten questions of ten visitors' chats, one after the other, on a busy machine. */
const ANSWER_MS = 120_000;
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
  const deeds: Deeds = { seen: [], pages: 0 };
  await storePayloads(ground);
  const judged = await writeInWebChats(ground, browser, deeds);
  const page = await ground.newPage(browser, DESKTOP);
  watch(page, ground, deeds);
  for (const address of await listPages(page, ground)) await look(page, ground, address, deeds);
  await ground.leave(page);
  for (const each of deeds.seen) console.log(`  ${each}`);
  return [
    {
      what: "payloads, and how many of them also as a comment on an answer",
      seen: `${PAYLOADS.length}, ${judged}`,
      promised: "≥ 60, ≥ 30",
      holds: PAYLOADS.length >= 60 && judged >= 30,
    },
    {
      what: `as name, message, file name, contact's fields, document, web chat and comment, on ${deeds.pages} pages`,
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
  return [...views, ...TABS, ...talks];
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

/** The citizen's own page shows what was written in it, and what the bot repeats of it. Resolves with how many were judged. */
async function writeInWebChats(ground: UiGround, browser: Browser, deeds: Deeds): Promise<number> {
  const key = await findChatKey(ground);
  let judged = 0;
  for (let first = 0; first < PAYLOADS.length; first += PER_VISITOR) {
    const context = await browser.newContext({ locale: "es-CR", ...DESKTOP });
    await context.addInitScript({ path: IN_PAGE });
    const page = await context.newPage();
    watch(page, ground, deeds);
    await page.goto(`${ground.url}/chat/${key}`);
    await page.locator('#status[data-state="online"]').waitFor();
    const own = PAYLOADS.slice(first, first + PER_VISITOR);
    const ids = await noteIds(page);
    for (const [index, payload] of own.entries()) {
      await page.locator("#text").fill(payload);
      await page.locator("#text").press("Enter");
      await eventually(`stored: ${payload}`, () => ids[index]);
    }
    await page
      .locator(".assistant")
      .nth(own.length - 1)
      .waitFor({ timeout: ANSWER_MS });
    for (const [index, comment] of own.entries()) {
      const address = `${ground.url}/api/v1/chat/${key}/messages/${ids[index]}/feedback`;
      const answer = await context.request.post(address, { data: { vote: "down", comment } });
      // What is no answer to a question cannot be judged.
      if (answer.ok()) judged += 1;
      else if (answer.status() !== 404)
        throw new Error(`${answer.status()}: ${await answer.text()}`);
    }
    await page.reload();
    await page
      .locator(".assistant")
      .nth(own.length - 1)
      .waitFor();
    await settle(page, "the web chat", deeds);
    await context.close();
  }
  return judged;
}

/** The ids of what the page sends, as they come: it drops the answers unread, so they are read on their way to it. */
async function noteIds(page: Page): Promise<readonly string[]> {
  const ids: string[] = [];
  await page.route("**/messages", async (route) => {
    const response = await route.fetch();
    const { messageId } = (await response.json()) as { readonly messageId?: string };
    if (messageId !== undefined) ids.push(messageId);
    await route.fulfill({ response });
  });
  return ids;
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
