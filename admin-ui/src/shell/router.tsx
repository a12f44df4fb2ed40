import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { readAuditFilter } from "../audit/filter.ts";
import { readCampaignsSearch } from "../campaigns/search.ts";
import { readContactsFilter } from "../contacts/filter.ts";
import { readDay, readPage } from "../gazettes/search.ts";
import { withWords } from "../i18n/i18n.ts";
import { readFilter } from "../inbox/filter.ts";
import { conversationsQuery } from "../inbox/list-query.ts";
import { readPromptsSearch, readPublishingSearch, readRunSearch } from "../newsroom/search.ts";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { readTab } from "../parts/tab-search.ts";
import { Layout } from "./layout.tsx";
import { NotFound } from "./not-found.tsx";
import { queries } from "./query-client.ts";

const root = createRootRoute({ component: Layout, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(
    () => withWords(import("../home/home.tsx"), "home", "health"),
    "Home",
  ),
});
const start = createRoute({
  getParentRoute: () => root,
  path: "/start",
  validateSearch: readTab,
  component: lazyRouteComponent(
    () => withWords(import("../start/start.tsx"), "start", "documents", "bots"),
    "Start",
  ),
});
const inbox = createRoute({
  getParentRoute: () => root,
  path: "/inbox",
  validateSearch: readFilter,
  loaderDeps: ({ search }) => search,
  // Read while the page is drawn.
  loader: ({ deps }) => {
    void queries.prefetchInfiniteQuery(conversationsQuery(deps));
  },
  component: lazyRouteComponent(() => withWords(import("../inbox/inbox.tsx"), "inbox"), "Inbox"),
});
const conversation = createRoute({
  getParentRoute: () => inbox,
  path: "$conversationId",
});
const contacts = createRoute({
  getParentRoute: () => root,
  path: "/contacts",
  validateSearch: readContactsFilter,
  component: lazyRouteComponent(
    () => withWords(import("../contacts/contacts.tsx"), "contacts"),
    "Contacts",
  ),
});
const contact = createRoute({
  getParentRoute: () => contacts,
  path: "$contactId",
});
const campaigns = createRoute({
  getParentRoute: () => root,
  path: "/campaigns",
  validateSearch: readCampaignsSearch,
  component: lazyRouteComponent(
    () => withWords(import("../campaigns/campaigns.tsx"), "campaigns", "contacts"),
    "Campaigns",
  ),
});
const campaign = createRoute({
  getParentRoute: () => root,
  path: "/campaigns/$campaignId",
  component: lazyRouteComponent(
    () => withWords(import("../campaigns/campaign.tsx"), "campaigns", "contacts"),
    "CampaignPage",
  ),
});
const queues = createRoute({
  getParentRoute: () => root,
  path: "/queues",
  component: lazyRouteComponent(
    () => withWords(import("../queues/queues.tsx"), "queues"),
    "Queues",
  ),
});
const bots = createRoute({
  getParentRoute: () => root,
  path: "/bots",
  component: lazyRouteComponent(() => withWords(import("../bots/bots.tsx"), "bots"), "Bots"),
});
const webChat = createRoute({
  getParentRoute: () => root,
  path: "/bots/$botId/web-chat",
  component: lazyRouteComponent(
    () => withWords(import("../bots/web-chat.tsx"), "web-chat"),
    "WebChat",
  ),
});
const assistants = createRoute({
  getParentRoute: () => root,
  path: "/assistants",
  component: lazyRouteComponent(
    () => withWords(import("../assistants/assistants.tsx"), "assistants"),
    "Assistants",
  ),
});
const assistant = createRoute({
  getParentRoute: () => root,
  path: "/assistants/$assistantName",
  component: lazyRouteComponent(
    () => withWords(import("../assistants/assistant-page.tsx"), "assistants"),
    "AssistantPage",
  ),
});
const documents = createRoute({
  getParentRoute: () => root,
  path: "/documents",
  component: lazyRouteComponent(
    () => withWords(import("../documents/documents.tsx"), "documents"),
    "Documents",
  ),
});
const gazettes = createRoute({
  getParentRoute: () => root,
  path: "/gazettes",
  component: lazyRouteComponent(
    () => withWords(import("../gazettes/gazettes.tsx"), "gazettes"),
    "Gazettes",
  ),
});
const gazette = createRoute({
  getParentRoute: () => root,
  path: "/gazettes/$sourceId",
  validateSearch: readDay,
  component: lazyRouteComponent(
    () => withWords(import("../gazettes/source-page.tsx"), "gazettes"),
    "SourcePage",
  ),
});
const reading = createRoute({
  getParentRoute: () => root,
  path: "/gazettes/$sourceId/editions/$editionId",
  validateSearch: readPage,
  component: lazyRouteComponent(
    () => withWords(import("../gazettes/reading-page.tsx"), "gazettes"),
    "ReadingPage",
  ),
});
const newsroom = createRoute({
  getParentRoute: () => root,
  path: "/newsroom",
  component: lazyRouteComponent(
    () => withWords(import("../newsroom/newsroom.tsx"), "newsroom"),
    "Newsroom",
  ),
});
const prompts = createRoute({
  getParentRoute: () => root,
  path: "/newsroom/prompts",
  validateSearch: readPromptsSearch,
  component: lazyRouteComponent(
    () => withWords(import("../newsroom/prompts.tsx"), "newsroom"),
    "Prompts",
  ),
});
const prompt = createRoute({
  getParentRoute: () => root,
  path: "/newsroom/prompts/$promptId",
  component: lazyRouteComponent(
    () => withWords(import("../newsroom/prompt-page.tsx"), "newsroom"),
    "PromptPage",
  ),
});
const promptRun = createRoute({
  getParentRoute: () => root,
  path: "/newsroom/runs/$runId",
  validateSearch: readRunSearch,
  component: lazyRouteComponent(
    () => withWords(import("../newsroom/run-page.tsx"), "newsroom", "publishing"),
    "RunPage",
  ),
});
const publishing = createRoute({
  getParentRoute: () => root,
  path: "/newsroom/publishing",
  validateSearch: readPublishingSearch,
  component: lazyRouteComponent(
    () => withWords(import("../newsroom/publishing.tsx"), "newsroom", "publishing"),
    "Publishing",
  ),
});
const members = createRoute({
  getParentRoute: () => root,
  path: "/members",
  component: lazyRouteComponent(
    () => withWords(import("../members/members.tsx"), "members"),
    "Members",
  ),
});
const sessions = createRoute({
  getParentRoute: () => root,
  path: "/sessions",
  component: lazyRouteComponent(
    () => withWords(import("../members/sessions.tsx"), "members"),
    "Sessions",
  ),
});
const usage = createRoute({
  getParentRoute: () => root,
  path: "/usage",
  validateSearch: readTab,
  component: lazyRouteComponent(() => withWords(import("../usage/usage.tsx"), "usage"), "Usage"),
});
const providers = createRoute({
  getParentRoute: () => root,
  path: "/providers",
  component: lazyRouteComponent(
    () => withWords(import("../providers/providers.tsx"), "providers"),
    "Providers",
  ),
});
const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  validateSearch: readAuditFilter,
  component: lazyRouteComponent(() => withWords(import("../audit/audit.tsx"), "audit"), "Audit"),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  validateSearch: readTab,
  component: lazyRouteComponent(
    () => withWords(import("../settings/settings.tsx"), "settings"),
    "Settings",
  ),
});
const operator = createRoute({
  getParentRoute: () => root,
  path: "/operator",
  validateSearch: readTab,
  component: lazyRouteComponent(
    () => withWords(import("../operator/operator.tsx"), "operator", "health", "providers", "usage"),
    "Operator",
  ),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    start,
    inbox.addChildren([conversation]),
    contacts.addChildren([contact]),
    campaigns,
    campaign,
    queues,
    bots,
    webChat,
    assistants,
    assistant,
    documents,
    gazettes,
    gazette,
    reading,
    newsroom,
    prompts,
    prompt,
    promptRun,
    publishing,
    members,
    sessions,
    usage,
    providers,
    audit,
    settings,
    operator,
  ]),
  basepath: "/admin",
  defaultPreload: "intent",
  defaultPendingComponent: LoadingRows,
  defaultErrorComponent: ({ error, reset }) => <Failure error={error} retry={reset} />,
});

declare module "@tanstack/react-router" {
  interface Register {
    readonly router: typeof router;
  }
}
