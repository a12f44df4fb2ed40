import type { AlertTopic } from "../../core/subscriptions.ts";
import { fold } from "../detect-language.ts";

/** Characters of a topic that are read, and how many of each it may have. */
const MAX_LENGTH = 300;
const MAX_ALTERNATIVES = 5;
const MAX_TERMS = 8;

export type ParsedTopic =
  | { readonly kind: "topic"; readonly topic: AlertTopic }
  | { readonly kind: "empty" }
  | { readonly kind: "only-exclusions" };

type Field = "body" | "section" | "name" | "place";

const FIELDS: Readonly<Record<string, Field>> = {
  institucion: "body",
  entidad: "body",
  organismo: "body",
  ministerio: "body",
  instituicao: "body",
  orgao: "body",
  body: "body",
  seccion: "section",
  secao: "section",
  section: "section",
  persona: "name",
  empresa: "name",
  nombre: "name",
  pessoa: "name",
  nome: "name",
  person: "name",
  company: "name",
  name: "name",
  lugar: "place",
  local: "place",
  place: "place",
};
const FIELD = /(?:^|\s)(\p{L}+)\s*:\s*/gu;
const TERM = /(?:(?<=^|\s)[-–—](?=\S))?(?:"[^"]*"?|“[^”]*”?|«[^»]*»?|[^\s"“«]+)/gu;

/**
 * Reads `"salario mínimo" decreto -judicial institución: Ministerio de Trabajo`: words and phrases that must all be
 * there, commas between alternatives, exclusions, and named fields, which end at the next one or with their quotation.
 */
export function parseTopic(typed: string): ParsedTopic {
  const text = typed.slice(0, MAX_LENGTH).toWellFormed();
  const { words, fields } = splitFields(text);
  const without: string[] = [];
  const anyOf = splitAlternatives(words).flatMap((alternative) => {
    const terms: string[] = [];
    for (const [term] of alternative.matchAll(TERM)) {
      const isExcluded = /^[-–—]/.test(term);
      const bare = term.replace(/^[-–—]?["“«]?|["”»]$/g, "").trim();
      if (!/[\p{L}\p{N}]/u.test(bare)) continue;
      (isExcluded ? without : terms).push(bare);
    }
    return terms.length === 0 ? [] : [terms.slice(0, MAX_TERMS)];
  });
  if (anyOf.length === 0 && Object.keys(fields).length === 0) {
    return { kind: without.length > 0 ? "only-exclusions" : "empty" };
  }
  return {
    kind: "topic",
    topic: {
      anyOf: anyOf.slice(0, MAX_ALTERNATIVES),
      without: without.slice(0, MAX_TERMS),
      ...fields,
    },
  };
}

function splitFields(text: string): {
  readonly words: string;
  readonly fields: Partial<Record<Field, string>>;
} {
  const marks = [...text.matchAll(FIELD)].flatMap((match) => {
    const field = FIELDS[fold((match[1] ?? "").toLowerCase())];
    return field === undefined
      ? []
      : [{ field, start: match.index, end: match.index + match[0].length }];
  });
  let words = text.slice(0, marks[0]?.start);
  const fields: Partial<Record<Field, string>> = {};
  marks.forEach(({ field, end }, index) => {
    const value = text.slice(end, marks[index + 1]?.start).trim();
    const quoted = /^(?:"([^"]*)"|“([^”]*)”|«([^»]*)»)(.*)$/su.exec(value);
    // Unquoted, it ends where something is excluded.
    const bare = /^(.*?)(\s[-–—]\S.*)?$/su.exec(value);
    const name = (quoted?.[1] ?? quoted?.[2] ?? quoted?.[3] ?? bare?.[1] ?? "").trim();
    words += ` ${(quoted === null ? bare?.[2] : quoted[4]) ?? ""}`;
    if (/[\p{L}\p{N}]/u.test(name)) fields[field] = name.replace(/[,;.]+$/, "");
  });
  return { words, fields };
}

/** At commas and semicolons outside quotation marks. */
function splitAlternatives(text: string): readonly string[] {
  return text.match(/(?:"[^"]*"?|“[^”]*”?|«[^»]*»?|[^,;"“«])+/gu) ?? [];
}
