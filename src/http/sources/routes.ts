import { type Request, type Response, Router } from "express";
import { asId, type SourceId } from "../../core/ids.ts";
import type { CollectionSettings, SourceOwner } from "../../core/newsroom.ts";
import type { Author } from "../../core/operations.ts";
import { settingsProblems } from "../../newsroom/collection/check-settings.ts";
import { DEFAULT_SETTINGS, type SourceAdmin } from "../../newsroom/collection/source-admin.ts";
import type { Authorise } from "../access/authorise.ts";
import { allowSlowBody } from "../body-time.ts";
import { expectedRevision, expectedRevisionIfAny, sendRevision } from "../etag.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, InvalidInput, notFound } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { readBody, readJson } from "../read-body.ts";
import {
  BackfillRequest,
  CalendarQuery,
  DecisionRequest,
  type SettingsRequest,
  SourceChange,
  SourceRequest,
  UploadQuery,
} from "./contract.ts";
import { viewBackfill, viewCalendar, viewHistory, viewPreset, viewSource } from "./views.ts";

export interface SourcePorts {
  readonly sources: SourceAdmin;
  readonly authorise: Pick<Authorise, "anywhere">;
}

interface SourceCaller {
  /** Undefined: whoever operates the installation, for its public sources. */
  readonly owner: SourceOwner;
  readonly by: Author;
}

type Identify = (request: Request, response: Response) => Promise<SourceCaller>;

const CALLS_PER_MINUTE = 240;
const MAX_UPLOAD_BYTES = 50 * 1024 * 1024;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Sources: a tenant's own for its people; public ones for who operates the installation, and to read for everybody. */
export function sourceRoutes({ sources, authorise }: SourcePorts): Router {
  const perCaller = createRateLimit("sources-per-caller", CALLS_PER_MINUTE, 60);
  const identify: Identify = async (request, response) => {
    const { tenantId, actor, origin } = await authorise.anywhere(request, response);
    await perCaller.take(tenantId ?? actor, response);
    return { owner: tenantId, by: { actor, origin } };
  };
  const router = Router();
  addList(router, sources, identify);
  addSource(router, sources, identify);
  addEditions(router, sources, identify);
  addEvidence(router, sources, identify);
  addBackfills(router, sources, identify);
  return router;
}

function addList(router: Router, sources: SourceAdmin, identify: Identify): void {
  router
    .route("/api/v1/source-presets")
    .get(async (request, response) => {
      await identify(request, response);
      response.json({ presets: sources.presets().map(viewPreset) });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/sources")
    .get(async (request, response) => {
      const { owner } = await identify(request, response);
      response.json({ sources: (await sources.list(owner)).map(viewSource) });
    })
    .post(async (request, response) => {
      const { owner, by } = await identify(request, response);
      const { settings: given, ...asked } = parseInput(SourceRequest, await readJson(request));
      const settings = toSettings(given);
      const base = sources.presets().find(({ name }) => name === asked.preset)?.settings;
      // A name that no preset has is told by `add`, with those that there are.
      if (base !== undefined || asked.preset === undefined) checkTogether({ ...base, ...settings });
      const made = await sources.add(owner, { ...asked, settings }, by);
      sendRevision(response, made.revision);
      response
        .status(201)
        .location(`/api/v1/sources/${made.source.sourceId}`)
        .json(viewSource(made));
    })
    .all(allowOnly("GET", "POST"));
}

function addSource(router: Router, sources: SourceAdmin, identify: Identify): void {
  router
    .route("/api/v1/sources/:sourceId")
    .get(async (request, response) => {
      const { owner } = await identify(request, response);
      const found = await sources.find(owner, idOf(request));
      sendRevision(response, found.revision);
      response.json(viewSource(found));
    })
    .patch(async (request, response) => {
      const { owner, by } = await identify(request, response);
      const sourceId = idOf(request);
      const asked = parseInput(SourceChange, await readJson(request));
      const settings = toSettings(asked.settings);
      // To pause in a hurry, nobody needs to have read what the settings are.
      const revision =
        settings === undefined ? expectedRevisionIfAny(request) : expectedRevision(request);
      if (settings !== undefined) {
        const { settings: current } = await sources.find(owner, sourceId);
        checkTogether({ ...current, ...settings });
      }
      const { isPaused, pauseReason } = asked;
      const change = {
        settings,
        ...(isPaused !== undefined && { pause: { isPaused, reason: pauseReason } }),
      };
      const changed = await sources.change(owner, sourceId, change, revision, by);
      sendRevision(response, changed.revision);
      response.json(viewSource(changed));
    })
    .delete(async (request, response) => {
      const { owner, by } = await identify(request, response);
      await sources.archive(owner, idOf(request), by);
      response.status(204).end();
    })
    .all(allowOnly("GET", "PATCH", "DELETE"));
  router
    .route("/api/v1/sources/:sourceId/calendar")
    .get(async (request, response) => {
      const { owner } = await identify(request, response);
      const { month } = parseInput(CalendarQuery, { ...request.query });
      const { source } = await sources.find(owner, idOf(request));
      const days = await sources.calendar(owner, source.sourceId, month);
      response.json(viewCalendar(month, source.timeZone, days));
    })
    .all(allowOnly("GET"));
}

function addEditions(router: Router, sources: SourceAdmin, identify: Identify): void {
  router
    .route("/api/v1/sources/:sourceId/editions/:date")
    .get(async (request, response) => {
      const { owner } = await identify(request, response);
      response.json(viewHistory(await sources.history(owner, idOf(request), dateOf(request))));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/sources/:sourceId/editions/:date/collect")
    .post(async (request, response) => {
      const { owner, by } = await identify(request, response);
      const [sourceId, date] = [idOf(request), dateOf(request)];
      await sources.collectNow(owner, sourceId, date, by);
      response.status(202).json(viewHistory(await sources.history(owner, sourceId, date)));
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/sources/:sourceId/editions/:date/reading")
    .post(async (request, response) => {
      const { owner, by } = await identify(request, response);
      const [sourceId, date] = [idOf(request), dateOf(request)];
      await sources.readAnew(owner, sourceId, date, by);
      response.status(202).json(viewHistory(await sources.history(owner, sourceId, date)));
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/sources/:sourceId/editions/:date/decision")
    .post(async (request, response) => {
      const { owner, by } = await identify(request, response);
      const [sourceId, date] = [idOf(request), dateOf(request)];
      const { decision } = parseInput(DecisionRequest, await readJson(request));
      await sources.decide(owner, sourceId, date, decision, by);
      response.json(viewHistory(await sources.history(owner, sourceId, date)));
    })
    .all(allowOnly("POST"));
  router
    .route("/api/v1/sources/:sourceId/editions/:date/content")
    .put(async (request, response) => {
      const { owner, by } = await identify(request, response);
      const [sourceId, date] = [idOf(request), dateOf(request)];
      const { fileName } = parseInput(UploadQuery, { ...request.query });
      await sources.find(owner, sourceId);
      allowSlowBody(request);
      const bytes = await readBody(request, MAX_UPLOAD_BYTES);
      await sources.upload(owner, sourceId, { date, fileName, bytes }, by);
      response.status(202).json(viewHistory(await sources.history(owner, sourceId, date)));
    })
    .all(allowOnly("PUT"));
}

/** What was kept of a listing that is laid out otherwise. Strangers made it: it runs nowhere, and is no page of ours. */
function addEvidence(router: Router, sources: SourceAdmin, identify: Identify): void {
  for (const [name, what, type] of [
    ["screenshot", "screenshot", "image/png"],
    ["listing", "page", "text/plain; charset=utf-8"],
  ] as const) {
    router
      .route(`/api/v1/sources/:sourceId/editions/:date/${name}`)
      .get(async (request, response) => {
        const { owner } = await identify(request, response);
        const [sourceId, date] = [idOf(request), dateOf(request)];
        const bytes = await sources.evidence(owner, sourceId, date, what);
        response
          .set("Content-Type", type)
          .set("X-Content-Type-Options", "nosniff")
          .set("Content-Security-Policy", "default-src 'none'; sandbox")
          .set("Cache-Control", "private, no-store")
          .end(bytes);
      })
      .all(allowOnly("GET"));
  }
}

function addBackfills(router: Router, sources: SourceAdmin, identify: Identify): void {
  router
    .route("/api/v1/sources/:sourceId/backfills")
    .get(async (request, response) => {
      const { owner } = await identify(request, response);
      const backfills = await sources.listBackfills(owner, idOf(request));
      response.json({ backfills: backfills.map(viewBackfill), next: null });
    })
    .post(async (request, response) => {
      const { owner, by } = await identify(request, response);
      const range = parseInput(BackfillRequest, await readJson(request));
      response
        .status(202)
        .json(viewBackfill(await sources.backfill(owner, idOf(request), range, by)));
    })
    .all(allowOnly("GET", "POST"));
  router
    .route("/api/v1/sources/:sourceId/backfills/:backfillId")
    .delete(async (request, response) => {
      const { owner, by } = await identify(request, response);
      await sources.cancelBackfill(owner, idOf(request), String(request.params.backfillId), by);
      response.status(204).end();
    })
    .all(allowOnly("DELETE"));
}

/** Everything that is wrong with settings, each at its field. */
function checkTogether({ locator, hosts = [], ...settings }: Partial<CollectionSettings>): void {
  if (locator === undefined) {
    const problem = "must say where its editions are, since no preset does";
    throw new InvalidInput([{ field: "settings.locator", problem }]);
  }
  const problems = settingsProblems({ ...DEFAULT_SETTINGS, ...settings, hosts, locator });
  if (problems.length > 0) throw new InvalidInput(problems);
}

/** What is not said is as it was: zod leaves it there as undefined. */
function toSettings(asked: SettingsRequest | undefined): Partial<CollectionSettings> | undefined {
  if (asked === undefined) return undefined;
  const { locator, ...rest } = asked;
  const said = definedFields(rest);
  if (locator === undefined) return said;
  if (locator.kind !== "listing") return { ...said, locator };
  return { ...said, locator: { ...locator, selector: locator.selector } };
}

type Defined<Fields> = { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };

function definedFields<Fields extends object>(fields: Fields): Defined<Fields> {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as Defined<Fields>;
}

function idOf(request: Request): SourceId {
  const id = String(request.params.sourceId).toLowerCase();
  if (!UUID.test(id)) throw notFound("There is no such source.");
  return asId<SourceId>(id);
}

function dateOf(request: Request): string {
  return String(request.params.date);
}
