import type { OpenApiDocument } from "../../src/http/openapi.ts";
import type { Ground } from "./ground.ts";
import { NOBODY, resolve, type Schema, sampleOf } from "./requests.ts";

/** Security checklist S14, S28 and S56: a body with something in it that is not the caller's to say. */
export interface Taken {
  readonly route: string;
  readonly what: string;
  readonly status: number;
}

/** Fields that would be somebody else's, where a route does not know them. */
const PLANTED: Readonly<Record<string, unknown>> = {
  tenant_id: NOBODY,
  tenantId: NOBODY,
  role: "owner",
  balance: 1_000_000,
  is_admin: true,
  platformRole: "platform-admin",
};
const POLLUTIONS = ['"__proto__":{"isAdmin":true}', '"constructor":{"prototype":{"isAdmin":true}}'];
/** Names of what proves somebody: nothing is none (Flowise CVE-2026-41276). */
const PROOF = /token|code|secret|password|key$/i;

interface Described {
  readonly requestBody?: {
    readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
  };
}

/** Sends each to every route that takes JSON. What is said yes to, or fails, comes back. */
export async function sendHostileBodies(
  ground: Ground,
  document: OpenApiDocument,
): Promise<{ readonly sent: number; readonly taken: readonly Taken[] }> {
  const taken: Taken[] = [];
  let sent = 0;
  for (const [template, methods] of Object.entries(document.paths ?? {})) {
    for (const [method, described] of Object.entries(
      methods as Readonly<Record<string, Described>>,
    )) {
      const schema = described.requestBody?.content?.["application/json"]?.schema;
      if (schema === undefined) continue;
      const route = `${method.toUpperCase()} ${template}`;
      const tenantId = await ground.newTenant();
      const path = template.replace(/\{(\w+)\}/g, (_, name: string) =>
        name === "period" ? "day" : NOBODY,
      );
      for (const [what, body] of hostileBodies(document, schema)) {
        if (/session|password/.test(route)) ground.forget("owner");
        const call = { method: method.toUpperCase(), path, body, headers: { "if-match": "*" } };
        const { status } = await ground.call("owner", tenantId, call);
        sent += 1;
        if (status < 400 || (status >= 500 && status !== 503)) taken.push({ route, what, status });
      }
    }
  }
  return { sent, taken };
}

function hostileBodies(
  document: OpenApiDocument,
  given: Schema,
): readonly (readonly [string, unknown])[] {
  const schema = resolve(document, given);
  const sample = sampleOf(document, schema, NOBODY);
  if (typeof sample !== "object" || sample === null) return [];
  const known = Object.keys(schema.properties ?? {});
  if (known.length === 0) return [];
  const planted = Object.entries(PLANTED).filter(([name]) => !known.includes(name));
  const text = JSON.stringify(sample);
  const open = text === "{}" ? "{" : `${text.slice(0, -1)},`;
  const proofs = known.filter((name) => PROOF.test(name) && schema.required?.includes(name));
  return [
    ...planted.map(([name, value]) => [`${name} planted`, { ...sample, [name]: value }] as const),
    ...POLLUTIONS.map((pollution) => [pollution, `${open}${pollution}}`] as const),
    ...proofs.flatMap((name) =>
      [null, ""].map((value) => [`${name}: ${value}`, { ...sample, [name]: value }] as const),
    ),
  ];
}
