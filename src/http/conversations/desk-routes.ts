import type { Router } from "express";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type OutboxId } from "../../core/ids.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import {
  AssignmentRequest,
  ClaimRequest,
  NoteRequest,
  ReleaseRequest,
  ReplyRequest,
  StateRequest,
  TagsRequest,
} from "./contract.ts";
import { conversationIn, type DeskContext, readClean, uuidIn } from "./desk-context.ts";
import { viewHold } from "./views.ts";

/** Hand-over, replies and marks. Each needs a person. */
export function addDeskRoutes(router: Router, context: DeskContext): void {
  addHandOver(router, context);
  addReplies(router, context);
  addMarks(router, context);
  addNotes(router, context);
}

function addHandOver(router: Router, context: DeskContext): void {
  const { desk } = context;
  router
    .route("/api/v1/conversations/:conversationId/hold")
    .put(async (request, response) => {
      const { tenantId, by } = await context.identifyPerson(request, response);
      const { minutes } = parseInput(ClaimRequest, await readClean(request));
      const hold = await desk.claim(tenantId, conversationIn(request), by, minutes);
      response.json(viewHold(hold, await context.namesOf(tenantId, [hold.personId])));
    })
    .all(allowOnly("PUT"));
  router
    .route("/api/v1/conversations/:conversationId/release")
    .post(async (request, response) => {
      const { tenantId, by } = await context.identifyPerson(request, response);
      const { summary, close } = parseInput(ReleaseRequest, await readClean(request));
      await desk.release(tenantId, conversationIn(request), by, { summary, closes: close });
      response.status(204).end();
    })
    .all(allowOnly("POST"));
}

function addReplies(router: Router, context: DeskContext): void {
  const { desk, answerOnce } = context;
  router
    .route("/api/v1/conversations/:conversationId/replies")
    .post(async (request, response) => {
      const { tenantId, by, actor } = await context.identifyPerson(request, response);
      const conversationId = conversationIn(request);
      const input = parseInput(ReplyRequest, await readClean(request));
      await answerOnce(request, response, { tenantId, actor }, input, async (id) => {
        const body = await desk.reply(tenantId, conversationId, by, { ...input, id });
        return { status: 202, body };
      });
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/conversations/:conversationId/parts/:outboxId/resend")
    .post(async (request, response) => {
      const { tenantId, by } = await context.identifyPerson(request, response);
      const outboxId = asId<OutboxId>(uuidIn(request, "outboxId"));
      const resent = await desk.resend(tenantId, conversationIn(request), outboxId, by);
      response.status(202).json({ outboxId: resent });
    })
    .all(allowOnly("POST"));
}

function addMarks(router: Router, context: DeskContext): void {
  const { store } = context.desk;
  router
    .route("/api/v1/conversations/:conversationId/seen")
    .put(async (request, response) => {
      const { tenantId, by } = await context.identifyPerson(request, response);
      done(await store.markSeen(tenantId, conversationIn(request), by.personId));
      response.status(204).end();
    })
    .all(allowOnly("PUT"));
  router
    .route("/api/v1/conversations/:conversationId/state")
    .put(async (request, response) => {
      const { tenantId, by } = await context.identifyPerson(request, response);
      const conversationId = conversationIn(request);
      const { state } = parseInput(StateRequest, await readClean(request));
      if (!(await store.setState(tenantId, conversationId, state, by))) {
        done((await store.find(tenantId, undefined, conversationId)) !== undefined);
        throw new PregoneroError("conversation-taken", "Somebody has it: give it back first.", {
          status: 409,
        });
      }
      response.status(204).end();
    })
    .all(allowOnly("PUT"));
  router
    .route("/api/v1/conversations/:conversationId/assignment")
    .put(async (request, response) => {
      const { tenantId, by } = await context.identifyPerson(request, response);
      const { personId } = parseInput(AssignmentRequest, await readClean(request));
      const assignee = personId === null ? undefined : asId<typeof by.personId>(personId);
      const isDone = await store.assign(tenantId, conversationIn(request), assignee, by);
      if (!isDone) throw notFound("There is no such conversation, or no such member.");
      response.status(204).end();
    })
    .all(allowOnly("PUT"));
  router
    .route("/api/v1/conversations/:conversationId/tags")
    .put(async (request, response) => {
      const { tenantId, by } = await context.identifyPerson(request, response);
      const { tags } = parseInput(TagsRequest, await readClean(request));
      done(await store.setTags(tenantId, conversationIn(request), [...new Set(tags)], by));
      response.status(204).end();
    })
    .all(allowOnly("PUT"));
}

function addNotes(router: Router, context: DeskContext): void {
  const { store } = context.desk;
  router
    .route("/api/v1/conversations/:conversationId/notes")
    .post(async (request, response) => {
      const { tenantId, by } = await context.identifyPerson(request, response);
      const { text } = parseInput(NoteRequest, await readClean(request));
      const noteId = await store.addNote(tenantId, conversationIn(request), text, by);
      done(noteId !== undefined);
      response.status(201).json({ noteId });
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/conversations/:conversationId/notes/:noteId")
    .delete(async (request, response) => {
      const { tenantId, by } = await context.identifyPerson(request, response);
      const noteId = uuidIn(request, "noteId");
      done(await store.removeNote(tenantId, conversationIn(request), noteId, by));
      response.status(204).end();
    })
    .all(allowOnly("DELETE"));
}

function done(isDone: boolean): void {
  if (!isDone) throw notFound("There is no such conversation.");
}
