/** A run of text as a citizen sees it. */
export interface Run {
  readonly text: string;
  readonly style: "bold" | "italic" | "code" | "link" | undefined;
}

/** One message of a preview. */
export interface Bubble {
  readonly runs: readonly Run[];
  readonly fileName: string | undefined;
  /** UTF-16 code units, as the networks count them. */
  readonly length: number;
  /** Undefined: the channel has none. */
  readonly limit: number | undefined;
}

type Part = Readonly<Record<string, unknown>>;

/** As bots/telegram and the two of WhatsApp split them. */
const TEXT_LIMIT = 4096;
const CAPTION_LIMIT = 1024;
/** As WhatsApp reads what is typed. */
const TYPED_MARKS = /\*([^*\n]+)\*|_([^_\n]+)_|`([^`\n]+)`/g;

/** Reads the JSON of `Channel.render`, which each channel has its own of; what it does not know it shows as text. */
export function toBubble(channel: string, part: Part): Bubble {
  if (part.kind === "template") return toTemplateBubble(part);
  if (Array.isArray(part.paragraphs)) {
    const runs = toParagraphRuns(part.paragraphs);
    return { runs, fileName: undefined, length: lengthOf(runs), limit: undefined };
  }
  const isFile = part.kind === "document";
  const text = String((isFile ? part.caption : part.text) ?? "");
  const runs =
    channel === "whatsapp-web"
      ? fromTyped(text)
      : fromRanges(text, toRanges(part.entities ?? part.marks));
  return {
    runs,
    fileName: isFile ? String(part.fileName ?? "") : undefined,
    length: text.length,
    limit: isFile ? CAPTION_LIMIT : TEXT_LIMIT,
  };
}

function toTemplateBubble({ name, parameters }: Part): Bubble {
  const given = Array.isArray(parameters) ? parameters.map(String) : [];
  const runs: Run[] = [{ text: String(name), style: "code" }];
  for (const [at, value] of given.entries()) {
    runs.push({ text: `\n{{${at + 1}}} ${value}`, style: undefined });
  }
  return { runs, fileName: undefined, length: lengthOf(runs), limit: undefined };
}

function toParagraphRuns(paragraphs: readonly unknown[]): Run[] {
  return paragraphs.flatMap((spans, at) => [
    ...(at === 0 ? [] : [{ text: "\n", style: undefined }]),
    ...(Array.isArray(spans) ? spans.map((span: Part) => toSpanRun(span)) : []),
  ]);
}

function toSpanRun({ text, style, url }: Part): Run {
  return { text: String(text ?? ""), style: url === undefined ? toStyle(style) : "link" };
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly style: Run["style"];
}

/** Telegram's entities have offset and length, WhatsApp's marks start and end. */
function toRanges(marks: unknown): Range[] {
  if (!Array.isArray(marks)) return [];
  return marks.map((mark: Part) => {
    const start = Number(mark.offset ?? mark.start ?? 0);
    const end = typeof mark.length === "number" ? start + mark.length : Number(mark.end ?? start);
    return { start, end, style: toStyle(mark.type ?? mark.kind) };
  });
}

function toStyle(kind: unknown): Run["style"] {
  if (kind === "bold" || kind === "italic" || kind === "code") return kind;
  if (kind === "text_link" || kind === "url" || kind === "link" || kind === "address") {
    return "link";
  }
  return undefined;
}

function fromRanges(text: string, ranges: readonly Range[]): Run[] {
  const runs: Run[] = [];
  let at = 0;
  for (const { start, end, style } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (start < at || end <= start) continue;
    if (start > at) runs.push({ text: text.slice(at, start), style: undefined });
    runs.push({ text: text.slice(start, end), style });
    at = end;
  }
  if (at < text.length) runs.push({ text: text.slice(at), style: undefined });
  return runs;
}

function fromTyped(text: string): Run[] {
  const runs: Run[] = [];
  let at = 0;
  for (const found of text.matchAll(TYPED_MARKS)) {
    const [whole, bold, italic, code] = found;
    if (found.index > at) runs.push({ text: text.slice(at, found.index), style: undefined });
    const style = bold !== undefined ? "bold" : italic !== undefined ? "italic" : "code";
    runs.push({ text: bold ?? italic ?? code ?? "", style });
    at = found.index + whole.length;
  }
  if (at < text.length) runs.push({ text: text.slice(at), style: undefined });
  return runs;
}

function lengthOf(runs: readonly Run[]): number {
  return runs.reduce((sum, { text }) => sum + text.length, 0);
}

/** The names of the places of a text, each once: `{nombre|vecina}` is `nombre`; `{{` is a brace. */
export function placesOf(text: string): readonly string[] {
  const names = [...text.replace(/\{\{|\}\}/g, "").matchAll(/\{([^{}|]+)(?:\|[^{}]*)?\}/g)].map(
    ([, name = ""]) => name.trim().toLowerCase(),
  );
  return [...new Set(names)].filter((name) => name !== "");
}
