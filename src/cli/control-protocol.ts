import { z } from "zod";
import { assistantDraft, assistantName } from "../assistants/draft-schema.ts";
import { CHANNELS } from "../core/channel.ts";
import { LANGUAGES } from "../core/language.ts";
import { PLATFORM_ROLES, TENANT_ROLES } from "../core/people.ts";
import { BUDGET_PERIODS } from "../core/spending.ts";
import { sessionRequest } from "../session-request.ts";
import type { CommandPorts, CommandProgress } from "./ports.ts";
import { PUBLICATION_VERBS } from "./publish-ports.ts";
import { sourceRequest } from "./source-file.ts";

/**
 * How a command typed in a second terminal reaches the running `pregonero start` that holds the embedded
 * database. The server listens on a free loopback port of its own, never on the public one, and writes
 * `control.json` (mode 0600) into the data directory: whoever may read that file may command.
 *
 *     POST /COMMAND  with `Authorization: Bearer TOKEN` and the command's input as JSON
 *     → 200, application/x-ndjson: any number of {"progress": …}, then {"result": …} or {"error": …}
 *
 * 401 without the token, 404 for another command, 400 for an input that does not fit. Closing the
 * connection aborts the command.
 */
export const CONTROL_FILE = "control.json";
/** An ask or a path; nothing that a command sends is larger. */
export const MAX_INPUT_BYTES = 64 * 1024;

export const controlFile = z.object({
  url: z.string().regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/),
  token: z.string().min(32),
  pid: z.int().positive(),
});
export type ControlFile = z.infer<typeof controlFile>;

const day = z.iso.date("must be a date as 2024-04-15").optional();
const slug = z.string().min(1).max(64);
const nothing = z.strictObject({});
const promptName = z.string().min(1).max(80);
const runId = z.string().min(1).max(64);
const promptRun = z.strictObject({
  prompt: promptName,
  source: slug.optional(),
  from: day,
  until: day,
  version: z.int().min(1).optional(),
});
const bot = z.string().min(1).max(255);
const planName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);
const questionLimit = z.int().min(1).max(1_000_000_000).nullable();
const email = z.string().min(1).max(254);

/** What each command takes. */
export const INPUTS = {
  ask: z.strictObject({
    question: z.string().min(1).max(4_000),
    date: day,
    source: z.string().max(64).optional(),
  }),
  ingest: z.strictObject({
    location: z.string().min(1).max(4_096),
    source: z.string().max(64).optional(),
    date: day,
    documentName: z.string().max(255).optional(),
  }),
  passport: z.strictObject({ id: z.string().min(1).max(255) }),
  listBots: nothing,
  addBot: z.strictObject({
    channel: z.enum(CHANNELS),
    name: z.string().max(100),
    secrets: z.record(z.string().max(40), z.string().min(1).max(4_096)).optional(),
    settings: z.record(z.string().max(40), z.string().max(255)).optional(),
  }),
  removeBot: z.strictObject({ bot }),
  readSession: z.strictObject({ bot, withCode: z.boolean().optional() }),
  askSession: z.strictObject({ bot, request: sessionRequest }),
  linkSession: z.strictObject({ bot }),
  listKeys: nothing,
  addKey: z.strictObject({
    name: z.string().min(1).max(100),
    scopes: z.array(z.string().max(40)).min(1).max(30),
    days: z.int().min(1).max(3_650).optional(),
  }),
  revokeKey: z.strictObject({ id: z.string().min(1).max(64) }),
  listDeadLetters: nothing,
  retryDeadLetter: z.strictObject({ id: z.string().min(1).max(64) }),
  dropDeadLetter: z.strictObject({ id: z.string().min(1).max(64) }),
  listAssistants: nothing,
  saveAssistant: z.strictObject({ name: assistantName, draft: assistantDraft }),
  removeAssistant: z.strictObject({ name: assistantName }),
  useAssistant: z.strictObject({
    bot,
    name: assistantName.optional(),
  }),
  listModels: nothing,
  listDocuments: nothing,
  addDocument: z.strictObject({
    location: z.string().min(1).max(4_096),
    title: z.string().trim().min(1).max(200).optional(),
    language: z.enum(LANGUAGES),
    isPublic: z.boolean(),
  }),
  removeDocument: z.strictObject({ id: z.string().min(1).max(64) }),
  reindexDocument: z.strictObject({ id: z.string().min(1).max(64) }),
  listCollectedSources: nothing,
  addSource: z.strictObject({
    request: sourceRequest.optional(),
    preset: z.string().min(1).max(60).optional(),
    url: z.string().min(1).max(1_000).optional(),
    hosts: z.array(z.string().min(1).max(253)).min(1).max(20).optional(),
    since: day,
  }),
  pauseSource: z.strictObject({ source: slug, isPaused: z.boolean() }),
  removeSource: z.strictObject({ source: slug }),
  collectSource: z.strictObject({ source: slug, date: day }),
  backfillSource: z.strictObject({ source: slug, from: day.unwrap(), until: day.unwrap() }),
  showCalendar: z.strictObject({
    source: slug,
    month: z
      .string()
      .regex(/^20\d{2}-(0[1-9]|1[0-2])$/, "must be a month such as 2026-11")
      .optional(),
  }),
  listPrompts: nothing,
  addPrompt: z.strictObject({
    name: promptName,
    title: z.string().trim().min(1).max(120),
    language: z.enum(LANGUAGES),
    sources: z.array(slug).min(1).max(20),
    instructions: z.string().max(4_000),
    assistant: z.string().min(1).max(64).optional(),
    sections: z.array(z.string().trim().min(1).max(200)).max(30),
    about: z.array(z.string().trim().min(1).max(100)).max(5),
    isManual: z.boolean(),
    maxStatements: z.int().min(1).max(40),
    isAutomatic: z.boolean(),
  }),
  estimatePrompt: promptRun,
  runPrompt: promptRun,
  listPromptRuns: z.strictObject({ prompt: promptName.optional() }),
  showPromptRun: z.strictObject({ run: runId }),
  approvePromptRun: z.strictObject({ run: runId, confirmsUnsupported: z.boolean() }),
  rejectPromptRun: z.strictObject({ run: runId, reason: z.string().trim().min(1).max(500) }),
  retryPromptRun: z.strictObject({ run: runId }),
  listPublications: nothing,
  listTargets: nothing,
  publishNow: z.strictObject({
    run: z.uuid("must be the id of a run"),
    targets: z.array(z.string().min(1).max(100)).max(50),
  }),
  stepPublication: z.strictObject({
    id: z.string().min(1).max(64),
    verb: z.enum(PUBLICATION_VERBS),
  }),
  listPlans: nothing,
  setPlan: z.strictObject({
    name: planName,
    questionsPerDay: questionLimit,
    questionsPerContactDay: questionLimit,
  }),
  removePlan: z.strictObject({ name: planName }),
  assignPlan: z.strictObject({ name: planName.optional(), tenant: slug.optional() }),
  showSpending: nothing,
  setBudget: z.strictObject({
    period: z.enum(BUDGET_PERIODS),
    limit: z.int().min(0).optional(),
  }),
  topUp: z.strictObject({ amount: z.int().min(1) }),
  addUser: z.strictObject({
    email: z.email("must be an e-mail address").max(254),
    role: z.enum([...TENANT_ROLES, ...PLATFORM_ROLES]),
    tenant: z.string().min(1).max(100).optional(),
  }),
  listUsers: nothing,
  setUserDisabled: z.strictObject({ email, isDisabled: z.boolean() }),
  resetUserPassword: z.strictObject({ email, dropsTotp: z.boolean() }),
  verifyAudit: z.strictObject({
    head: z
      .strictObject({ position: z.int().min(0), seal: z.string().regex(/^[0-9a-f]{64}$/) })
      .optional(),
  }),
  keyStatus: nothing,
  rotateKeys: nothing,
  doctor: nothing,
} as const satisfies Record<keyof CommandPorts, z.ZodType>;

export type CommandName = keyof typeof INPUTS;

export type ControlLine =
  | { readonly progress: CommandProgress }
  | { readonly result: unknown }
  | { readonly error: { readonly code: string; readonly message: string } };
