import type { Page } from "playwright-core";
import { inPage } from "./in-page.ts";
import type { UiGround } from "./ui-ground.ts";

const SHOWN_TIMEOUT_MS = 60_000;
/** Views, and parts of views behind tabs, that the navigation does not name. */
const OTHERS = [
  "/admin/start",
  "/admin/sessions",
  "/admin/newsroom/prompts",
  "/admin/newsroom/prompts/new",
  "/admin/newsroom/publishing",
  "/admin/usage?tab=balance",
  "/admin/operator?tab=load",
  "/admin/operator?tab=tenants",
];
/** The sample that every installation begins with. */
const SAMPLE_EDITION = "/gazettes/boe/2024-04-15";

/**
 * Resolves when a view of the admin interface shows what it has: its heading is there, and nothing loads any more.
 * Rejects when it says that it failed, and when nobody is signed in.
 */
export async function untilShown(page: Page): Promise<void> {
  await inPage(page, "untilShown", { timeoutMs: SHOWN_TIMEOUT_MS });
}

/** Every view of the admin interface, with one of each thing that has a view of its own. */
export async function listAllViews(page: Page, ground: UiGround): Promise<readonly string[]> {
  return [...(await listViews(page, ground)), ...OTHERS, ...(await listThings(ground))];
}

/** Where the navigation leads whoever is signed in: paths under `/admin`, as they stand in the page. */
export async function listViews(page: Page, ground: UiGround): Promise<readonly string[]> {
  await page.goto(`${ground.url}/admin`);
  await untilShown(page);
  const hrefs: string[] = await page.evaluate(
    "[...document.querySelectorAll(\"nav a[href^='/admin']\")].map((link) => link.getAttribute('href'))",
  );
  if (hrefs.length < 5) throw new Error(`The navigation leads to ${hrefs.length} views.`);
  return [...new Set(hrefs)];
}

/** What strangers see: the front page, the chat, the edition with one of its pages, the API's, and the sign-in. */
export async function listPublicPages(ground: UiGround): Promise<readonly string[]> {
  const edition = await (await fetch(ground.url + SAMPLE_EDITION)).text();
  const [, act] = /href="(\/gazettes\/[^"]+\/pages\/[^"]+)"/.exec(edition) ?? [];
  if (act === undefined) throw new Error(`${SAMPLE_EDITION} leads to no page.`);
  return [
    "/",
    `/chat/${await findChatKey(ground)}`,
    "/gazettes",
    SAMPLE_EDITION,
    act.replaceAll("&amp;", "&"),
    "/api/docs",
    "/admin",
  ];
}

/** Of the open web chat. */
export async function findChatKey(ground: UiGround): Promise<string> {
  const { json } = await ground.call("GET", "/api/v1/bots");
  const { bots } = json as { readonly bots: readonly { channel: string; key: string }[] };
  const key = bots.find(({ channel }) => channel === "web-chat")?.key;
  if (key === undefined) throw new Error("There is no web chat.");
  return key;
}

async function listThings(ground: UiGround): Promise<readonly string[]> {
  const first = async (address: string, list: string, id: string) => {
    const { json } = await ground.call("GET", address);
    return json[list]?.[0]?.[id] as string | undefined;
  };
  const [conversation, contact] = [
    await first("/api/v1/conversations?limit=1", "conversations", "conversationId"),
    await first("/api/v1/contacts?limit=1", "contacts", "id"),
  ];
  return [
    ...(conversation === undefined ? [] : [`/admin/inbox/${conversation}`]),
    ...(contact === undefined ? [] : [`/admin/contacts/${contact}`]),
  ];
}
