import { type DescribedSchema, nameOf } from "./docs-sample.ts";
import { type Html, html } from "./html.ts";

/** Fields of fields are shown down to here; what is deeper has a name of its own. */
const MAX_DEPTH = 3;

/** The fields of a shape, one a row; those of inner shapes with their whole way, such as `person.email`. */
export function shapeView(schema: DescribedSchema): Html {
  const rows = rowsOf(schema, "", 0);
  if (rows.length === 0) return html`<p>${typeView(schema)}</p>`;
  return html`<table class="api-fields"><tbody>${rows.map(
    ({ way, isRequired, field }) => html`
<tr><th scope="row"><code>${way}</code>${isRequired && html` <b>required</b>`}</th>
<td>${fieldView(field, field.description)}</td></tr>`,
  )}</tbody></table>`;
}

interface Row {
  readonly way: string;
  readonly isRequired: boolean;
  readonly field: DescribedSchema;
}

function rowsOf(schema: DescribedSchema, before: string, depth: number): readonly Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const way = `${before}${name}`;
    const row = { way, isRequired: schema.required?.includes(name) === true, field };
    if (depth >= MAX_DEPTH) return [row];
    const inner = [
      ...rowsOf(field, `${way}.`, depth + 1),
      ...rowsOf(field.items ?? {}, `${way}[].`, depth + 1),
    ];
    return [row, ...inner];
  });
}

/** What a value may be, in a few words, with links to shapes that have a name. */
export function typeView(schema: DescribedSchema): Html {
  const name = nameOf(schema);
  if (name !== undefined) return html`<a href="#schema-${name}">${name}</a>`;
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum !== undefined) {
    return joined(schema.enum.map((value) => html`<code>${JSON.stringify(value)}</code>`));
  }
  const options = schema.oneOf ?? schema.anyOf;
  if (options !== undefined) return joined(options.map(typeView));
  if (schema.allOf !== undefined) {
    return joined(schema.allOf.filter(({ $ref, type }) => $ref ?? type).map(typeView));
  }
  if (schema.items !== undefined) return html`list of ${typeView(schema.items)}${limitsOf(schema)}`;
  return html`<span class="api-type">${[schema.type ?? "anything"].flat().join(" or ")}${
    schema.format !== undefined && ` (${schema.format})`
  }${limitsOf(schema)}</span>`;
}

function joined(parts: readonly Html[]): Html {
  return html`${parts.map((part, at) => html`${at > 0 && " or "}${part}`)}`;
}

function limitsOf(schema: DescribedSchema): string {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  return (
    range(minimum, maximum, "") +
    range(minLength, maxLength, " characters") +
    range(minItems, maxItems, " entries")
  );
}

/** Bounds that are only there because numbers of a computer end say nothing. */
const BOUNDLESS = 1e12;

function range(from: number | undefined, to: number | undefined, unit: string): string {
  const most = to !== undefined && to < BOUNDLESS ? to : undefined;
  const least = from !== undefined && from > -BOUNDLESS ? from : undefined;
  if (most === undefined) return least === undefined || least <= 1 ? "" : `, from ${least}${unit}`;
  return least === undefined ? `, at most ${most}${unit}` : `, ${least} to ${most}${unit}`;
}

export function fieldView(schema: DescribedSchema, description: string | undefined): Html {
  return html`${typeView(schema)}${description !== undefined && html` · ${prose(description)}`}`;
}

/** What stands between backticks is code, as in Markdown; each piece is escaped by itself. */
export function prose(text: string | undefined): readonly (Html | string)[] {
  return (text ?? "")
    .split(/`([^`]+)`/)
    .map((piece, at) => (at % 2 === 1 ? html`<code>${piece}</code>` : piece));
}
