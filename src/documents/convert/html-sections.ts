import { type DefaultTreeAdapterTypes, parse } from "parse5";
import type { TextSection } from "./convert-protocol.ts";
import { createSections } from "./sections.ts";

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** Nothing in these is text of the document, or nobody sees it. */
const LEFT_OUT: ReadonlySet<string> = new Set(
  `script style template noscript iframe object embed svg math canvas audio video select textarea button nav
   head form dialog`.split(/\s+/),
);
/** Their text stands by itself. */
const BLOCKS: ReadonlySet<string> = new Set(
  `address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer header
   hgroup hr html li main ol p pre section summary table tbody tfoot thead tr ul br`.split(/\s+/),
);
/** Deeper than any real page; what is below is left out. */
const MAX_DEPTH = 300;

/** A page as its reader sees it: headings and paragraphs, without code, hidden text, menus and forms. */
export function htmlSections(markup: string): readonly TextSection[] {
  const sections = createSections();
  let line = "";
  function flush(): void {
    sections.addText(line);
    line = "";
  }
  function walk(node: Node, depth: number): void {
    if ("value" in node && node.nodeName === "#text") {
      line += node.value;
      return;
    }
    if (depth > MAX_DEPTH || !("childNodes" in node)) return;
    const element = "tagName" in node ? node : undefined;
    const name = element?.tagName ?? "";
    if (LEFT_OUT.has(name) || (element !== undefined && isHidden(element))) return;
    const level = /^h([1-6])$/.exec(name)?.[1];
    if (level !== undefined) {
      flush();
      sections.addHeading(Number(level), textOf(node, depth));
      return;
    }
    const isBlock = BLOCKS.has(name);
    if (isBlock) flush();
    for (const child of node.childNodes) {
      walk(child, depth + 1);
      if (isCell(child)) line += " | ";
    }
    if (isBlock) {
      if (name === "tr") line = line.replace(/(?:\s*\|\s*)+$/, "");
      flush();
    }
  }
  walk(parse(markup), 0);
  flush();
  return sections.end();
}

function isCell(node: Node): boolean {
  return "tagName" in node && (node.tagName === "td" || node.tagName === "th");
}

/** Text that a reader does not see is how a page speaks to a model. */
function isHidden({ attrs }: Element): boolean {
  return attrs.some(
    ({ name, value }) =>
      name === "hidden" ||
      (name === "aria-hidden" && value.trim().toLowerCase() === "true") ||
      (name === "style" &&
        /display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])/i.test(
          value,
        )),
  );
}

function textOf(node: Node, depth: number): string {
  if ("value" in node && node.nodeName === "#text") return node.value;
  if (depth > MAX_DEPTH || !("childNodes" in node)) return "";
  if ("tagName" in node && (LEFT_OUT.has(node.tagName) || isHidden(node))) return "";
  return node.childNodes.map((child) => textOf(child, depth + 1)).join(" ");
}
