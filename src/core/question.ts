import type { Answer, Citation, RetrievedPassage } from "./answer.ts";
import type { ActiveAssistant } from "./assistant.ts";
import type { GazetteDate } from "./gazette.ts";
import type { BotId, ContactId, MessageId, TenantId } from "./ids.ts";
import type { Language } from "./language.ts";
import type { PassportEventKind } from "./passport.ts";
import type { ConversationSummary, Preferences, Turn } from "./turn.ts";

export interface Question {
  readonly tenantId: TenantId;
  readonly messageId: MessageId;
  /** Who asks; undefined for a program or the command line. */
  readonly contactId?: ContactId | undefined;
  /** Which bot was asked, and so which assistant answers; undefined: the tenant's default. */
  readonly botId?: BotId | undefined;
  /** Answers instead of the one that bot and tenant name: for whoever tries one. */
  readonly assistant?: ActiveAssistant | undefined;
  /** As typed. Longer than 4,000 characters is cut there (security checklist S47) and noted in the passport. */
  readonly text: string;
  /** Undefined: detected from the text. */
  readonly language: Language | undefined;
  /** Restrict to these sources (slugs); empty: all. */
  readonly sources: readonly string[];
  /** Restrict to this date; undefined: as the question says, else all. */
  readonly date: GazetteDate | undefined;
  /** Last turns, oldest first. */
  readonly history: readonly Turn[];
  /** What was talked about before `history`. */
  readonly summary?: ConversationSummary | undefined;
  readonly preferences?: Preferences | undefined;
  /** The process has much to do: rules plan, and nothing is summed up. Absent: it has not. */
  readonly isBusy?: boolean;
  readonly note: (kind: PassportEventKind, detail: Readonly<Record<string, unknown>>) => void;
  /** Told what the answer is written from, best first, before it is written. Absent: nobody is. */
  readonly onFound?: ((passages: readonly FoundPassage[]) => void) | undefined;
}

/** A passage that was found, as it would be cited, with what speaks for it. */
export interface FoundPassage extends Citation, Pick<RetrievedPassage, "score" | "ranks"> {}

/** What a question came to. */
export interface AnsweredQuestion {
  readonly answer: Answer;
  /** Said below the answer, in its language: what the person's preferences left out, and where to find it. */
  readonly notices?: readonly string[];
  /** The summary made shorter; undefined: it stays as it was. */
  readonly summary?: ConversationSummary | undefined;
}

/** plan → retrieve → write: the same for a chat, the API and the command line. */
export interface QuestionAnswerer {
  answer(question: Question, signal: AbortSignal): Promise<AnsweredQuestion>;
}
