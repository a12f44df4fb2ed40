import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { makeTextPdf } from "../../../src/gazette/__fixtures__/make-pdf.ts";
import { feedAnswer, listingPage, livePage, type NamedDay } from "./site-pages.ts";

/** What is amiss on a day, until it is set otherwise; of a day of several PDFs, with its first. */
export const SITE_FAULTS = [
  /** It is not there: 404. */
  "missing",
  /** Half of what was announced, then the connection ends; a part that is asked for anew comes whole. */
  "cut-off",
  /** A whole answer that ends before the PDF does. */
  "truncated",
  /** One byte now and then, for ever. */
  "slow",
  /** 302 to itself. */
  "redirect-loop",
  /** 302 to a host that no setting names. */
  "other-host",
  /** A web page, with status 200, where the PDF should be. */
  "web-page",
  /** The PDF of another day. */
  "other-date",
  /** 503 with `Retry-After: 120`. */
  "unavailable",
  /** The listing is laid out otherwise, and names nothing. */
  "changed-layout",
] as const;
export type SiteFault = (typeof SITE_FAULTS)[number];

export interface SiteRequest {
  readonly path: string;
  readonly status: number;
  readonly range: string | undefined;
  readonly isConditional: boolean;
}

export interface GazetteSite {
  readonly port: number;
  readonly origin: string;
  /** As `CollectionSettings.locator` has it: one PDF a day. */
  readonly address: string;
  /** A page that names the PDFs of a day; one whose script does; and open data that do. */
  readonly listing: string;
  readonly liveListing: string;
  readonly feed: string;
  readonly links: string;
  readonly requests: readonly SiteRequest[];
  /** `undefined`: nothing is amiss on that day any more. */
  setFault(date: string, fault: SiteFault | undefined): void;
  /** These bytes instead of those that are made for the day; undefined: those again. */
  setPdf(date: string, pdf: Buffer | undefined): void;
  /** A corrected PDF takes the place of the day's. */
  correct(date: string): void;
  /** `undefined`: 503 where robots.txt should be. */
  setRobots(text: string | undefined): void;
  /** Runs in the page whose script names the PDFs, besides that one. */
  setScript(text: string): void;
  close(): Promise<void>;
}

const USUAL_ROBOTS = "User-agent: *\nDisallow: /privado/\n";
const HEADERS = { "content-type": "application/pdf", "accept-ranges": "bytes" };
const WEEKDAYS = ["domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"];
const MONTHS =
  "enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre".split(
    " ",
  );

/**
 * A gazette's web site on loopback: for each day a PDF at `/pub/yyyy/MM/dd/COMP_dd_MM_yyyy.pdf`, further ones at
 * `ACTO-2_dd_MM_yyyy.pdf` and on when `documents` (default 1) says so, and listings of them.
 */
export async function startGazetteSite(
  options: { readonly port?: number; readonly documents?: number; readonly name?: string } = {},
): Promise<GazetteSite> {
  const { documents = 1, name = "LA GACETA" } = options;
  const faults = new Map<string, SiteFault>();
  const pdfs = new Map<string, Buffer>();
  const corrected = new Set<string>();
  const requests: SiteRequest[] = [];
  let robots: string | undefined = USUAL_ROBOTS;
  const pdfOf = (date: string, number: number) => {
    const set = number === 1 ? pdfs.get(date) : undefined;
    const isCorrected = number === 1 && corrected.has(date);
    return set ?? makeEdition(date, { isCorrected, name, number });
  };
  let script = "";
  const told = { origin: () => origin, robots: () => robots, script: () => script };
  const site = { faults, documents, pdfOf, ...told };
  const server = createServer((request, response) => {
    requests.push({
      path: request.url ?? "",
      get status() {
        return response.statusCode;
      },
      range: request.headers.range,
      isConditional: request.headers["if-none-match"] !== undefined,
    });
    answer(request, response, site);
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    port,
    origin,
    address: `${origin}/pub/{yyyy}/{MM}/{dd}/COMP_{dd}_{MM}_{yyyy}.pdf`,
    listing: `${origin}/gaceta/?date={dd}/{MM}/{yyyy}`,
    liveListing: `${origin}/gaceta/viva/?date={dd}/{MM}/{yyyy}`,
    feed: `${origin}/api/sumario/{yyyy}{MM}{dd}`,
    links: `${origin}/pub/{yyyy}/{MM}/{dd}/*_{dd}_{MM}_{yyyy}.pdf`,
    requests,
    setFault(date, fault) {
      if (fault === undefined) faults.delete(date);
      else faults.set(date, fault);
    },
    setPdf(date, pdf) {
      if (pdf === undefined) pdfs.delete(date);
      else pdfs.set(date, pdf);
    },
    correct: (date) => void corrected.add(date),
    setRobots(text) {
      robots = text;
    },
    setScript(text) {
      script = text;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Site {
  readonly faults: ReadonlyMap<string, SiteFault>;
  readonly documents: number;
  readonly pdfOf: (date: string, number: number) => Buffer;
  readonly origin: () => string;
  readonly robots: () => string | undefined;
  readonly script: () => string;
}

function answer(request: IncomingMessage, response: ServerResponse, site: Site): void {
  const url = new URL(request.url ?? "/", site.origin());
  if (url.pathname === "/robots.txt") {
    const robots = site.robots();
    response.writeHead(robots === undefined ? 503 : 200, { "content-type": "text/plain" });
    response.end(robots);
    return;
  }
  if (answerListing(response, url, site)) return;
  const match = /^\/pub\/(\d{4})\/(\d{2})\/(\d{2})\/(?:COMP|ACTO-(\d{1,3}))_\3_\2_\1\.pdf$/.exec(
    url.pathname,
  );
  const date = match === null ? undefined : `${match[1]}-${match[2]}-${match[3]}`;
  const number = Number(match?.[4] ?? 1);
  if (date === undefined || number > site.documents) response.writeHead(404).end("no such page");
  else if (number === 1) answerPdf(request, response, { date, site, path: url.pathname });
  else sendPdf(request, response, site.pdfOf(date, number));
}

/** False: the address is no listing's. */
function answerListing(response: ServerResponse, url: URL, site: Site): boolean {
  const asked = url.searchParams.get("date") ?? "";
  const html = { "content-type": "text/html; charset=utf-8" };
  if (url.pathname === "/gaceta/") {
    response.writeHead(200, html).end(listingPage(dayOf(asked, site)));
  } else if (url.pathname === "/gaceta/viva/") {
    response.writeHead(200, html).end(livePage(dayOf(asked, site), site.script()));
  } else {
    const [, yyyy = "", MM = "", dd = ""] =
      /^\/api\/sumario\/(\d{4})(\d{2})(\d{2})$/.exec(url.pathname) ?? [];
    if (yyyy === "") return false;
    const day = dayOf(`${dd}/${MM}/${yyyy}`, site);
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(feedAnswer(day, site.origin()));
  }
  return true;
}

function dayOf(asked: string, { faults, documents }: Site): NamedDay {
  const [dd = "", MM = "", yyyy = ""] = asked.split("/");
  const fault = faults.get(`${yyyy}-${MM}-${dd}`);
  const names = Array.from(
    { length: documents },
    (_, index) => `${index === 0 ? "COMP" : `ACTO-${index + 1}`}_${dd}_${MM}_${yyyy}.pdf`,
  );
  const isChanged = fault === "changed-layout";
  return { yyyy, MM, dd, documents: fault === "missing" ? [] : names, isChanged };
}

function answerPdf(
  request: IncomingMessage,
  response: ServerResponse,
  { date, site, path }: { readonly date: string; readonly site: Site; readonly path: string },
): void {
  const pdf = site.pdfOf(date, 1);
  switch (site.faults.get(date)) {
    case "missing":
      response.writeHead(404, { "content-type": "text/html" }).end("<h1>No existe</h1>");
      return;
    case "redirect-loop":
      response.writeHead(302, { location: path }).end();
      return;
    case "other-host":
      response.writeHead(302, { location: "http://otro.example/gaceta.pdf" }).end();
      return;
    case "web-page":
      response.writeHead(200, { "content-type": "text/html" }).end("<h1>En mantenimiento</h1>");
      return;
    case "unavailable":
      response.writeHead(503, { "retry-after": "120" }).end();
      return;
    case "truncated":
      response.writeHead(200, HEADERS).end(pdf.subarray(0, pdf.length / 2));
      return;
    case "slow":
      dribble(response, pdf);
      return;
    case "other-date":
      sendPdf(request, response, site.pdfOf(dayBefore(date), 1));
      return;
    case "cut-off":
      cutOff(request, response, pdf);
      return;
    default:
      sendPdf(request, response, pdf);
      return;
  }
}

/** With ranges, tags and 304, as a static file is served. */
function sendPdf(request: IncomingMessage, response: ServerResponse, pdf: Buffer): void {
  const etag = `"${createHash("sha256").update(pdf).digest("hex").slice(0, 16)}"`;
  if (request.headers["if-none-match"] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
  const ifRange = request.headers["if-range"];
  if (range === null || (ifRange !== undefined && ifRange !== etag)) {
    response.writeHead(200, { ...HEADERS, etag, "content-length": pdf.length }).end(pdf);
    return;
  }
  const from = Number(range[1]);
  const to = Math.min(pdf.length - 1, Number(range[2]));
  const part = pdf.subarray(from, to + 1);
  response
    .writeHead(206, {
      ...HEADERS,
      etag,
      "content-length": part.length,
      "content-range": `bytes ${from}-${to}/${pdf.length}`,
    })
    .end(part);
}

/** A first, large request breaks off half way; the smaller ones that follow it come whole. */
function cutOff(request: IncomingMessage, response: ServerResponse, pdf: Buffer): void {
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
  const asked = range === null ? Number.POSITIVE_INFINITY : Number(range[2]) - Number(range[1]) + 1;
  if (asked <= 4 * 1024 * 1024) {
    sendPdf(request, response, pdf);
    return;
  }
  response.writeHead(200, { ...HEADERS, "content-length": pdf.length });
  response.write(pdf.subarray(0, pdf.length / 2), () => response.destroy());
}

function dribble(response: ServerResponse, pdf: Buffer): void {
  response.writeHead(200, { ...HEADERS, "content-length": pdf.length });
  let sent = 0;
  const timer = setInterval(() => {
    response.write(pdf.subarray(sent, sent + 1));
    sent += 1;
  }, 50);
  response.once("close", () => clearInterval(timer));
}

/** Two pages with the masthead of the day, and a notice that no other day, and no other PDF of the day, has. */
export function makeEdition(
  date: string,
  {
    isCorrected = false,
    name = "LA GACETA",
    number = 1,
  }: { readonly isCorrected?: boolean; readonly name?: string; readonly number?: number } = {},
): Buffer {
  const day = new Date(`${date}T12:00:00Z`);
  const spoken = `${WEEKDAYS[day.getUTCDay()]} ${day.getUTCDate()} de ${MONTHS[day.getUTCMonth()]} del ${day.getUTCFullYear()}`;
  const pages = [1, 2].map((page) => [
    { x: 60, y: 800, text: `${name} - San Jose, Costa Rica, ${spoken}`, size: 12 },
    ...Array.from({ length: 12 }, (_, row) => ({
      x: 60,
      y: 740 - row * 14,
      text: `La Municipalidad de Moravia comunica el corte del agua del ${date}${isCorrected ? ", segun fe de erratas," : ""} (${number > 1 ? `${number}.` : ""}${page}.${row}).`,
    })),
  ]);
  return makeTextPdf(pages);
}

function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
