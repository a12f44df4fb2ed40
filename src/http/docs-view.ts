import { API_TAGS, tagOf } from "./api-tags.ts";
import { curlOf, type DescribedOperation, type DescribedParameter } from "./docs-curl.ts";
import type { DescribedSchema, Schemas } from "./docs-sample.ts";
import { fieldView, prose, shapeView, typeView } from "./docs-shape.ts";
import { type Html, html } from "./html.ts";
import type { OpenApiDocument } from "./openapi.ts";

const METHODS = ["get", "post", "put", "patch", "delete"] as const;
/** Told once, above everything. */
const EVERYWHERE = "pregonero-tenant";

interface Entry {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly operation: DescribedOperation;
}

/** The API's description as a page: an index, every operation with a call to copy, every shape. Needs no script. */
export function docsView(document: OpenApiDocument): Html {
  const schemas = (document.components?.schemas ?? {}) as Schemas;
  const entries = entriesOf(document);
  const tags = [...API_TAGS.map(({ name }) => name), "More"]
    .map((name) => ({
      name,
      description: API_TAGS.find((tag) => tag.name === name)?.description,
      id: `tag-${name.toLowerCase().replaceAll(" ", "-")}`,
      entries: entries.filter(({ path }) => (tagOf(path) ?? "More") === name),
    }))
    .filter((tag) => tag.entries.length > 0);
  return html`
<p class="kicker">Version ${document.info.version}</p>
<h1>${document.info.title} API</h1>
${introduction(document, entries.length)}
<div class="api">
<nav class="api-index" aria-label="Operations">
<p class="api-filter" hidden><label for="filter">Filter</label>
<input id="filter" type="search" autocomplete="off" spellcheck="false" placeholder="campaigns, POST, webhook …">
<output for="filter" class="note"></output></p>
<ul class="plain">${tags.map(
    ({ name, id, entries: its }) => html`
<li><a href="#${id}">${name}</a> <span class="note">${its.length}</span>
<ul class="plain">${its.map(indexLine)}</ul></li>`,
  )}
<li><a href="#schemas">Shapes</a> <span class="note">${Object.keys(schemas).length}</span></li></ul>
</nav>
<div>
${tags.map(
  ({ name, id, description, entries: its }) => html`
<section class="api-tag" id="${id}">
<h2>${name}</h2>
<p>${description}</p>
${its.map((entry) => operationView(schemas, entry))}
</section>`,
)}
<section id="schemas">
<h2>Shapes</h2>
${Object.entries(schemas).map(
  ([name, schema]) => html`
<section class="api-shape" id="schema-${name}"><h3><a href="#schema-${name}">${name}</a></h3>
${schema.description !== undefined && html`<p>${prose(schema.description)}</p>`}
${shapeView(schema)}</section>`,
)}
</section>
</div>
</div>`;
}

function introduction(document: OpenApiDocument, count: number): Html {
  return html`
<p>${document.info.description} ${count} operations; machine-readable:
<a href="/api/v1/openapi.json">openapi.json</a>.</p>
<p>Programs send an API key as <code>Authorization: Bearer $KEY</code>. People have a session: its cookies, and the CSRF
token of <a href="#op-getSession">GET /api/v1/session</a> as <code>X-CSRF-Token</code> with every call that is not a GET.
Whoever belongs to several tenants names one as <code>Pregonero-Tenant</code>. Refusals are
<code>application/problem+json</code> with a <code>code</code>; lists go on at <code>?cursor=</code> with the
<code>next</code> of the page before.</p>`;
}

function entriesOf(document: OpenApiDocument): readonly Entry[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method] as DescribedOperation | undefined;
      if (operation === undefined) return [];
      return [{ id: `op-${operation.operationId ?? `${method}${path}`}`, method, path, operation }];
    }),
  );
}

/** The words that the filter looks at. */
function wordsOf({ id, method, path, operation }: Entry): string {
  return `${method} ${path} ${operation.summary ?? ""} ${id.slice(3)}`.toLowerCase();
}

function indexLine(entry: Entry): Html {
  return html`<li data-find="${wordsOf(entry)}"><a href="#${entry.id}"><span class="method ${entry.method}">${entry.method}</span> ${entry.operation.summary}</a></li>`;
}

function operationView(schemas: Schemas, entry: Entry): Html {
  const { id, method, path, operation } = entry;
  const { parameters = [], requestBody, responses = {} } = operation;
  const given = parameters.filter(({ name, in: place }) => place !== "path" && name !== EVERYWHERE);
  const bodies = Object.entries(requestBody?.content ?? {});
  return html`
<section class="api-operation" id="${id}" data-find="${wordsOf(entry)}">
<h3><a href="#${id}">${operation.summary}</a></h3>
<p class="route"><span class="method ${method}">${method}</span> <code>${path}</code></p>
${operation.description !== undefined && html`<p>${prose(operation.description)}</p>`}
${given.length > 0 && parametersView(given)}
${bodies.map(([media, { schema }]) => bodyView("Body", media, schema))}
<pre class="code" tabindex="0" aria-label="Example">${curlOf(schemas, method, path, operation)}</pre>
<dl class="api-answers">${Object.entries(responses).map(
    ([status, { description, content = {} }]) => html`
<div><dt>${status}</dt><dd>${prose(description)} ${Object.entries(content)
      .filter(([media]) => media !== "application/problem+json")
      .map(([media, { schema }]) => bodyView("", media, schema))}</dd></div>`,
  )}</dl>
</section>`;
}

function parametersView(parameters: readonly DescribedParameter[]): Html {
  return html`<table class="api-fields"><tbody>${parameters.map(
    ({ name, in: place, required, description, schema = {} }) => html`
<tr><th scope="row"><code>${place === "query" ? "?" : ""}${name}</code>${required === true && html` <b>required</b>`}</th>
<td>${fieldView(schema, description ?? schema.description)}</td></tr>`,
  )}</tbody></table>`;
}

function bodyView(label: string, media: string, schema: DescribedSchema = {}): Html {
  const isNamed = schema.$ref !== undefined;
  const head = html`${label !== "" && html`${label}: `}${media !== "application/json" && html`<code>${media}</code> `}`;
  if (media !== "application/json") return html`<p>${head}</p>`;
  return isNamed || schema.properties === undefined
    ? html`<p>${head}${typeView(schema)}</p>`
    : html`${label !== "" && html`<p>${head}</p>`}${shapeView(schema)}`;
}
