import type { ReadDocument } from "../core/documents.ts";
import type { PassageDraft } from "../core/gazette-store.ts";
import type { TextSection } from "./convert/convert-protocol.ts";

/** As passages of gazettes are: about this long, and never longer than the limit (src/gazette/segment/passages.ts). */
const TARGET = 900;
const LIMIT = 1_800;
/** What is left of a section joins the passage before when it is shorter than this. */
const REMAINDER = 220;

/** A document without pages: each section stands for a page, and is an act of its own. */
export function cutSections(sections: readonly TextSection[]): ReadDocument {
  const read = sections.map(({ headings, paragraphs }, at) => {
    const page = at + 1;
    const heading = headings.join(" · ");
    const passages = group(paragraphs.flatMap(splitLong)).map(
      (text): PassageDraft => ({
        heading,
        text,
        page,
        lastPage: page,
        printedPage: undefined,
        lines: [],
      }),
    );
    return {
      page: {
        page,
        printedPage: undefined,
        width: 0,
        height: 0,
        origin: "text-layer" as const,
        text: [...headings.slice(-1), ...paragraphs].join("\n\n"),
      },
      act: {
        section: headings.slice(0, -1).join(" · "),
        issuingBody: "",
        title: headings.at(-1) ?? "",
        page,
        lastPage: page,
        passages,
      },
    };
  });
  return { pages: read.map(({ page }) => page), acts: read.map(({ act }) => act) };
}

/** A paragraph above the limit is cut at the ends of sentences, else at words, else where it must. */
function splitLong(paragraph: string): readonly string[] {
  const parts: string[] = [];
  let rest = paragraph;
  while (rest.length > LIMIT) {
    const head = rest.slice(0, LIMIT);
    const sentence = Math.max(head.lastIndexOf(". "), head.lastIndexOf("; ")) + 1;
    const word = head.lastIndexOf(" ");
    const isPair = /[\ud800-\udbff]$/.test(head);
    const cut = sentence >= TARGET ? sentence : word >= TARGET ? word : LIMIT - (isPair ? 1 : 0);
    parts.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  return rest === "" ? parts : [...parts, rest];
}

function group(paragraphs: readonly string[]): readonly string[] {
  const groups: string[] = [];
  let open = "";
  for (const paragraph of paragraphs) {
    const isFull = open.length >= TARGET || open.length + paragraph.length + 1 > LIMIT;
    if (open !== "" && isFull) {
      groups.push(open);
      open = "";
    }
    open = open === "" ? paragraph : `${open}\n${paragraph}`;
  }
  const last = groups.at(-1);
  const isRemainder = open.length < REMAINDER && (last?.length ?? LIMIT) + open.length < LIMIT;
  if (last !== undefined && isRemainder) groups[groups.length - 1] = `${last}\n${open}`;
  else if (open !== "") groups.push(open);
  return groups;
}
