import { IF_MATCH, type Operations } from "../access/describe-operations.ts";
import {
  BackfillRequest,
  BackfillShape,
  BackfillsShape,
  CalendarQuery,
  CalendarShape,
  DecisionRequest,
  EditionShape,
  PresetsShape,
  SourceChange,
  SourceRequest,
  SourceShape,
  SourcesShape,
  UploadQuery,
} from "./contract.ts";

const invalid = { 400: "The request is not valid; the detail says what." };
const unknown = { 404: "There is no such source, or not of yours." };
const stale = {
  412: "Somebody changed it since it was read.",
  428: "Send the ETag that you read as If-Match.",
};

/** The part of the API's description that tells of sources and their editions. */
export const SOURCE_OPERATIONS: Operations = {
  "GET /api/v1/source-presets": {
    id: "listSourcePresets",
    summary: "Gazettes that can be added by name",
    gives: PresetsShape,
  },
  "GET /api/v1/sources": {
    id: "listSources",
    summary: "Sources whose editions are collected",
    description:
      "Of a tenant: its own, and public ones. Without a tenant, for who operates: public ones.",
    gives: SourcesShape,
  },
  "POST /api/v1/sources": {
    id: "addSource",
    summary: "Add a source, from a preset or by saying where its editions are",
    description:
      "Of the tenant; without one it is public. A preset whose address is not known for sure is added paused.",
    takes: SourceRequest,
    gives: SourceShape,
    status: 201,
    otherwise: { ...invalid, 409: "There is one with this slug." },
  },
  "GET /api/v1/sources/:sourceId": {
    id: "getSource",
    summary: "One source",
    gives: SourceShape,
    otherwise: unknown,
  },
  "PATCH /api/v1/sources/:sourceId": {
    id: "changeSource",
    summary: "Change how it is collected, pause it, or resume it",
    description: "If-Match is needed where settings change.",
    headers: { "If-Match": IF_MATCH["If-Match"].optional() },
    takes: SourceChange,
    gives: SourceShape,
    otherwise: { ...invalid, ...unknown, ...stale },
  },
  "DELETE /api/v1/sources/:sourceId": {
    id: "removeSource",
    summary: "Remove a source: no more editions; those that were collected stay",
    description: "One of the same slug may be added again, and goes on with what was collected.",
    otherwise: unknown,
  },
  "GET /api/v1/sources/:sourceId/calendar": {
    id: "getEditionCalendar",
    summary: "The editions of a month: expected, collected, late, missing, failed, corrected",
    query: CalendarQuery,
    gives: CalendarShape,
    otherwise: { ...invalid, ...unknown },
  },
  "GET /api/v1/sources/:sourceId/editions/:date": {
    id: "getExpectedEdition",
    summary: "One edition: where it stands and why, its files, tries and changes",
    gives: EditionShape,
    otherwise: unknown,
  },
  "GET /api/v1/sources/:sourceId/editions/:date/screenshot": {
    id: "getListingScreenshot",
    summary: "How the listing looked when it was laid out otherwise than the settings say",
    media: "image/png",
    otherwise: unknown,
  },
  "GET /api/v1/sources/:sourceId/editions/:date/listing": {
    id: "getListingPage",
    summary: "The first 64 KiB of a listing that was laid out otherwise than the settings say",
    media: "text/plain",
    otherwise: unknown,
  },
  "POST /api/v1/sources/:sourceId/editions/:date/collect": {
    id: "collectEdition",
    summary: "Look for it now",
    gives: EditionShape,
    status: 202,
    otherwise: { ...invalid, ...unknown },
  },
  "POST /api/v1/sources/:sourceId/editions/:date/reading": {
    id: "readEditionAnew",
    summary: "Read its files anew, as they were kept",
    description:
      "For files that were read wrongly. The new reading takes the place of the former one as a correction does: what cites that one keeps it. Asked twice before it has begun, it is read once.",
    gives: EditionShape,
    status: 202,
    otherwise: {
      ...invalid,
      ...unknown,
      409: "None of its files was read yet, or it is being collected.",
    },
  },
  "POST /api/v1/sources/:sourceId/editions/:date/decision": {
    id: "decideEdition",
    summary: "Take or refuse a PDF that names another date, or say that there is no edition",
    takes: DecisionRequest,
    gives: EditionShape,
    otherwise: { ...invalid, ...unknown, 409: "It stands so that this cannot be said of it." },
  },
  "PUT /api/v1/sources/:sourceId/editions/:date/content": {
    id: "uploadEdition",
    summary: "Send the PDF of an edition, of at most 50 MiB",
    query: UploadQuery,
    takesFile: ["application/pdf"],
    gives: EditionShape,
    status: 202,
    otherwise: { ...invalid, ...unknown, 413: "It is larger than 50 MiB." },
  },
  "GET /api/v1/sources/:sourceId/backfills": {
    id: "listBackfills",
    summary: "Ranges that were asked for, newest first, with how far each is",
    gives: BackfillsShape,
    otherwise: unknown,
  },
  "POST /api/v1/sources/:sourceId/backfills": {
    id: "backfillSource",
    summary: "Collect a range of days that have passed",
    description: "What is there already stays; what is missing or failed is tried again.",
    takes: BackfillRequest,
    gives: BackfillShape,
    status: 202,
    otherwise: { ...invalid, ...unknown },
  },
  "DELETE /api/v1/sources/:sourceId/backfills/:backfillId": {
    id: "cancelBackfill",
    summary: "Take back what of a range was not begun",
    otherwise: unknown,
  },
};
