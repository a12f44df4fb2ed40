import { z } from "zod";
import type { Operations } from "../access/describe-operations.ts";
import { KeysetQuery } from "../cursor.ts";
import {
  ChangeDocumentRequest,
  CreateDocumentRequest,
  DocumentPageShape,
  DocumentShape,
  DocumentTextShape,
  DocumentUsageShape,
  DownloadQuery,
  KnowledgeSetRequest,
  KnowledgeSetShape,
  KnowledgeSetsShape,
  ReceivedShape,
  UploadQuery,
} from "./contract.ts";

const ifMatch = z.string().openapi({ description: "The ETag of what was read.", example: '"r3"' });
const invalid = { 400: "The request is not valid; `fields` says where." };
const unknown = { 404: "There is no such document." };
const busy = { 409: "The document is being read at this moment." };
const stale = { 412: "Somebody changed it since it was read." };

/** The part of the API's description that tells of documents and knowledge sets. */
export const DOCUMENT_OPERATIONS: Operations = {
  "GET /api/v1/documents": {
    id: "listDocuments",
    summary: "The tenant's documents, newest first",
    query: KeysetQuery,
    gives: DocumentPageShape,
    otherwise: invalid,
  },
  "POST /api/v1/documents": {
    id: "createDocument",
    summary: "Add a document",
    description: "With a `url` it is fetched at once; else its file is sent with PUT …/content.",
    takes: CreateDocumentRequest,
    gives: DocumentShape,
    status: 201,
    otherwise: { ...invalid, 409: "There are as many documents as may be kept." },
  },
  "GET /api/v1/document-usage": {
    id: "getDocumentUsage",
    summary: "What is kept, and what may be",
    gives: DocumentUsageShape,
  },
  "GET /api/v1/documents/:documentId": {
    id: "getDocument",
    summary: "One document, with its versions and how far each is",
    gives: DocumentShape,
    otherwise: unknown,
  },
  "PATCH /api/v1/documents/:documentId": {
    id: "changeDocument",
    summary: "Change title or visibility",
    headers: { "If-Match": ifMatch },
    takes: ChangeDocumentRequest,
    gives: DocumentShape,
    otherwise: { ...invalid, ...unknown, ...stale, 428: "Send the ETag that you read." },
  },
  "DELETE /api/v1/documents/:documentId": {
    id: "removeDocument",
    summary: "Remove a document for good",
    description: "Its passages, vectors, statistics, kept answers and files, of all versions.",
    otherwise: unknown,
  },
  "GET /api/v1/documents/:documentId/content": {
    id: "downloadDocument",
    summary: "The file, as it was sent",
    query: DownloadQuery,
    media: "application/octet-stream",
    otherwise: { ...invalid, ...unknown },
  },
  "PUT /api/v1/documents/:documentId/content": {
    id: "uploadDocument",
    summary: "Send the file: the first version, or another",
    description:
      "The body is the file itself, at most 50 MiB. `GET` of the document tells meanwhile how far it is.",
    query: UploadQuery,
    takesFile: ["application/octet-stream"],
    gives: ReceivedShape,
    status: 202,
    otherwise: {
      400: "The request is not valid, or the file stopped coming before its end.",
      ...unknown,
      409: "It would be more than may be kept.",
      413: "The file is larger than 50 MiB.",
      415: "It is none of PDF, DOCX, HTML, Markdown and text, or not what its name says.",
    },
  },
  "GET /api/v1/documents/:documentId/versions/:version/pages/:page": {
    id: "readDocumentPage",
    summary: "The text of a page, or of a section, as it was read",
    gives: DocumentTextShape,
    otherwise: { ...invalid, 404: "There is no such page." },
  },
  "POST /api/v1/documents/:documentId/reindex": {
    id: "reindexDocument",
    summary: "Read the current version anew",
    description: "It keeps answering until that is done.",
    gives: DocumentShape,
    status: 202,
    otherwise: { ...unknown, ...busy },
  },
  "POST /api/v1/documents/:documentId/refetch": {
    id: "refetchDocument",
    summary: "Ask its address again",
    description: "What has not changed there changes nothing here; anything else is a new version.",
    gives: DocumentShape,
    status: 202,
    otherwise: { 404: "There is no such document, or it has no address.", ...busy },
  },
  "GET /api/v1/knowledge-sets": {
    id: "listKnowledgeSets",
    summary: "Named groups of gazettes and documents that assistants answer from",
    gives: KnowledgeSetsShape,
  },
  "GET /api/v1/knowledge-sets/:name": {
    id: "getKnowledgeSet",
    summary: "One knowledge set",
    gives: KnowledgeSetShape,
    otherwise: { 404: "There is no such knowledge set." },
  },
  "PUT /api/v1/knowledge-sets/:name": {
    id: "saveKnowledgeSet",
    summary: "Make or replace a knowledge set",
    headers: { "If-Match": ifMatch.optional() },
    takes: KnowledgeSetRequest,
    gives: KnowledgeSetShape,
    otherwise: { ...invalid, ...stale, 409: "There are as many sets as may be kept." },
  },
  "DELETE /api/v1/knowledge-sets/:name": {
    id: "removeKnowledgeSet",
    summary: "Remove a knowledge set",
    otherwise: {
      404: "There is no such knowledge set.",
      409: "An assistant answers from it.",
    },
  },
};
