import type { RetrievalQuery, RetrievedPassage, Retriever } from "../../core/answer.ts";
import { DEFAULT_STYLE } from "../../core/assistant.ts";
import { type Conduct, DEFAULT_CONDUCT, type Hold } from "../../core/hand-over.ts";
import type { BotAccount } from "../../core/channel.ts";
import type { ActChanges } from "../../core/entities.ts";
import { asId, type EditionId, type PassageId } from "../../core/ids.ts";
import type { LanguageModel } from "../../core/language-model.ts";
import { silentLogger } from "../../core/logger.ts";
import type { IncomingContent, IncomingMessage, Reply } from "../../core/message.ts";
import type { QuestionLimits } from "../../core/plans.ts";
import type { PublishedNews } from "../../core/published-news.ts";
import type { SubscriptionDesk } from "../../core/subscriptions.ts";
import type { ConversationMemory, Turn, TurnInput, TurnOutcome } from "../../core/turn.ts";
import { createQuestionAnswerer } from "../answer-question.ts";
import { createConversation } from "../conversation.ts";
import type { MediaPorts } from "../understand-media.ts";
import { replyText } from "../format-reply.ts";
import type { GazetteReads, QuestionPlan } from "../ports.ts";

const EDITION = asId<EditionId>("0190a1b2-0000-7000-8000-000000000001");

/** From La Gaceta n.º 220 of 14 November 2014, printed page 12 (gold set, dev-001). */
export const XARDIC =
  "Moba Sociedad Anónima, con domicilio en Puerta Parada km 14.5 carretera a El Salvador, Guatemala, solicita la inscripción de: XARDIC como marca de fábrica y comercio en clase: 5 internacional, para proteger y distinguir lo siguiente: Clase 5: Productos farmacéuticos.";

export function passage(text: string, overrides: Partial<RetrievedPassage> & { readonly id?: number; readonly page?: number } = {}): RetrievedPassage {
  const { id = 1, page = 1, ...rest } = overrides;
  return {
    passage: {
      passageId: asId<PassageId>(String(id)),
      editionId: EDITION,
      position: id,
      actPosition: 0,
      heading: "REGISTRO NACIONAL – Marcas de ganadería",
      text,
      page,
      lastPage: page,
      printedPage: String(page + 11),
    },
    source: "la-gaceta",
    sourceName: "La Gaceta",
    editionNumber: "220",
    documentName: "LaGaceta 220.pdf",
    date: "2014-11-14",
    score: 10,
    ranks: { lexical: 1 },
    ...rest,
  };
}

/** A shelf of one gazette: `listSources`, `listEditions`, `listActs`, `getEdition`; what `/hoy` and `/fuentes` read. */
export function gazetteShelf(isEmpty = false, others: readonly { readonly slug: string; readonly name: string; readonly country: string }[] = []): GazetteReads {
  const source = {
    sourceId: asId<never>("s"),
    tenantId: undefined,
    slug: "la-gaceta",
    name: "La Gaceta",
    language: "es",
    country: "CR",
    timeZone: "America/Costa_Rica",
  } as const;
  const edition = {
    editionId: EDITION,
    source,
    publishedOn: "2014-11-14",
    number: "220",
    documentName: "LaGaceta 220.pdf",
    contentHash: "",
    pageCount: 34,
    fileKey: "",
    actCount: 12,
  };
  const titles = ["Licencia de conducir", "Marca XARDIC", "Marca SCOTIA COOL", "", "Marca XARDIC", ...Array.from({ length: 7 }, (_, index) => `Aviso ${index}`)];
  return {
    listSources: async () => (isEmpty ? [] : [source, ...others.map((other) => ({ ...source, ...other }))].map((one) => ({ ...one, editionCount: 1, lastPublishedOn: "2014-11-14" }))),
    listEditions: async () => [edition],
    getEdition: async (_, editionId) => (editionId === EDITION ? edition : undefined),
    listActs: async () =>
      titles.map((title, position) => ({
        section: position === 0 ? "PODER EJECUTIVO" : "AVISOS",
        issuingBody: "Registro Nacional",
        title,
        page: position + 1,
        lastPage: position + 1,
      })),
  };
}

export interface CitizenOptions {
  readonly passages?: readonly RetrievedPassage[];
  readonly isAnswerable?: boolean;
  readonly retrieve?: Retriever["retrieve"];
  readonly model?: LanguageModel;
  readonly publicUrl?: string | undefined;
  readonly sender?: Partial<IncomingMessage["sender"]>;
  readonly chat?: "private" | "group";
  readonly hasNoGazettes?: boolean;
  /** Besides La Gaceta of Costa Rica. */
  readonly otherSources?: readonly { readonly slug: string; readonly name: string; readonly country: string }[];
  readonly isBusy?: boolean;
  readonly plan?: QuestionPlan;
  /** A model looks at each sentence once more. */
  readonly checksGrounding?: boolean;
  /** What hears voice notes. */
  readonly media?: MediaPorts;
  readonly conduct?: Partial<Conduct>;
  readonly actChanges?: ActChanges;
  readonly news?: PublishedNews;
  readonly subscriptions?: SubscriptionDesk;
  readonly questionLimits?: QuestionLimits;
}

/** One person in one chat, whose memory and history are kept between messages as the line keeps them. */
export function citizen(options: CitizenOptions = {}) {
  const queries: RetrievalQuery[] = [];
  const notes: { kind: string; detail: Readonly<Record<string, unknown>> }[] = [];
  const retriever: Retriever = {
    async retrieve(tenantId, query, signal) {
      queries.push(query);
      if (options.retrieve !== undefined) return options.retrieve(tenantId, query, signal);
      const passages = options.passages ?? [passage(XARDIC)];
      return { passages, isAnswerable: options.isAnswerable ?? passages.length > 0, confidence: 0.9, evidence: {} };
    },
  };
  let now = new Date("2026-11-21T12:00:00Z");
  const ports = {
    retriever,
    gazetteStore: gazetteShelf(options.hasNoGazettes, options.otherSources),
    citizenData: { export: async () => ({ turns: [{ speaker: "citizen", text: "¿Qué es XARDIC?" }] }) },
    planByRules: () => options.plan ?? {},
    selectQuote: (_: string, text: string, maxLength: number) => text.slice(0, maxLength).trim(),
    selectStretches: (_: string, { text }: { readonly text: string }, maxLength: number) => [text.slice(0, maxLength).trim()],
    publicUrl: "publicUrl" in options ? options.publicUrl : "https://gaceta.example",
    model: options.model,
    conductOf: async () => ({ ...DEFAULT_CONDUCT, ...options.conduct }),
    clock: { now: () => now },
    logger: silentLogger,
    actChanges: options.actChanges,
    news: options.news,
    subscriptions: options.subscriptions,
    questionLimits: options.questionLimits,
    ...options.media,
  };
  const { model, checksGrounding } = options;
  const assistantOf =
    checksGrounding === undefined
      ? undefined
      : async () => ({ name: "civica", model, style: DEFAULT_STYLE, largeContextCharacters: 6_000, checksGrounding });
  const conversation = createConversation({ ...ports, answerer: createQuestionAnswerer({ ...ports, assistantOf }) });
  let memory: ConversationMemory = { language: undefined, languageIsChosen: false, disclaimerGiven: false, answeredMessageIds: [] };
  let history: readonly Turn[] = [];
  let count = 0;

  async function send(content: IncomingContent, details: { readonly id?: string; readonly isAddressed?: boolean; readonly messagesLastMinute?: number; readonly hold?: Partial<Hold> } = {}): Promise<TurnOutcome & { text: string; replies: readonly Reply[] }> {
    count += 1;
    const input: TurnInput = {
      tenantId: asId("00000000-0000-4000-8000-000000000001"),
      bot: { channel: "telegram" } as BotAccount,
      conversationId: asId("00000000-0000-4000-8000-000000000002"),
      contactId: asId("00000000-0000-4000-8000-000000000003"),
      messageId: asId(`message-${count}`),
      message: {
        updateKey: String(count),
        chat: { key: "1", kind: options.chat ?? "private" },
        sender: { key: "1", ...options.sender },
        networkMessageId: details.id ?? String(count),
        sentAt: now.toISOString(),
        isAddressed: details.isAddressed ?? true,
        content,
      },
      memory,
      history,
      messagesLastMinute: details.messagesLastMinute ?? 1,
      hold: { token: "1", isHeld: false, isAnsweredByPerson: false, isWaiting: false, ...details.hold },
      ...(options.isBusy === undefined ? {} : { isBusy: options.isBusy }),
      note: (kind, detail) => void notes.push({ kind, detail }),
    };
    const outcome = await conversation.takeTurn(input, new AbortController().signal);
    memory = outcome.memory;
    history = [...history, ...outcome.turns].slice(-10);
    return { ...outcome, text: outcome.replies.map(replyText).join("\n") };
  }

  return {
    send,
    say: (text: string, details?: Parameters<typeof send>[1]) => send({ kind: "text", text }, details),
    tap: (data: string) => send({ kind: "button", data, callbackKey: "c" }),
    queries,
    notes,
    memory: () => memory,
    advance: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
  };
}

/** The buttons of a reply. */
export function buttonsOf(reply: Reply | undefined) {
  return reply?.kind === "text" ? (reply.buttons ?? []) : [];
}
