import type { Answer } from "../core/answer.ts";
import type { AssistantDraft, AssistantView, ModelState } from "../core/assistant.ts";
import type { AuditHead, AuditVerdict } from "../core/audit-seals.ts";
import type { ChannelName } from "../core/channel.ts";
import type { DocumentView } from "../core/documents.ts";
import type { RotationReport, SealedColumnState } from "../core/key-rotation.ts";
import type { Language } from "../core/language.ts";
import type { LinkCode, SessionReport, SessionRequest } from "../core/session.ts";
import type { BudgetPeriod, BudgetState, MicroUsd, ModelSpending } from "../core/spending.ts";
import type { WebhookToPaste } from "../webhook-to-paste.ts";
import type { CheckResult } from "./doctor/check.ts";
import type { PlanCommandPorts } from "./plan-ports.ts";
import type { PromptCommandPorts } from "./prompt-ports.ts";
import type { PublishCommandPorts } from "./publish-ports.ts";
import type { SourceCommandPorts } from "./source-ports.ts";
import type { UserPorts } from "./user-ports.ts";

/**
 * What the command line can do with an installation. Two things implement it: the installation itself,
 * opened by this process (`commands.ts`), and the control client, which passes every call to the running
 * `pregonero start` that holds the embedded database (`control-client.ts`). Arguments and results are
 * plain JSON: dates are ISO 8601 in UTC.
 */
export interface CommandPorts
  extends UserPorts,
    SourceCommandPorts,
    PublishCommandPorts,
    PlanCommandPorts,
    PromptCommandPorts {
  ask(input: AskInput, context: CommandContext): Promise<Answer>;
  ingest(input: IngestInput, context: CommandContext): Promise<IngestReport>;
  passport(
    input: { readonly id: string },
    context: CommandContext,
  ): Promise<readonly PassportView[]>;
  listBots(input: Record<string, never>, context: CommandContext): Promise<readonly BotView[]>;
  addBot(input: AddBotInput, context: CommandContext): Promise<AddedBot>;
  /** By id, key or name, as every `bot` here. */
  removeBot(input: { readonly bot: string }, context: CommandContext): Promise<BotView>;
  readSession(input: ReadSessionInput, context: CommandContext): Promise<SessionView>;
  /** Waits for what the process that holds the session did. */
  askSession(
    input: { readonly bot: string; readonly request: SessionRequest },
    context: CommandContext,
  ): Promise<SessionAnswerView>;
  /** A short-lived address of the page that shows the code. */
  linkSession(input: { readonly bot: string }, context: CommandContext): Promise<SessionLinkView>;
  listKeys(input: Record<string, never>, context: CommandContext): Promise<readonly KeyView[]>;
  addKey(
    input: AddKeyInput,
    context: CommandContext,
  ): Promise<{ readonly id: string; readonly key: string }>;
  revokeKey(
    input: { readonly id: string },
    context: CommandContext,
  ): Promise<{ readonly revoked: boolean }>;
  listDeadLetters(
    input: Record<string, never>,
    context: CommandContext,
  ): Promise<readonly DeadLetterView[]>;
  retryDeadLetter(
    input: { readonly id: string },
    context: CommandContext,
  ): Promise<Record<string, never>>;
  dropDeadLetter(
    input: { readonly id: string },
    context: CommandContext,
  ): Promise<Record<string, never>>;
  listAssistants(
    input: Record<string, never>,
    context: CommandContext,
  ): Promise<readonly AssistantView[]>;
  saveAssistant(
    input: { readonly name: string; readonly draft: AssistantDraft },
    context: CommandContext,
  ): Promise<AssistantView>;
  removeAssistant(
    input: { readonly name: string },
    context: CommandContext,
  ): Promise<Record<string, never>>;
  /** `bot` by id, key or name; without a `name` it goes back to the default. */
  useAssistant(
    input: { readonly bot: string; readonly name?: string | undefined },
    context: CommandContext,
  ): Promise<BotView>;
  listModels(input: Record<string, never>, context: CommandContext): Promise<readonly ModelState[]>;
  listDocuments(
    input: Record<string, never>,
    context: CommandContext,
  ): Promise<readonly DocumentView[]>;
  /** `location`: an http(s) URL or an absolute path on the machine that runs the installation. */
  addDocument(
    input: {
      readonly location: string;
      readonly title?: string | undefined;
      readonly language: Language;
      readonly isPublic: boolean;
    },
    context: CommandContext,
  ): Promise<DocumentView>;
  removeDocument(
    input: { readonly id: string },
    context: CommandContext,
  ): Promise<Record<string, never>>;
  reindexDocument(input: { readonly id: string }, context: CommandContext): Promise<DocumentView>;
  showSpending(input: Record<string, never>, context: CommandContext): Promise<SpendingView>;
  /** Without a limit: removes it. */
  setBudget(
    input: { readonly period: BudgetPeriod; readonly limit?: MicroUsd | undefined },
    context: CommandContext,
  ): Promise<Record<string, never>>;
  topUp(
    input: { readonly amount: MicroUsd },
    context: CommandContext,
  ): Promise<{ readonly balance: MicroUsd }>;
  /** `head`: where an earlier verification ended, so that what was cut off behind it is noticed. */
  verifyAudit(
    input: { readonly head?: AuditHead | undefined },
    context: CommandContext,
  ): Promise<AuditVerdict>;
  keyStatus(input: Record<string, never>, context: CommandContext): Promise<KeyStatus>;
  rotateKeys(input: Record<string, never>, context: CommandContext): Promise<RotationReport>;
  doctor(input: Record<string, never>, context: CommandContext): Promise<readonly CheckResult[]>;
}

export interface KeyStatus {
  /** 8 hexadecimal digits. */
  readonly currentKeyId: string;
  readonly columns: readonly SealedColumnState[];
}

export interface CommandContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: CommandProgress) => void;
}

/** `total` undefined: not counted. */
export interface CommandProgress {
  readonly step: string;
  readonly done?: number;
  readonly total?: number;
}

export interface AskInput {
  readonly question: string;
  /** `yyyy-mm-dd`. */
  readonly date?: string | undefined;
  /** Slug. */
  readonly source?: string | undefined;
}

export interface IngestInput {
  /** An http(s) URL or an absolute path on the machine that runs the installation. */
  readonly location: string;
  readonly source?: string | undefined;
  readonly date?: string | undefined;
  readonly documentName?: string | undefined;
}

export interface IngestReport {
  readonly source: string;
  readonly outcome: "stored" | "unchanged" | "superseded-older";
  readonly publishedOn: string | undefined;
  readonly pageCount: number;
  readonly ocrPageCount: number;
  readonly actCount: number;
  readonly seconds: number;
}

export interface AddBotInput {
  readonly channel: ChannelName;
  readonly name: string;
  /** By the channel's names, e.g. `{ token }`. */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  /** By the channel's names, e.g. `{ engine }`. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

/** No secret. */
export interface BotView {
  readonly botId: string;
  readonly botKey: string;
  readonly channel: string;
  readonly name: string;
  /** What the network calls it, e.g. its user name at Telegram. */
  readonly username: string | undefined;
  /** Of a bot that is a session: its state, once a process has told of it. */
  readonly sessionState?: SessionReport["state"] | undefined;
  /** Its network refused its credentials. */
  readonly needsCredentials?: boolean;
}

export interface AddedBot extends BotView {
  /** What a person pastes at the network, when it asks for that. */
  readonly webhook?: WebhookToPaste | undefined;
}

export interface ReadSessionInput {
  readonly bot: string;
  /** Also the code that links the account, which whoever has it can use. */
  readonly withCode?: boolean | undefined;
}

export interface SessionView {
  readonly bot: BotView;
  /** Undefined: no process has taken it up yet. */
  readonly report: SessionReport | undefined;
  /** Its process has told of it lately; always true of a session that waits parked or stopped. */
  readonly isAttended: boolean;
  /** False: this very process has the installation to itself and runs no sessions. */
  readonly canBeHeld: boolean;
  readonly code: LinkCode | undefined;
}

export interface SessionAnswerView {
  readonly outcome: string;
  readonly isDone: boolean;
  /** A PNG in base64. */
  readonly image: string | undefined;
}

export interface SessionLinkView {
  /** Undefined: this installation does not know its own address. */
  readonly url: string | undefined;
  /** Of the page on whatever address the installation has. */
  readonly path: string;
  readonly expiresAt: string;
}

export interface AddKeyInput {
  readonly name: string;
  readonly scopes: readonly string[];
  /** Until it expires; absent: it does not. */
  readonly days?: number | undefined;
}

export interface KeyView {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly lastUsedAt: string | undefined;
  readonly expiresAt: string | undefined;
  readonly revokedAt: string | undefined;
}

export interface DeadLetterView {
  readonly messageId: string;
  /** Its name. */
  readonly bot: string;
  readonly reason: string;
  readonly attempts: number;
  readonly receivedAt: string;
}

export interface SpendingView {
  readonly budgets: readonly BudgetState[];
  /** Undefined: the tenant pays afterwards. */
  readonly balance: { readonly balance: MicroUsd; readonly reserved: MicroUsd } | undefined;
  /** Of the running month. */
  readonly models: readonly ModelSpending[];
}

export interface PassportView {
  readonly messageId: string;
  readonly botId: string | undefined;
  readonly conversationId: string | undefined;
  readonly state: string | undefined;
  readonly deadReason: string | undefined;
  readonly events: readonly {
    readonly kind: string;
    readonly at: string;
    readonly detail: Readonly<Record<string, unknown>>;
  }[];
  readonly parts: readonly {
    readonly outboxId: string;
    readonly state: string;
    readonly attempts: number;
    readonly networkMessageId: string | undefined;
    readonly reason: string | undefined;
  }[];
}

/** Where a command writes: results to standard output, progress to standard error. */
export interface Output {
  result(text: string): void;
  progress(text: string): void;
  /** A result in two colours, drawn by us with block elements: on a terminal dark on light, whatever its colours. */
  draw(lines: readonly string[]): void;
}
