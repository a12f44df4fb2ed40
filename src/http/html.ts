/** Markup that is safe to send: made by `html`, never from data. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

type Child = Html | string | number | undefined | false | readonly Child[];

/** Builds markup; every value is escaped, unless it is markup made here. `undefined` and `false` are empty. */
export function html(parts: TemplateStringsArray, ...values: readonly Child[]): Html {
  let markup = parts[0] ?? "";
  values.forEach((value, index) => {
    markup += toMarkup(value) + (parts[index + 1] ?? "");
  });
  return new Html(markup);
}

function toMarkup(value: Child): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Html) return value.markup;
  if (typeof value === "object") return value.map(toMarkup).join("");
  return escapeHtml(String(value));
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text and for quoted attribute values. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
}
