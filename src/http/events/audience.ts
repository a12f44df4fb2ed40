import {
  EVENT_AUDIENCES,
  EVENT_KINDS,
  type EventKind,
  type EventReader,
  type LoggedEvent,
} from "../../core/events.ts";
import type { PersonId } from "../../core/ids.ts";
import { type Access, accessOf } from "../access/access-table.ts";

/** Who reads a stream; a program with a key is no person. */
export interface StreamReader {
  readonly roles: readonly EventReader[];
  readonly personId: PersonId | undefined;
}

interface Readers {
  readonly tenant: readonly EventReader[];
  readonly platform: readonly EventReader[];
}

/** From the one table that says who may do what: whoever may not ask for it is not told of it either. */
const READERS = new Map(EVENT_KINDS.map((kind) => [kind, readersOf(kind)]));

/** Whether this event is told to this reader, of whose tenant or of the installation it is. */
export function mayBeTold(
  { kind, tenantId, detail }: Pick<LoggedEvent, "kind" | "tenantId" | "detail">,
  { roles, personId }: StreamReader,
): boolean {
  const readers = READERS.get(kind);
  // Of another version of the program, that shares the database.
  if (readers === undefined) return false;
  const { isOwn, isForAll } = EVENT_AUDIENCES[kind];
  if (isOwn === true && !(personId !== undefined && isAbout(detail, personId))) return false;
  const isOfTenant = tenantId !== undefined || isForAll === true;
  return roles.some(
    (role) => readers.platform.includes(role) || (isOfTenant && readers.tenant.includes(role)),
  );
}

/** What a tenant's own program may be told: what its owner is, about the tenant. */
export const WEBHOOK_KINDS = EVENT_KINDS.filter(
  (kind) => EVENT_AUDIENCES[kind].isOwn !== true && READERS.get(kind)?.tenant.includes("owner"),
);

function isAbout(detail: object, personId: PersonId): boolean {
  return "personId" in detail && detail.personId === personId;
}

function readersOf(kind: EventKind): Readers {
  const all = EVENT_AUDIENCES[kind].reads.map((route) => {
    const access = accessOf("GET", route.replace(/^GET /, ""));
    const readers = access && readersOfRoute(access);
    if (readers === undefined) throw new Error(`${kind} is of ${route}, which nobody reads.`);
    return readers;
  });
  return {
    tenant: all.flatMap(({ tenant }) => tenant),
    platform: all.flatMap(({ platform }) => platform),
  };
}

function readersOfRoute(access: Access): Readers | undefined {
  switch (access.kind) {
    case "tenant":
      return { tenant: access.roles, platform: access.platform ?? [] };
    case "platform":
      return { tenant: [], platform: access.roles };
    case "person":
      return {
        tenant: ["owner", "editor", "agent", "viewer"],
        platform: ["platform-admin", "operator"],
      };
    case "open":
    case "own":
      return undefined;
    default:
      return access satisfies never;
  }
}
