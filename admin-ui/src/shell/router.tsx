import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { readCampaignsSearch } from "../campaigns/search.ts";
import { readContactsFilter } from "../contacts/filter.ts";
import { withWords } from "../i18n/i18n.ts";
import { readFilter } from "../inbox/filter.ts";
import { Failure, LoadingRows } from "../parts/states.tsx";
import { Layout } from "./layout.tsx";
import { NotFound } from "./not-found.tsx";

const root = createRootRoute({ component: Layout, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => withWords(import("../home/home.tsx"), "home"), "Home"),
});
const inbox = createRoute({
  getParentRoute: () => root,
  path: "/inbox",
  validateSearch: readFilter,
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

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    inbox.addChildren([conversation]),
    contacts.addChildren([contact]),
    campaigns,
    campaign,
    queues,
    bots,
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
