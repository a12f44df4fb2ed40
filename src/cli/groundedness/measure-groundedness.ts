import { toPlainText } from "../../conversation/plain-text.ts";
import type { Answer, RetrievedPassage, Retriever } from "../../core/answer.ts";
import { asId, type MessageId, type TenantId } from "../../core/ids.ts";
import type { Language } from "../../core/language.ts";
import type { LanguageModel } from "../../core/language-model.ts";
import type { QuestionAnswerer } from "../../core/question.ts";
import type { GoldQuestion } from "../../retrieval/evaluate.ts";
import { type ScriptedSentence, scriptSentences, writeReply } from "./scripted-writer.ts";

/** What became of the sentences of one kind. */
export interface GroundednessRow {
  readonly kind: string;
  readonly expected: ScriptedSentence["expected"];
  readonly written: number;
  /** Kept, for what is to be kept; else kept from the citizen or rightly cited. */
  readonly right: number;
  /** Up to three sentences of which the wrong became. */
  readonly wrong: readonly string[];
}

export interface GroundednessReport {
  readonly rows: readonly GroundednessRow[];
  readonly questions: number;
  /** Share of the true sentences that reached the citizen. */
  readonly keptOfTrue: number;
  /** Share of the untrue, the uncited and the wrongly cited that did not reach the citizen so. */
  readonly removedOfInvented: number;
}

/**
 * Has every answerable gold question answered by a model that mixes true and invented sentences, once in the
 * gazette's language and once in another, and counts which reached the citizen. `toModel` puts the script behind
 * a model; the default asks it directly.
 */
export async function measureGroundedness(
  ports: {
    readonly retriever: Retriever;
    readonly createAnswerer: (parts: {
      readonly model: LanguageModel;
      readonly retriever: Retriever;
    }) => QuestionAnswerer;
    readonly toModel?: (reply: (prompt: string) => string) => LanguageModel;
  },
  asked: { readonly gold: readonly GoldQuestion[]; readonly tenantId: TenantId },
  signal: AbortSignal,
): Promise<GroundednessReport> {
  let script: { readonly language: Language; readonly isAbroad: boolean } = {
    language: "es",
    isAbroad: false,
  };
  let sentences: readonly ScriptedSentence[] = [];
  let shown: readonly RetrievedPassage[] = [];
  const reply = (prompt: string) => {
    sentences = scriptSentences(prompt, script.language, script.isAbroad);
    return writeReply(sentences);
  };
  const answerer = ports.createAnswerer({
    model: (ports.toModel ?? directly)(reply),
    retriever: {
      async retrieve(...query) {
        const found = await ports.retriever.retrieve(...query);
        shown = found.passages;
        return found;
      },
    },
  });
  const tally = new Map<string, { row: GroundednessRow; wrong: string[] }>();
  let questions = 0;
  for (const gold of asked.gold.filter(({ file }) => file !== null && file !== undefined)) {
    for (const isAbroad of [false, true]) {
      const language = isAbroad ? abroadOf(gold.lang) : gold.lang;
      script = { language, isAbroad };
      sentences = [];
      const { answer } = await answerer.answer(toQuestion(gold, language, asked.tenantId), signal);
      if (sentences.length > 0) questions += 1;
      const heard = oneLine(answer.text);
      const untold = withoutTruths(heard, sentences);
      for (const sentence of sentences) {
        const told = sentence.expected === "remove" ? untold : heard;
        count(tally, sentence, judge(sentence, told, answer, shown));
      }
    }
  }
  return toReport(tally, questions);
}

/** Whether the citizen got a sentence that is true, or did not get one that is not. */
function judge(
  sentence: ScriptedSentence,
  heard: string,
  answer: Answer,
  shown: readonly RetrievedPassage[],
): boolean {
  const text = oneLine(toPlainText(sentence.text, undefined));
  const at = heard.indexOf(text);
  switch (sentence.expected) {
    case "keep":
      return at !== -1;
    case "remove":
      return sentence.lie === "" ? at === -1 : !tells(heard, sentence);
    case "cite-rightly": {
      if (at === -1) return true;
      const mark = /^\.? ?\[(\d+)\]/.exec(heard.slice(at + text.length))?.[1];
      const id = answer.citations.find(({ number }) => number === Number(mark))?.passageId;
      const cited = shown.find(({ passage }) => passage.passageId === id)?.passage.text;
      // Some sentences stand in several notices.
      return cited !== undefined && letters(cited).includes(letters(sentence.lie));
    }
    default:
      return sentence.expected satisfies never;
  }
}

/** What was told beyond the true sentences: what is a lie in one sentence may be true in another. */
function withoutTruths(heard: string, sentences: readonly ScriptedSentence[]): string {
  return sentences
    .filter(({ expected }) => expected !== "remove")
    .map(({ text }) => oneLine(toPlainText(text, undefined)))
    .sort((one, other) => other.length - one.length)
    .reduce((rest, text) => rest.split(text).join(" "), heard);
}

/** The lie with the words around it. */
function tells(heard: string, { text, lie }: ScriptedSentence): boolean {
  const plain = oneLine(text);
  const at = plain.indexOf(lie);
  const isAddress = /[.@]example/.test(lie);
  return heard.includes(isAddress ? lie : plain.slice(Math.max(0, at - 25), at + lie.length + 12));
}

function count(
  tally: Map<string, { row: GroundednessRow; wrong: string[] }>,
  { kind, expected, text }: ScriptedSentence,
  isRight: boolean,
): void {
  const { row, wrong } = tally.get(kind) ?? {
    row: { kind, expected, written: 0, right: 0, wrong: [] },
    wrong: [],
  };
  if (!isRight) wrong.push(text);
  tally.set(kind, {
    row: {
      ...row,
      written: row.written + 1,
      right: row.right + (isRight ? 1 : 0),
      wrong: wrong.slice(0, 3),
    },
    wrong,
  });
}

function toReport(
  tally: ReadonlyMap<string, { readonly row: GroundednessRow }>,
  questions: number,
): GroundednessReport {
  const rows = [...tally.values()].map(({ row }) => row);
  const share = (wanted: (row: GroundednessRow) => boolean) => {
    const chosen = rows.filter(wanted);
    const written = chosen.reduce((sum, row) => sum + row.written, 0);
    return written === 0 ? 1 : chosen.reduce((sum, row) => sum + row.right, 0) / written;
  };
  return {
    rows: rows.sort((one, other) => one.expected.localeCompare(other.expected)),
    questions,
    keptOfTrue: share(({ expected }) => expected === "keep"),
    removedOfInvented: share(({ expected }) => expected !== "keep"),
  };
}

function toQuestion(gold: GoldQuestion, language: Language, tenantId: TenantId) {
  return {
    tenantId,
    messageId: asId<MessageId>(gold.id),
    text: gold.question,
    language,
    sources: [],
    date: undefined,
    history: [],
    note: () => {},
  };
}

function abroadOf(language: Language): Language {
  return language === "es" ? "en" : "es";
}

function directly(reply: (prompt: string) => string): LanguageModel {
  const name = "scripted:mixes-true-and-invented";
  return {
    name,
    async generate({ messages }) {
      const text = reply(messages.map((message) => message.text).join("\n"));
      return { text, model: name, usage: { input: 0, cachedInput: 0, output: 0 }, finish: "stop" };
    },
  };
}

/** Without what notices printed twice differ in. */
function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\d]/gu, "");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
