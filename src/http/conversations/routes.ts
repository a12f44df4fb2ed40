import { type Request, type Response, Router } from "express";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type PersonId } from "../../core/ids.ts";
import { cursorOf, keysetOf } from "../cursor.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { addCannedRoutes } from "./canned-routes.ts";
import { ConversationsQuery, HistoryQuery } from "./contract.ts";
import {
  type ConversationPorts,
  conversationIn,
  type DeskContext,
  uuidIn,
} from "./desk-context.ts";
import { addDeskRoutes } from "./desk-routes.ts";
import { viewConversation, viewHistoryEntry, viewPassport } from "./views.ts";

/** An agent's page looks at a conversation, and at the list, every few seconds. */
const CALLS_PER_MINUTE = 1_200;

/** Conversations, and what people do in them. */
export function conversationRoutes(ports: ConversationPorts): Router {
  const perTenant = createRateLimit("conversations-per-tenant", CALLS_PER_MINUTE, 60);
  const identify = async (request: Request, response: Response) => {
    const caller = await ports.authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    return caller;
  };
  const context: DeskContext = {
    ...ports,
    identify,
    async identifyPerson(request, response) {
      const caller = await identify(request, response);
      const { person, actor } = caller;
      if (person === undefined) {
        throw new PregoneroError("sign-in-needed", "A person does this: sign in.", { status: 401 });
      }
      const requestId = String(response.locals.requestId ?? "");
      return { ...caller, by: { personId: person.personId, actor, requestId } };
    },
    async namesOf(tenantId, ids) {
      const wanted = [...new Set(ids.filter((id) => id !== undefined))];
      const found = await Promise.all(wanted.map((id) => ports.people.members.find(tenantId, id)));
      const names = new Map(found.flatMap((one) => (one ? [[one.personId, one.name]] : [])));
      return (id) => names.get(id);
    },
  };
  const router = Router();
  addList(router, context);
  addReading(router, context);
  addDeskRoutes(router, context);
  addCannedRoutes(router, context);
  return router;
}

function addList(router: Router, context: DeskContext): void {
  const { desk } = context;
  router
    .route("/api/v1/conversations")
    .get(async (request, response) => {
      const { tenantId, person } = await context.identify(request, response);
      const query = parseInput(ConversationsQuery, request.query);
      const { assignee } = query;
      const page = await desk.store.list(tenantId, person?.personId, {
        ...keysetOf(query),
        botId: query.bot === undefined ? undefined : asId(query.bot),
        channel: query.channel,
        state: query.state,
        assignee:
          assignee === "me" ? (person?.personId ?? "nobody") : (assignee as PersonId | "nobody"),
        tag: query.tag?.toLowerCase(),
        isUnread: query.unread,
        hasTrouble: query.trouble === undefined ? undefined : true,
        from: query.from === undefined ? undefined : new Date(query.from),
        to: query.to === undefined ? undefined : new Date(query.to),
        words: query.q,
      });
      const nameOf = await context.namesOf(
        tenantId,
        page.entries.flatMap((entry) => [entry.assignee, entry.hold?.personId]),
      );
      response.json({
        conversations: page.entries.map((entry) => viewConversation(entry, nameOf)),
        next: cursorOf(page.next),
      });
    })
    .all(allowOnly("GET"));
}

function addReading(router: Router, context: DeskContext): void {
  const { desk } = context;
  router
    .route("/api/v1/conversations/:conversationId")
    .get(async (request, response) => {
      const { tenantId, person } = await context.identify(request, response);
      const entry = await desk.store.find(tenantId, person?.personId, conversationIn(request));
      if (entry === undefined) throw notFound("There is no such conversation.");
      const nameOf = await context.namesOf(tenantId, [entry.assignee, entry.hold?.personId]);
      response.json(viewConversation(entry, nameOf));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/conversations/:conversationId/history")
    .get(async (request, response) => {
      const { tenantId } = await context.identify(request, response);
      const page = keysetOf(parseInput(HistoryQuery, request.query));
      const found = await desk.store.history(tenantId, conversationIn(request), page);
      if (found === undefined) throw notFound("There is no such conversation.");
      const nameOf = await context.namesOf(
        tenantId,
        found.entries.map((entry) => ("author" in entry ? entry.author : undefined)),
      );
      response.json({
        entries: found.entries.map((entry) => viewHistoryEntry(entry, nameOf)),
        next: cursorOf(found.next),
      });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/conversations/:conversationId/passports/:messageId")
    .get(async (request, response) => {
      const { tenantId } = await context.identify(request, response);
      const conversationId = conversationIn(request);
      const id = uuidIn(request, "messageId");
      const isOwn = await desk.store.belongs(tenantId, conversationId, id);
      const [passport] = isOwn ? await context.passports.find(tenantId, id) : [];
      if (passport === undefined) throw notFound("There is no such message in this conversation.");
      response.json(viewPassport(passport));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/conversations/:conversationId/messages/:messageId/media")
    .get(async (request, response) => {
      const { tenantId } = await context.identify(request, response);
      const messageId = asId<never>(uuidIn(request, "messageId"));
      const bytes = await desk.downloadMedia(tenantId, conversationIn(request), messageId);
      // A stranger's file: saved, and never shown as a page of ours (checklist S39).
      response.setHeader("Content-Type", "application/octet-stream");
      response.setHeader("Content-Disposition", `attachment; filename="${messageId}"`);
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.end(bytes);
    })
    .all(allowOnly("GET"));
}
