import type { Schema } from "../../../client/index.ts";

export type SessionState = Schema<"SessionState">;
export type Person = NonNullable<SessionState["person"]>;
export type Conversation = Schema<"Conversation">;
export type HistoryEntry = Schema<"HistoryEntry">;
export type MessagePart = Schema<"MessagePart">;
export type Passport = Schema<"Passport">;
export type Bot = Schema<"Bot">;
export type Queue = Schema<"Queue">;
export type DeadLetter = Schema<"DeadLetter">;
