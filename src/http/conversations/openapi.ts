import { z } from "zod";
import type { Operation, Operations } from "../access/describe-operations.ts";
import {
  AssignmentRequest,
  CannedListShape,
  CannedRequest,
  CannedShape,
  ClaimRequest,
  ConversationShape,
  ConversationsQuery,
  ConversationsShape,
  FilledShape,
  FillRequest,
  HistoryQuery,
  HistoryShape,
  HoldShape,
  NoteRequest,
  NoteShape,
  PassportShape,
  QueuedShape,
  ReleaseRequest,
  ReplyRequest,
  ResentShape,
  StateRequest,
  TagsRequest,
} from "./contract.ts";

const invalid = { 400: "The request is not valid; `fields` says where." };
const unknown = { 404: "There is no such conversation." };
const taken = { 409: "Somebody else has the conversation, or nobody can be reached there." };
const stale = {
  412: "Somebody changed it since it was read.",
  428: "Send the ETag that you read as If-Match, or If-None-Match: * to make it.",
};
const once = {
  "Idempotency-Key": z.string().optional().openapi({
    description:
      "Made anew for each reply: the same request again is answered again, and sent once.",
  }),
};
const edited = {
  "If-Match": z.string().optional().openapi({
    description: "The ETag of what was read.",
    example: '"r3"',
  }),
};

const mark = (id: string, summary: string, takes: z.ZodType): Operation => ({
  id,
  summary,
  takes,
  otherwise: { ...invalid, ...unknown },
});

/** The part of the API's description that tells of conversations. */
export const CONVERSATION_OPERATIONS: Operations = {
  "GET /api/v1/conversations": {
    id: "listConversations",
    summary: "Conversations, the last that was said first",
    description: "Search finds words by keyed hashes of their stems: none is stored in the clear.",
    query: ConversationsQuery,
    gives: ConversationsShape,
    otherwise: invalid,
  },
  "GET /api/v1/conversations/:conversationId": {
    id: "getConversation",
    summary: "One conversation",
    gives: ConversationShape,
    otherwise: unknown,
  },
  "GET /api/v1/conversations/:conversationId/history": {
    id: "getHistory",
    summary: "Everything said in a conversation, newest first",
    description:
      "What was heard, what was answered with its citations and the state of each part, what people wrote, and their notes.",
    query: HistoryQuery,
    gives: HistoryShape,
    otherwise: { ...invalid, ...unknown },
  },
  "GET /api/v1/conversations/:conversationId/passports/:messageId": {
    id: "getPassport",
    summary: "What became of one message, step by step",
    gives: PassportShape,
    otherwise: unknown,
  },
  "GET /api/v1/conversations/:conversationId/messages/:messageId/media": {
    id: "getMedia",
    summary: "The file that a citizen sent, as the network still has it",
    media: "application/octet-stream",
    otherwise: unknown,
  },
  "PUT /api/v1/conversations/:conversationId/hold": {
    id: "claimConversation",
    summary: "Take the conversation over, or prolong that",
    description:
      "One person has it, until then at the latest. The bot says nothing meanwhile; an answer under way is discarded.",
    takes: ClaimRequest,
    gives: HoldShape,
    otherwise: { ...invalid, ...unknown, ...taken },
  },
  "POST /api/v1/conversations/:conversationId/release": {
    id: "releaseConversation",
    summary: "Give the conversation back to the bot, which remembers what was said",
    takes: ReleaseRequest,
    otherwise: { ...invalid, ...unknown, 409: "You do not have it, or not any more." },
  },
  "POST /api/v1/conversations/:conversationId/replies": {
    id: "replyToCitizen",
    summary: "Write to the citizen as a person",
    description:
      "Takes the conversation over when nobody has it. Goes out before everything of the bot's; the history says what became of it. Who wrote it stays within the tenant.",
    headers: once,
    takes: ReplyRequest,
    status: 202,
    gives: QueuedShape,
    otherwise: { ...invalid, ...unknown, ...taken },
  },
  "POST /api/v1/conversations/:conversationId/parts/:outboxId/resend": {
    id: "resendPart",
    summary: "Send once more what nobody knows to have arrived",
    status: 202,
    gives: ResentShape,
    otherwise: { ...unknown, 409: "It was sent again already, or is not unknown." },
  },
  "PUT /api/v1/conversations/:conversationId/seen": {
    id: "markSeen",
    summary: "Say that you have seen what was said so far",
    otherwise: unknown,
  },
  "PUT /api/v1/conversations/:conversationId/state": {
    ...mark("setConversationState", "Close or reopen a conversation", StateRequest),
    description: "A closed one is open again as soon as the citizen writes.",
    otherwise: { ...invalid, ...unknown, ...taken },
  },
  "PUT /api/v1/conversations/:conversationId/assignment": mark(
    "assignConversation",
    "Say whose concern a conversation is",
    AssignmentRequest,
  ),
  "PUT /api/v1/conversations/:conversationId/tags": mark(
    "tagConversation",
    "Replace the tags of a conversation",
    TagsRequest,
  ),
  "POST /api/v1/conversations/:conversationId/notes": {
    ...mark("addNote", "Note something for the others: never sent", NoteRequest),
    status: 201,
    gives: NoteShape,
  },
  "DELETE /api/v1/conversations/:conversationId/notes/:noteId": {
    id: "removeNote",
    summary: "Remove a note",
    otherwise: unknown,
  },
  "GET /api/v1/canned-replies": {
    id: "listCannedReplies",
    summary: "Replies kept to be used again",
    gives: CannedListShape,
  },
  "GET /api/v1/canned-replies/:name": {
    id: "getCannedReply",
    summary: "One of them",
    gives: CannedShape,
    otherwise: { 404: "There is no such reply." },
  },
  "PUT /api/v1/canned-replies/:name": {
    id: "saveCannedReply",
    summary: "Make or change a reply",
    headers: edited,
    takes: CannedRequest,
    gives: CannedShape,
    otherwise: { ...invalid, ...stale },
  },
  "DELETE /api/v1/canned-replies/:name": {
    id: "removeCannedReply",
    summary: "Remove a reply",
    headers: edited,
    otherwise: { 404: "There is no such reply.", ...stale },
  },
  "POST /api/v1/canned-replies/:name/fill": {
    id: "fillCannedReply",
    summary: "Its text for one conversation: language and places filled",
    takes: FillRequest,
    gives: FilledShape,
    otherwise: { ...invalid, 404: "There is no such reply or conversation." },
  },
};
