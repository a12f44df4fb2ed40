import type { BotId, TenantId } from "./ids.ts";

/**
 * The one state of an account whose client we drive ourselves. Never derived from silence alone: each comes with the
 * evidence that it rests on.
 * - `needs-adapter`: the page is there and signed in, but no selector pack reads it;
 * - `parked`: nobody scanned five codes, or the budget of restarts is spent: waits for a person;
 * - `conflict`: another client of the same account has taken over;
 * - `restricted`: the network limits the account; nothing is sent, and what waits is kept.
 */
export const SESSION_STATES = [
  "starting",
  "waiting-for-scan",
  "connecting",
  "ready",
  "degraded",
  "conflict",
  "restricted",
  "logged-out",
  "needs-adapter",
  "parked",
  "stopped",
] as const;
export type SessionState = (typeof SESSION_STATES)[number];

/** What a session says of itself. No message text, no names, no codes: it may be logged and shown to operators. */
export interface SessionReport {
  readonly state: SessionState;
  /** When the state began. ISO 8601, UTC, as every time here. */
  readonly since: string;
  /** When this was last confirmed by looking at the page. */
  readonly checkedAt: string;
  /** One English sentence: what was seen. */
  readonly evidence: string;
  /** What a person must do, when something. */
  readonly action?: string;
  readonly engine: "dom" | "modules";
  /** Selector pack in use: `<era>/<version>`. */
  readonly pack?: string;
  readonly lastInboundAt?: string;
  readonly lastAcknowledgedSendAt?: string;
  readonly oldestPendingSendAt?: string;
  /** Starts of the browser since the state was last `ready` for an hour. */
  readonly restarts: number;
  readonly browserPid?: number;
  /** Resident memory of the browser and its children. */
  readonly memoryMegabytes?: number;
}

/** Links an account. A live credential: stored encrypted, never logged. */
export interface LinkCode {
  readonly kind: "qr" | "pairing-code";
  /** What the QR encodes, or the eight characters of the pairing code. */
  readonly content: string;
  readonly expiresAt: string;
  /** 1 for the first of the codes shown; after `attempts` the session is parked. */
  readonly attempt: number;
  readonly attempts: number;
}

/** What a person asks of a session, wherever it runs. */
export type SessionRequest =
  | { readonly kind: "restart" }
  /** Also unparks. */
  | { readonly kind: "resume" }
  | { readonly kind: "stop" }
  /** Take the account back from the other client (`conflict`). */
  | { readonly kind: "use-here" }
  | { readonly kind: "log-out" }
  /** Digits with country code. The answer is the code, by `LinkCode`. */
  | { readonly kind: "pairing-code"; readonly phone: string }
  /** `isRedacted`: message text and names are blacked out. The answer is a PNG. */
  | { readonly kind: "screenshot"; readonly isRedacted: boolean };

export interface SessionAnswer {
  readonly requestId: string;
  /** One English sentence. */
  readonly outcome: string;
  readonly isDone: boolean;
  readonly png?: Uint8Array;
}

/** Between the process that holds a session and those that show it: in the database, so that they may be any two. */
export interface SessionStore {
  report(tenantId: TenantId, botId: BotId, report: SessionReport): Promise<void>;
  readReport(tenantId: TenantId, botId: BotId): Promise<SessionReport | undefined>;
  /** Undefined: no code is shown any more. */
  showCode(tenantId: TenantId, botId: BotId, code: LinkCode | undefined): Promise<void>;
  /** Undefined when there is none or it has expired. */
  readCode(tenantId: TenantId, botId: BotId): Promise<LinkCode | undefined>;
  /** Returns the request's id. Audited by the caller. */
  ask(tenantId: TenantId, botId: BotId, request: SessionRequest): Promise<string>;
  /** Hands each request out once, oldest first; those older than a minute are dropped. */
  takeRequests(
    tenantId: TenantId,
    botId: BotId,
  ): Promise<readonly { readonly requestId: string; readonly request: SessionRequest }[]>;
  answer(tenantId: TenantId, botId: BotId, answer: SessionAnswer): Promise<void>;
  /** Undefined while there is none. Answers are kept for ten minutes. */
  readAnswer(
    tenantId: TenantId,
    botId: BotId,
    requestId: string,
  ): Promise<SessionAnswer | undefined>;
}

/** What a session remembers of one chat between its starts. Plain JSON, stored encrypted. */
export interface ChatMark {
  /** Given when the chat was first seen and never changed: the key of the conversation. */
  readonly chatKey: string;
  /** Everything else by which the chat was seen: jid, lid, phone, title. */
  readonly aliases: readonly string[];
  /** Ids of the last messages read here, newest last, at most 50: catching up begins after them. */
  readonly lastReadIds: readonly string[];
  /** Of what the list showed when all of the chat had been taken in. Absent: it is to be read again. */
  readonly listDigest?: string;
  readonly updatedAt: string;
}

export interface ChatMarks {
  readAll(tenantId: TenantId, botId: BotId): Promise<readonly ChatMark[]>;
  /** Inserts or replaces by chat key. */
  write(tenantId: TenantId, botId: BotId, marks: readonly ChatMark[]): Promise<void>;
}
