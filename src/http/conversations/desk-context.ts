import type { Request, Response } from "express";
import type { CannedReplies, DeskActor } from "../../core/desk.ts";
import { asId, type ConversationId, type PersonId, type TenantId } from "../../core/ids.ts";
import type { Passports } from "../../core/passport-reader.ts";
import type { People } from "../../core/people.ts";
import type { Desk } from "../../hand-over/create-desk.ts";
import type { Authorise, TenantCaller } from "../access/authorise.ts";
import type { AnswerOnce } from "../idempotency.ts";
import { cleanText } from "../parse-input.ts";
import { notFound } from "../problem.ts";
import { readJson } from "../read-body.ts";
import type { NameOf } from "./views.ts";

export interface ConversationPorts {
  readonly desk: Desk;
  readonly canned: CannedReplies;
  readonly passports: Pick<Passports, "find">;
  readonly people: { readonly members: Pick<People["members"], "find"> };
  readonly authorise: Pick<Authorise, "tenant">;
  readonly answerOnce: AnswerOnce;
}

export interface DeskCaller extends TenantCaller {
  readonly by: DeskActor;
}

/** What the routes of this folder share. */
export interface DeskContext extends ConversationPorts {
  readonly identify: (request: Request, response: Response) => Promise<TenantCaller>;
  /** As above, for what a person does: no key passes the door. */
  readonly identifyPerson: (request: Request, response: Response) => Promise<DeskCaller>;
  readonly namesOf: (tenantId: TenantId, ids: readonly (PersonId | undefined)[]) => Promise<NameOf>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id in the path; what is no UUID is as unknown as one that is nobody's. */
export function conversationIn(request: Request): ConversationId {
  return asId<ConversationId>(uuidIn(request, "conversationId"));
}

export function uuidIn(request: Request, name: string): string {
  const id = String(request.params[name] ?? "");
  if (!UUID.test(id)) throw notFound("There is no such conversation.");
  return id.toLowerCase();
}

/** A body, its texts without control characters. */
export async function readClean(request: Request): Promise<unknown> {
  return clean(await readJson(request));
}

function clean(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, clean(one)]));
}
