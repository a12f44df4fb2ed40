import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { makeTextPdf } from "../../../src/gazette/__fixtures__/make-pdf.ts";

/** What is amiss on a day, until it is set otherwise. */
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
  /** A page that names the PDFs of a day. */
  readonly listing: string;
  readonly links: string;
  readonly requests: readonly SiteRequest[];
  /** `undefined`: nothing is amiss on that day any more. */
  setFault(date: string, fault: SiteFault | undefined): void;
  /** These bytes instead of those that are made for the day. */
  setPdf(date: string, pdf: Buffer): void;
  /** A corrected PDF takes the place of the day's. */
  correct(date: string): void;
  setRobots(text: string): void;
  close(): Promise<void>;
}

const HEADERS = { "content-type": "application/pdf", "accept-ranges": "bytes" };
const WEEKDAYS = ["domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"];
const MONTHS =
  "enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre".split(
    " ",
  );

/** A gazette's web site on loopback: a PDF for each day at `/pub/yyyy/MM/dd/COMP_dd_MM_yyyy.pdf`, and its listing. */
export async function startGazetteSite(
  options: { readonly port?: number } = {},
): Promise<GazetteSite> {
  const faults = new Map<string, SiteFault>();
  const pdfs = new Map<string, Buffer>();
  const corrected = new Set<string>();
  const requests: SiteRequest[] = [];
  let robots = "User-agent: *\nDisallow: /privado/\n";
  const pdfOf = (date: string) =>
    pdfs.get(date) ?? makeEdition(date, { isCorrected: corrected.has(date) });
  const site = { faults, pdfOf, origin: () => origin, robots: () => robots };
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
    links: `${origin}/pub/{yyyy}/{MM}/{dd}/*_{dd}_{MM}_{yyyy}.pdf`,
    requests,
    setFault(date, fault) {
      if (fault === undefined) faults.delete(date);
      else faults.set(date, fault);
    },
    setPdf: (date, pdf) => void pdfs.set(date, pdf),
    correct: (date) => void corrected.add(date),
    setRobots(text) {
      robots = text;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Site {
  readonly faults: ReadonlyMap<string, SiteFault>;
  readonly pdfOf: (date: string) => Buffer;
  readonly origin: () => string;
  readonly robots: () => string;
}

function answer(request: IncomingMessage, response: ServerResponse, site: Site): void {
  const url = new URL(request.url ?? "/", site.origin());
  if (url.pathname === "/robots.txt") {
    response.writeHead(200, { "content-type": "text/plain" }).end(site.robots());
    return;
  }
  if (url.pathname === "/gaceta/") {
    answerListing(response, url, site);
    return;
  }
  const match = /^\/pub\/(\d{4})\/(\d{2})\/(\d{2})\/COMP_\3_\2_\1\.pdf$/.exec(url.pathname);
  const date = match === null ? undefined : `${match[1]}-${match[2]}-${match[3]}`;
  if (date === undefined) response.writeHead(404).end("no such page");
  else answerPdf(request, response, { date, site, path: url.pathname });
}

function answerListing(response: ServerResponse, url: URL, { faults }: Site): void {
  const [dd = "", MM = "", yyyy = ""] = (url.searchParams.get("date") ?? "").split("/");
  const date = `${yyyy}-${MM}-${dd}`;
  const fault = faults.get(date);
  const link = `<li><a class="pdf" href="/pub/${yyyy}/${MM}/${dd}/COMP_${dd}_${MM}_${yyyy}.pdf">Edición del día</a></li>`;
  const body =
    fault === "changed-layout"
      ? "<main><p>Sitio nuevo. <button data-edicion>Ver edición</button></p></main>"
      : `<ul class="ediciones">${fault === "missing" ? "" : link}<li><a class="pdf" href="/pub/2014/11/14/COMP_14_11_2014.pdf">Archivo</a></li></ul>`;
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(body);
}

function answerPdf(
  request: IncomingMessage,
  response: ServerResponse,
  { date, site, path }: { readonly date: string; readonly site: Site; readonly path: string },
): void {
  const pdf = site.pdfOf(date);
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
      sendPdf(request, response, makeEdition(dayBefore(date)));
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

/** Two pages with the masthead of the day, and a notice that no other day has. */
export function makeEdition(
  date: string,
  { isCorrected = false, name = "LA GACETA" }: { isCorrected?: boolean; name?: string } = {},
): Buffer {
  const day = new Date(`${date}T12:00:00Z`);
  const spoken = `${WEEKDAYS[day.getUTCDay()]} ${day.getUTCDate()} de ${MONTHS[day.getUTCMonth()]} del ${day.getUTCFullYear()}`;
  const pages = [1, 2].map((page) => [
    { x: 60, y: 800, text: `${name} - San Jose, Costa Rica, ${spoken}`, size: 12 },
    ...Array.from({ length: 12 }, (_, row) => ({
      x: 60,
      y: 740 - row * 14,
      text: `La Municipalidad de Moravia comunica el corte del agua del ${date}${isCorrected ? ", segun fe de erratas," : ""} (${page}.${row}).`,
    })),
  ]);
  return makeTextPdf(pages);
}

function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
