import { type Request, type Response, Router } from "express";
import type { Source } from "../../core/gazette.ts";
import type { GazetteStore } from "../../core/gazette-store.ts";
import { gazetteDate, sourceSlug } from "../contract.ts";
import { PUBLIC_READER } from "../gazettes.ts";
import { html } from "../html.ts";
import { languageOf } from "../language-of.ts";
import { cleanText } from "../parse-input.ts";
import { notFound } from "../problem.ts";
import { callerOf, createRateLimit } from "../rate-limit.ts";
import { sendSitePage } from "../site-page.ts";
import { longDate, say } from "../site-texts.ts";
import { sendDay } from "./day-page.ts";
import { digestEntry } from "./digest-entry.ts";
import type { EditionPorts } from "./edition-ports.ts";
import { EDITION_TEXTS, monthName } from "./edition-texts.ts";
import { atomFeed } from "./feed.ts";
import { findRoads, followView } from "./follow-view.ts";
import { headTags } from "./head-tags.ts";
import { feedPath, GAZETTES_PATH, sourcePath } from "./paths.ts";
import { robots, SITEMAP_DAYS, sitemap } from "./sitemap.ts";
import { gazettesView, missingView, sourceView } from "./source-view.ts";

/** A feed reader asks each hour; a month has at most 31 editions. */
const FEED_DAYS = 40;
const FEED_DIGESTS = 20;
const LATEST_DAYS = 24;
const DAYS_OF_MONTH = 31;
/** A person reads between two searches. */
const SEARCHES_PER_CALLER_PER_MINUTE = 60;
/** Editions change when one is taken in; whoever asks again meanwhile is told by ETag. */
const PAGE_SECONDS = 60;
const FEED_SECONDS = 600;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** Gazettes, their editions by date, each edition, and what tells machines of them. */
export function editionRoutes(ports: EditionPorts): Router {
  const { gazetteStore, gazetteArchive, publicUrl } = ports;
  const perCaller = createRateLimit(
    "edition-searches-per-caller",
    SEARCHES_PER_CALLER_PER_MINUTE,
    60,
  );
  const router = Router();

  router.get("/robots.txt", (request, response) => {
    response.setHeader("Cache-Control", `public, max-age=${FEED_SECONDS}`);
    response.type("text/plain").send(robots(baseOf(request, publicUrl)));
  });

  router.get("/sitemap.xml", async (request, response) => {
    const days = await gazetteArchive.listPublicDays(SITEMAP_DAYS);
    response.setHeader("Cache-Control", `public, max-age=${FEED_SECONDS}`);
    response.type("application/xml").send(sitemap(days, baseOf(request, publicUrl)));
  });

  router.get(GAZETTES_PATH, async (request, response) => {
    const language = languageOf(request);
    const texts = EDITION_TEXTS[language];
    const title = `${texts.gazettes} · Pregonero`;
    const sources = await gazetteStore.listSources(PUBLIC_READER);
    sendSitePage(response, {
      language,
      title,
      layout: "column",
      style: "edition.css",
      main: gazettesView(sources, language),
      maxAgeSeconds: PAGE_SECONDS,
      links: headTags({
        publicUrl,
        path: GAZETTES_PATH,
        title,
        description: texts.gazettesAbout,
        kind: "website",
      }),
    });
  });

  router.get("/gazettes/:source/feed.xml", async (request, response) => {
    const source = await findSource(gazetteStore, request);
    if (source === undefined) throw notFound("There is no such gazette.");
    const options = { month: undefined, limit: FEED_DAYS };
    const days = await gazetteArchive.listDays(PUBLIC_READER, source.sourceId, options);
    response.setHeader("Cache-Control", `public, max-age=${FEED_SECONDS}`);
    response.type("application/atom+xml");
    const base = baseOf(request, publicUrl);
    const digests = await ports.publishedDigests.onSource(source.slug, FEED_DIGESTS);
    const entries = digests.map((digest) => ({
      entry: digestEntry(source, digest, base),
      at: digest.publishedAt,
    }));
    response.send(atomFeed(source, days, base, entries));
  });

  router.get("/gazettes/:source", async (request, response) => {
    const source = await findSource(gazetteStore, request);
    if (source === undefined) return sendMissing(ports, request, response, undefined);
    await sendSource(ports, source, request, response);
  });

  router.get("/gazettes/:source/:date", async (request, response) => {
    const source = await findSource(gazetteStore, request);
    const date = gazetteDate.safeParse(request.params.date);
    if (source === undefined || !date.success) {
      return sendMissing(ports, request, response, source);
    }
    const text = cleanText(typeof request.query.q === "string" ? request.query.q : "");
    if (text !== "") await perCaller.take(callerOf(request), response);
    const wasThere = await sendDay(ports, { source, date: date.data, text, request, response });
    if (!wasThere) await sendMissing(ports, request, response, source, date.data);
  });
  return router;
}

async function findSource(
  store: Pick<GazetteStore, "findSource">,
  request: Request,
): Promise<Source | undefined> {
  const slug = sourceSlug.safeParse(request.params.source);
  return slug.success ? store.findSource(PUBLIC_READER, slug.data) : undefined;
}

/** Our address as the visitor knows it, where nobody told us the public one. */
function baseOf(request: Request, publicUrl: string | undefined): string {
  return publicUrl ?? `${request.protocol}://${request.host}`;
}

async function sendSource(
  ports: EditionPorts,
  source: Source,
  request: Request,
  response: Response,
): Promise<void> {
  const language = languageOf(request);
  const texts = EDITION_TEXTS[language];
  const asked = request.query.month;
  const month = typeof asked === "string" && MONTH.test(asked) ? asked : undefined;
  const limit = month === undefined ? LATEST_DAYS : DAYS_OF_MONTH;
  const archive = ports.gazetteArchive;
  const days = await archive.listDays(PUBLIC_READER, source.sourceId, { month, limit });
  const months = await archive.listMonths(PUBLIC_READER, source.sourceId);
  const roads = findRoads(ports.registry, ports.openTenantId);
  const when = month === undefined ? "" : `, ${monthName(month, language)}`;
  const title = `${source.name}${when} · Pregonero`;
  sendSitePage(response, {
    language,
    title,
    layout: "column",
    main: html`${sourceView({ source, month, days, months, language })}${followView(source, roads, language)}`,
    maxAgeSeconds: PAGE_SECONDS,
    style: "edition.css",
    script: "share.js",
    links: headTags({
      publicUrl: ports.publicUrl,
      path: sourcePath(source, month),
      title,
      description: say(texts.sourceDescription, { source: source.name }),
      kind: "website",
      feed: { path: feedPath(source), title: source.name },
    }),
  });
}

/** A page for people, with what is near; programs get a problem, as everywhere. */
async function sendMissing(
  { gazetteStore, gazetteArchive }: EditionPorts,
  request: Request,
  response: Response,
  source: Source | undefined,
  date?: string,
): Promise<void> {
  if (request.accepts(["json", "html"]) !== "html") throw notFound("There is no such edition.");
  const language = languageOf(request);
  const texts = EDITION_TEXTS[language];
  const near =
    source === undefined || date === undefined
      ? undefined
      : await gazetteArchive.findNeighbours(PUBLIC_READER, source.sourceId, date);
  const latest =
    source === undefined || date !== undefined
      ? []
      : await gazetteArchive.listDays(PUBLIC_READER, source.sourceId, {
          month: undefined,
          limit: 3,
        });
  const nearest = [near?.earlier, near?.later, ...latest.map((day) => day.publishedOn)];
  const sources = source === undefined ? await gazetteStore.listSources(PUBLIC_READER) : [];
  const what = date === undefined ? texts.missingTitle : longDate(date, language);
  response.status(404);
  sendSitePage(response, {
    language,
    title: `${source === undefined ? texts.missingSource : `${source.name}, ${what}`} · Pregonero`,
    layout: "column",
    style: "edition.css",
    main: missingView({
      source,
      date,
      nearest: nearest.filter((day) => day !== undefined),
      sources,
      language,
    }),
    isPrivate: true,
  });
}
