import type { IconName } from "../parts/icon.tsx";
import type { Signed } from "./session.ts";

/** Where one may go, and who: the roles of `ACCESS`, which refuses whoever goes there all the same. */
export const DESTINATIONS = [
  { to: "/", icon: "home", name: "nav.home", roles: ["owner", "editor", "agent", "viewer"] },
  { to: "/inbox", icon: "inbox", name: "nav.inbox", roles: ["owner", "agent", "viewer"] },
  {
    to: "/contacts",
    icon: "contacts",
    name: "nav.contacts",
    roles: ["owner", "editor", "agent", "viewer"],
  },
  {
    to: "/campaigns",
    icon: "campaigns",
    name: "nav.campaigns",
    roles: ["owner", "editor", "agent", "viewer"],
  },
  { to: "/bots", icon: "bots", name: "nav.bots", roles: ["owner", "editor", "viewer"] },
  {
    to: "/queues",
    icon: "queues",
    name: "nav.queues",
    roles: ["owner", "editor", "agent", "viewer"],
  },
  {
    to: "/assistants",
    icon: "assistants",
    name: "nav.assistants",
    roles: ["owner", "editor", "viewer"],
  },
  {
    to: "/documents",
    icon: "documents",
    name: "nav.documents",
    roles: ["owner", "editor", "viewer"],
  },
  {
    to: "/gazettes",
    icon: "gazettes",
    name: "nav.gazettes",
    roles: ["owner", "editor", "viewer"],
  },
  {
    to: "/newsroom",
    icon: "timeline",
    name: "nav.newsroom",
    roles: ["owner", "editor", "agent", "viewer"],
  },
  { to: "/members", icon: "members", name: "nav.members", roles: ["owner"] },
  { to: "/usage", icon: "usage", name: "nav.usage", roles: ["owner", "editor", "agent", "viewer"] },
  {
    to: "/providers",
    icon: "providers",
    name: "nav.providers",
    roles: ["owner", "editor", "viewer"],
  },
  { to: "/audit", icon: "audit", name: "nav.audit", roles: ["owner"] },
  {
    to: "/settings",
    icon: "settings",
    name: "nav.settings",
    roles: ["owner", "editor", "agent", "viewer"],
  },
  { to: "/operator", icon: "operator", name: "nav.operator", roles: [] },
] as const satisfies readonly {
  readonly to: string;
  readonly icon: IconName;
  readonly name: string;
  readonly roles: readonly NonNullable<Signed["role"]>[];
}[];

export type Destination = (typeof DESTINATIONS)[number];

/** What an operator of the installation sees without being anybody's member. */
const PLATFORM: readonly Destination["to"][] = [
  "/",
  "/queues",
  "/gazettes",
  "/providers",
  "/audit",
  "/settings",
  "/operator",
];

export function destinationsFor({ role, person }: Pick<Signed, "role" | "person">) {
  return DESTINATIONS.filter(
    ({ to, roles }) =>
      (role !== undefined && (roles as readonly string[]).includes(role)) ||
      (person.platformRole !== null && PLATFORM.includes(to)),
  );
}
