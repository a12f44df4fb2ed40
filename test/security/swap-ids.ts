import { setTimeout } from "node:timers/promises";
import type { OpenApiDocument } from "../../src/http/openapi.ts";
import type { Answer } from "../journeys/people/browser.ts";
import { candidatesFor, type ForeignIds } from "./foreign-rows.ts";
import type { Ground } from "./ground.ts";
import { NOBODY, NOBODY_ELSE, type Operation, operationsWithIds, toCall } from "./requests.ts";

/** Security checklist S09: what came of giving a foreign id where our own was meant. */
export interface Swap {
  readonly route: string;
  readonly place: string;
  /** How many foreign ids were tried there. */
  readonly tried: number;
  /** Of the answer to an id of nobody. */
  readonly status: number;
  /** Undefined: none of the foreign ids was answered otherwise. */
  readonly difference: string | undefined;
  /** Undefined: the request was valid as far as its shape goes. */
  readonly invalid: string | undefined;
}

/** Places whose value is of no tenant, each with its reason. */
const NOT_OF_A_TENANT: Readonly<Record<string, string>> = {
  period: "one of four words",
  date: "a day of the calendar",
  revision: "counts the versions of one assistant",
  botKey: "public by its nature: a web chat's address",
  clientMessageId: "made by the caller",
};

/** What stands in such a place while another is tried. */
const TAKEN: Readonly<Record<string, string>> = {
  period: "day",
  date: "2024-04-15",
  revision: "1",
};

/** The longest that a limit of requests lasts. */
const RATE_WINDOW_MS = 60_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Tries each place of each route on its own, with foreign ids and one of nobody. */
export async function swapIds(
  ground: Ground,
  document: OpenApiDocument,
  ids: readonly ForeignIds[],
): Promise<readonly Swap[]> {
  const swaps: Swap[] = [];
  for (const operation of operationsWithIds(document)) {
    const places = [
      ...operation.inPath.filter((name) => !operation.numbers.includes(name)),
      ...(operation.inQuery.length > 0 ? operation.inQuery : []),
      ...(operation.inBody.length > 0 ? ["body"] : []),
    ];
    for (const place of places.filter((name) => NOT_OF_A_TENANT[name] === undefined)) {
      swaps.push(await swapAt(ground, document, operation, place, ids));
    }
  }
  return swaps;
}

async function swapAt(
  ground: Ground,
  document: OpenApiDocument,
  operation: Operation,
  place: string,
  ids: readonly ForeignIds[],
): Promise<Swap> {
  let tenantId = await ground.newTenant();
  let hasChanged = false;
  const isInPath = operation.inPath.includes(place);
  // Never the one that is tried as nobody's: answers that name it would differ by that alone.
  const elsewhere = isInPath ? NOBODY_ELSE : NOBODY;
  const ask = async (id: string) => {
    const call = toCall(document, operation, {
      inPath: (name) => (name === place ? id : (TAKEN[name] ?? elsewhere)),
      other: isInPath ? NOBODY_ELSE : id,
    });
    // What changed something must find the same as the request before it found.
    if (hasChanged) tenantId = await ground.newTenant();
    let answer = await ground.call("owner", tenantId, call);
    if (answer.status === 429) {
      tenantId = await ground.newTenant();
      answer = await ground.call("owner", tenantId, call);
    }
    if (answer.status === 429) {
      // More than a person may ask in a minute, of however many tenants.
      await setTimeout(RATE_WINDOW_MS);
      answer = await ground.call("owner", tenantId, call);
    }
    hasChanged = operation.method !== "GET" && answer.status < 400;
    return answer;
  };
  const nobody = isInPath ? NOBODY : NOBODY_ELSE;
  const missing = await ask(nobody);
  const expected = comparable(missing, nobody);
  const names = place === "body" ? operation.inBody : [place];
  const found = names.flatMap((name) => candidatesFor(name, ids).map(({ value }) => value));
  const candidates = [...new Set(found)].filter((value) => isInPath || UUID.test(value));
  let difference: string | undefined;
  for (const id of candidates) {
    const seen = comparable(await ask(id), id);
    if (seen !== expected) difference ??= `${expected.slice(0, 200)} ≠ ${seen.slice(0, 200)}`;
  }
  const code: unknown = missing.json?.code;
  // A refusal that names the id is one of the id, not of the request.
  const isInvalid =
    [400, 405, 413, 415, 422, 428].includes(missing.status) &&
    !missing.text.includes(NOBODY) &&
    !missing.text.includes(NOBODY_ELSE);
  return {
    route: `${operation.method} ${operation.template}`,
    place,
    tried: candidates.length,
    status: missing.status,
    difference,
    invalid: isInvalid ? `${missing.status} ${String(code)}: ${detailOf(missing)}` : undefined,
  };
}

function detailOf({ json }: Answer): string {
  return String(json?.detail ?? "").slice(0, 300);
}

/** Byte for byte, but for the ids that the request itself holds, those made anew, and times. */
function comparable({ status, text }: Answer, id: string): string {
  return `${status} ${text
    .replaceAll(id, "ID")
    .replace(/"requestId":"[^"]*"/, "")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UUID")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")}`;
}
