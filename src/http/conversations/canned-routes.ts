import type { Router } from "express";
import type { DeskActor } from "../../core/desk.ts";
import { asId } from "../../core/ids.ts";
import { unknownPlaces } from "../../hand-over/canned-text.ts";
import type { TenantCaller } from "../access/authorise.ts";
import { expectedRevision, sendRevision, staleRevision } from "../etag.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, InvalidInput, notFound } from "../problem.ts";
import { CannedName, CannedRequest, FillRequest } from "./contract.ts";
import { type DeskContext, readClean } from "./desk-context.ts";
import { viewCanned } from "./views.ts";

/** Replies kept to be used again. `If-None-Match: *` makes one, `If-Match` changes the one that was read. */
export function addCannedRoutes(router: Router, context: DeskContext): void {
  const { canned, desk } = context;
  router
    .route("/api/v1/canned-replies")
    .get(async (request, response) => {
      const { tenantId } = await context.identify(request, response);
      response.json({ cannedReplies: (await canned.list(tenantId)).map(viewCanned) });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/canned-replies/:name")
    .get(async (request, response) => {
      const { tenantId } = await context.identify(request, response);
      const found = await canned.find(tenantId, request.params.name);
      if (found === undefined) throw unknownReply();
      sendRevision(response, found.revision);
      response.json(viewCanned(found));
    })
    .put(async (request, response) => {
      const caller = await context.identify(request, response);
      const { name } = parseInput(CannedName, { name: request.params.name });
      const { texts } = parseInput(CannedRequest, await readClean(request));
      refuseUnknownPlaces(texts);
      const expected = request.get("if-none-match") === "*" ? 0 : expectedRevision(request);
      const by = actorOf(caller, response.locals.requestId);
      const saved = await canned.save(caller.tenantId, { name, texts }, expected, by);
      if (saved === undefined) throw staleRevision();
      sendRevision(response, saved.revision);
      response.status(saved.revision === 1 ? 201 : 200).json(viewCanned(saved));
    })
    .delete(async (request, response) => {
      const caller = await context.identify(request, response);
      const { name } = request.params;
      const by = actorOf(caller, response.locals.requestId);
      const outcome = await canned.remove(caller.tenantId, name, expectedRevision(request), by);
      if (outcome === "unknown") throw unknownReply();
      if (outcome === "stale") throw staleRevision();
      response.status(204).end();
    })
    .all(allowOnly("GET", "PUT", "DELETE"));
  router
    .route("/api/v1/canned-replies/:name/fill")
    .post(async (request, response) => {
      const { tenantId, person } = await context.identifyPerson(request, response);
      const { conversationId } = parseInput(FillRequest, await readClean(request));
      const { name } = request.params;
      const agent = person?.name ?? "";
      const text = await desk.fillCanned(tenantId, asId(conversationId), name, agent);
      if (text === undefined) throw unknownReply();
      response.json({ text });
    })
    .all(allowOnly("POST"));
}

function refuseUnknownPlaces(texts: Readonly<Record<string, string | undefined>>): void {
  const problems = Object.entries(texts).flatMap(([language, text = ""]) =>
    unknownPlaces(text).map((place) => ({
      field: `texts.${language}`,
      problem: `nothing fills {${place}}; known are {nombre}, {agente}, {fecha}`,
      example: "Buenos días, {nombre}.",
    })),
  );
  if (problems.length > 0) throw new InvalidInput(problems);
}

function actorOf(
  { actor }: TenantCaller,
  requestId: unknown,
): Pick<DeskActor, "actor" | "requestId"> {
  return { actor, requestId: String(requestId ?? "") };
}

function unknownReply() {
  return notFound("There is no such reply.");
}
