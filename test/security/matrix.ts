import type { TenantId } from "../../src/core/ids.ts";
import { ACCESS, type Access } from "../../src/http/access/access-table.ts";
import type { Answer } from "../journeys/people/browser.ts";
import { CALLERS, type Caller, type Ground } from "./ground.ts";
import { NOBODY } from "./requests.ts";

/** Security checklist S07 and S08: every route × whoever may try, as the running server answers. */
export interface Cell {
  readonly route: string;
  readonly who: Caller;
  readonly expected: string;
  readonly seen: string;
}

/** Codes with which a door says no, whatever is behind it. */
const REFUSALS: readonly string[] = [
  "sign-in-needed",
  "api-key-needed",
  "api-key-wrong",
  "role-missing",
  "scope-missing",
  "csrf-token-wrong",
  "totp-set-up-needed",
  "tenant-needed",
  "proof-needed",
  "tenant-closed",
];
const NO_TENANT = "There is no such tenant.";
/** After these, somebody's session may be another one, or none. */
const TOUCHES_SESSION = /\/(session|sessions|setup|invitations|password-resets|sso|oidc)\b/;

export const routesOfAccess = Object.entries(ACCESS) as readonly (readonly [string, Access])[];

/** Asks of every route as everybody. Routes of the API alone change nothing here: their input is empty. */
export async function fillMatrix(
  ground: Ground,
  routes: readonly (readonly [string, Access])[] = routesOfAccess,
): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  for (const [route, access] of routes) {
    const tenantId = await ground.newTenant();
    for (const who of CALLERS) {
      if (TOUCHES_SESSION.test(route)) ground.forget(who);
      const answer = await ask(ground, route, access, who, tenantId);
      const seen = verdictOf(answer);
      cells.push({ route, who, seen, expected: expectedOf(access, who, seen) });
      if (TOUCHES_SESSION.test(route)) ground.forget(who);
    }
  }
  return cells;
}

export function isUnexpected({ expected, seen }: Cell): boolean {
  return expected !== seen;
}

function ask(
  ground: Ground,
  route: string,
  access: Access,
  who: Caller,
  tenantId: TenantId,
): Promise<Answer> {
  const [method = "", template = ""] = route.split(" ");
  const path = template.replace(/:(\w+)/g, (_, name: string) =>
    name === "period" ? "day" : NOBODY,
  );
  const body = method === "GET" || method === "DELETE" ? undefined : {};
  const scope = access.kind === "tenant" ? access.scope : undefined;
  return ground.call(who, tenantId, { method, path, body }, scope);
}

/** `passes`, or the refusal at the door; what comes after it (a 400, the 404 of a thing) is not looked at. */
function verdictOf(answer: Answer): string {
  if (answer.status >= 500 && answer.status !== 503) return `${answer.status} ${answer.text}`;
  const code: unknown = answer.json?.code;
  const isRefusal = REFUSALS.includes(String(code)) || answer.json?.detail === NO_TENANT;
  return isRefusal ? `${answer.status}` : "passes";
}

function expectedOf(access: Access, who: Caller, seen: string): string {
  // What guards itself has tests of its own; here it must not fail.
  if (access.kind === "own") return /^5/.test(seen) ? "no failure" : seen;
  if (access.kind === "open") return "passes";
  if (who === "anonymous" || who === "expired") return "401";
  if (who.includes("key")) return expectedOfKey(access, who);
  if (access.kind === "person") return "passes";
  const rolesOf = (given: Access & { readonly roles?: readonly string[] }) => given.roles ?? [];
  if (access.kind !== "tenant") return rolesOf(access).includes(who) ? "passes" : "403";
  const isPlatform = ((access.platform ?? []) as readonly string[]).includes(who);
  if (isPlatform) return "passes";
  if (who === "platform-admin" || who === "operator") return "404";
  // A tenant that is not theirs (any more) is not there.
  if (who === "disabled" || who.startsWith("foreign ")) return "404";
  return (access.roles as readonly string[]).includes(who) ? "passes" : "403";
}

/** A foreign key acts for its own tenant: what it sees of ours is searched elsewhere. */
function expectedOfKey(access: Access, who: Caller): string {
  if (access.kind !== "tenant") return "401";
  if (access.scope === undefined || who === "key without scope") return "403";
  return "passes";
}

/** One line a route, a column a caller; `·` passes. */
export function printMatrix(cells: readonly Cell[]): string {
  const routes = [...new Set(cells.map(({ route }) => route))];
  const width = Math.max(...routes.map((route) => route.length));
  const heads = CALLERS.map((who) => who.replace("foreign ", "f.").replace("platform-", "pl."));
  const lines = routes.map((route) => {
    const marks = CALLERS.map((who, at) => {
      const cell = cells.find((one) => one.route === route && one.who === who);
      const mark = cell?.seen === "passes" ? "·" : (cell?.seen ?? "?").slice(0, 3);
      return `${mark}${cell !== undefined && isUnexpected(cell) ? "!" : ""}`.padEnd(
        heads[at]?.length ?? 0,
      );
    });
    return `${route.padEnd(width)}  ${marks.join("  ")}`;
  });
  return [`${"".padEnd(width)}  ${heads.join("  ")}`, ...lines].join("\n");
}
