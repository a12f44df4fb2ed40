import type { OpenAPIRegistry, RouteConfig } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { ProblemShape } from "../contract.ts";
import { ACCESS, type Access } from "./access-table.ts";
import { TENANT_HEADER } from "./authorise.ts";

type Route = keyof typeof ACCESS;
type Method = "get" | "post" | "put" | "patch" | "delete";

export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly takes?: z.ZodType;
  /** Types of a body that is a file as it stands, instead of `takes` or besides. */
  readonly takesFile?: readonly string[];
  readonly query?: z.ZodObject;
  /** Header fields besides those of every call. */
  readonly headers?: Readonly<Record<string, z.ZodType>>;
  /** Undefined: 204, unless `media` is given. */
  readonly gives?: z.ZodType;
  /** Type of what is given, when it is not JSON. */
  readonly media?: string;
  readonly status?: 200 | 201 | 202;
  /** What else can come of it, by status. */
  readonly otherwise?: Readonly<Record<number, string>>;
}

export type Operations = Readonly<Partial<Record<Route, Operation>>>;

/** Header of what is done once, however often it is asked (`../idempotency.ts`). */
export const ONCE = {
  "Idempotency-Key": z.string().optional().openapi({
    description:
      "Made anew for each request: the same request again is answered again, and done once.",
  }),
};
/** Header of what two people may edit at once (`../etag.ts`). */
export const IF_MATCH = {
  "If-Match": z.string().openapi({ description: "The ETag of what was read.", example: '"r3"' }),
};

export const SESSION_SCHEME = "session";
const KEY_SCHEME = "apiKey";

/** Describes operations; who may what is read from the table that decides it. */
export function describeOperations(registry: OpenAPIRegistry, operations: Operations): void {
  for (const [route, operation] of Object.entries(operations)) {
    const [method = "", path = ""] = route.split(" ");
    const access: Access = ACCESS[route as Route];
    registry.registerPath({
      method: method.toLowerCase() as Method,
      path: path.replace(/:(\w+)/g, "{$1}"),
      operationId: operation.id,
      summary: operation.summary,
      description: [operation.description, describeWho(access)].filter(Boolean).join(" "),
      security: securityOf(access),
      request: requestOf(path, operation, access),
      responses: responsesOf(operation, access),
    });
  }
}

function securityOf(access: Access): Record<string, string[]>[] {
  if (access.kind === "open" || access.kind === "own") return [{}];
  const session = { [SESSION_SCHEME]: [] };
  if (access.kind !== "tenant" || access.scope === undefined) return [session];
  return [session, { [KEY_SCHEME]: [access.scope] }];
}

function describeWho(access: Access): string {
  if (access.kind === "person") return "About oneself.";
  if (access.kind === "own") return `Guarded by ${access.how}.`;
  if (access.kind === "open") return "";
  const platform = access.kind === "tenant" ? (access.platform ?? []) : [];
  const roles = [...access.roles, ...platform].map((role) => `\`${role}\``);
  const proof = access.needsProof
    ? " Password and code must have been given within 15 minutes."
    : "";
  return `For ${roles.join(", ")}.${proof}`;
}

function requestOf(
  path: string,
  operation: Operation,
  access: Access,
): NonNullable<RouteConfig["request"]> {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
  const params = z.object(
    Object.fromEntries(
      names.map((name) => [name, z.string().openapi({ param: { name, in: "path" } })]),
    ),
  );
  const tenant = {
    [TENANT_HEADER]: z.uuid().optional().openapi({
      description: "Which tenant, for people who belong to several and for platform-admins.",
    }),
  };
  const { query } = operation;
  const body = bodyOf(operation);
  const headers = { ...(access.kind === "tenant" ? tenant : {}), ...operation.headers };
  return {
    ...(names.length > 0 ? { params } : {}),
    ...(query === undefined ? {} : { query }),
    ...(Object.keys(headers).length === 0 ? {} : { headers: z.object(headers) }),
    ...(body === undefined ? {} : { body }),
  };
}

function bodyOf({
  takes,
  takesFile = [],
}: Operation): NonNullable<RouteConfig["request"]>["body"] | undefined {
  if (takes === undefined && takesFile.length === 0) return undefined;
  const file = { schema: { type: "string" as const, format: "binary" } };
  return {
    required: true,
    content: {
      ...(takes === undefined ? {} : { "application/json": { schema: takes } }),
      ...Object.fromEntries(takesFile.map((media) => [media, file])),
    },
  };
}

function responsesOf(operation: Operation, access: Access): RouteConfig["responses"] {
  const problem = (description: string) => ({
    description,
    content: { "application/problem+json": { schema: ProblemShape } },
  });
  const { otherwise = {} } = operation;
  return {
    ...successOf(operation),
    ...(access.kind === "open" ? {} : { 401: problem("Nobody is signed in.") }),
    403: problem("The role does not allow it, a proof is needed, or the CSRF token is wrong."),
    429: problem("Too many calls or attempts; Retry-After says when to try again."),
    ...Object.fromEntries(Object.entries(otherwise).map(([status, why]) => [status, problem(why)])),
  };
}

function successOf({ gives, media, status = 200 }: Operation): RouteConfig["responses"] {
  if (media !== undefined) {
    const schema = { type: "string" as const, format: "binary" };
    return { [status]: { description: "Done.", content: { [media]: { schema } } } };
  }
  if (gives === undefined) return { 204: { description: "Done." } };
  return {
    [status]: { description: "Done.", content: { "application/json": { schema: gives } } },
  };
}
