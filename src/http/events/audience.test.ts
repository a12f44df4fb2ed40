import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import {
  EVENT_AUDIENCES,
  EVENT_KINDS,
  type EventDetails,
  type EventKind,
  type LoggedEvent,
} from "../../core/events.ts";
import { asId, type PersonId, type TenantId } from "../../core/ids.ts";
import { mayBeTold, WEBHOOK_KINDS } from "./audience.ts";
import { EVENT_PAYLOADS } from "./payloads.ts";

const TENANT = asId<TenantId>("00000000-0000-4000-8000-000000000001");
const ADA = asId<PersonId>("00000000-0000-4000-8000-000000000002");
const BEA = asId<PersonId>("00000000-0000-4000-8000-000000000003");
const ROLES = ["owner", "editor", "agent", "viewer", "platform-admin", "operator"] as const;

function told(kind: EventKind, tenantId: TenantId | undefined = TENANT): string {
  const event = { kind, tenantId, detail: { personId: ADA } } as unknown as LoggedEvent;
  const may = ROLES.filter((role) => mayBeTold(event, { roles: [role], personId: ADA }));
  return may.join(" ");
}

describe("an event", () => {
  it("is told to the roles that may read what it is of", () => {
    expect(Object.fromEntries(EVENT_KINDS.map((kind) => [kind, told(kind)]))).toMatchSnapshot();
  });

  it("of the installation is told to those who operate it, unless all are concerned", () => {
    const ofTenants = EVENT_KINDS.filter((kind) => {
      const event = { kind, tenantId: undefined, detail: {} } as unknown as LoggedEvent;
      return mayBeTold(event, { roles: ["owner"], personId: ADA });
    });
    expect(ofTenants).toEqual(["queue-changed", "switch-changed", "announcement-changed"]);
  });

  it("about a person's own sign-in is told to nobody else, and to no program", () => {
    const event = {
      kind: "signed-in",
      tenantId: TENANT,
      detail: { personId: ADA },
    } as unknown as LoggedEvent;
    const roles = [...ROLES];
    expect(mayBeTold(event, { roles, personId: ADA })).toBe(true);
    expect(mayBeTold(event, { roles, personId: BEA })).toBe(false);
    expect(mayBeTold(event, { roles, personId: undefined })).toBe(false);
    expect(WEBHOOK_KINDS).not.toContain("signed-in");
  });

  it("shows nobody's conversation to who operates", () => {
    const shown = EVENT_KINDS.filter((kind) => told(kind).includes("operator"));
    expect(
      shown.filter((kind) => /^(conversation|contact|delivery|feedback|message-re)/.test(kind)),
    ).toEqual([]);
  });

  it("of a kind that this version does not know is told to nobody", () => {
    const event = { kind: "later", tenantId: TENANT, detail: {} } as unknown as LoggedEvent;
    expect(mayBeTold(event, { roles: [...ROLES], personId: ADA })).toBe(false);
  });

  it("tells what its schema says", () => {
    type Payloads = { readonly [Kind in EventKind]: z.input<(typeof EVENT_PAYLOADS)[Kind]> };
    expectTypeOf<EventDetails>().toExtend<Payloads>();
    expect(Object.keys(EVENT_PAYLOADS).sort()).toEqual([...EVENT_KINDS].sort());
  });

  it("is described in docs/events.md as in code", () => {
    const page = readFileSync(path.resolve("docs/events.md"), "utf8");
    const described = page.split("\n").filter((line) => /^\| `/.test(line));
    expect(described).toEqual(EVENT_KINDS.map(rowOf));
  });
});

/** Kind, fields and their values, what must be readable. */
function rowOf(kind: EventKind): string {
  const fields = Object.entries(EVENT_PAYLOADS[kind].shape).map(([name, schema]) => {
    const isOptional = schema instanceof z.ZodOptional;
    const inner: unknown = isOptional ? schema.unwrap() : schema;
    const values = inner instanceof z.ZodEnum ? ` (${inner.options.join(", ")})` : "";
    return `${name}${isOptional ? "?" : ""}${values}`;
  });
  const reads = EVENT_AUDIENCES[kind].reads.map((route) => route.replace("GET /api/v1", ""));
  return `| \`${kind}\` | ${fields.join("; ")} | ${reads.join(", ")} |`;
}
