import { type Html, html } from "./html.ts";
import type { OpenApiDocument } from "./openapi.ts";

/** A plain page of the API's description: every operation with its schemas. */
export function docsView(document: OpenApiDocument): Html {
  const paths = Object.entries(document.paths ?? {});
  const schemas = Object.entries(document.components?.schemas ?? {});
  return html`
<p class="kicker">API ${document.info.version}</p>
<h1>${document.info.title}</h1>
<p>${document.info.description} Machine-readable: <a href="/api/v1/openapi.json">openapi.json</a>.</p>
${paths.flatMap(([path, item]) =>
  (["get", "post", "put", "patch", "delete"] as const).map((method) =>
    operationView(path, method, item[method]),
  ),
)}
<h2>Schemas</h2>
${schemas.map(([name, schema]) => html`<h3 id="schema-${name}">${name}</h3><pre class="code" tabindex="0">${JSON.stringify(schema, undefined, 2)}</pre>`)}`;
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly requestBody?: unknown;
  readonly responses?: Readonly<Record<string, { readonly description?: string }>>;
}

function operationView(path: string, method: string, operation: unknown): Html | undefined {
  if (operation === undefined) return undefined;
  const { summary, description, requestBody, responses } = operation as Operation;
  const body = /"#\/components\/schemas\/(\w+)"/.exec(JSON.stringify(requestBody ?? ""))?.[1];
  return html`
<section class="document">
<h2>${summary}</h2>
<p class="route"><code><strong>${method.toUpperCase()}</strong> ${path}</code></p>
<p>${prose(description)}</p>
${body !== undefined && html`<p>Body: <a href="#schema-${body}">${body}</a></p>`}
<table><thead><tr><th scope="col">Status</th><th scope="col">Meaning</th></tr></thead>
<tbody>${Object.entries(responses ?? {}).map(
    ([status, response]) =>
      html`<tr><th scope="row">${status}</th><td>${prose(response.description)}</td></tr>`,
  )}</tbody></table>
</section>`;
}

/** What stands between backticks is code, as in Markdown; each piece is escaped by itself. */
function prose(text: string | undefined): readonly (Html | string)[] {
  return (text ?? "")
    .split(/`([^`]+)`/)
    .map((piece, at) => (at % 2 === 1 ? html`<code>${piece}</code>` : piece));
}
