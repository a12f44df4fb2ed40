import type { Operations } from "../access/describe-operations.ts";
import { EditionReadingShape, ImageQuery, PageReadingShape } from "./contract.ts";

const unknown = { 404: "There is no such edition or page, or not of yours." };

/** The part of the API's description that tells how editions were read. */
export const EDITION_PAGE_OPERATIONS: Operations = {
  "GET /api/v1/editions/:editionId": {
    id: "getEditionReading",
    summary: "How an edition was read: its pages and its acts",
    description: "Also one that a correction has superseded.",
    gives: EditionReadingShape,
    otherwise: unknown,
  },
  "GET /api/v1/editions/:editionId/pages/:page": {
    id: "getPageReading",
    summary: "What was read on one page, in reading order, and where it stands",
    gives: PageReadingShape,
    otherwise: unknown,
  },
  "GET /api/v1/editions/:editionId/pages/:page/image": {
    id: "getPageImage",
    summary: "The page as a picture",
    query: ImageQuery,
    media: "image/png",
    otherwise: {
      ...unknown,
      400: "The request is not valid; the detail says what.",
      503: "Too many pages are being drawn.",
    },
  },
};
