import { z } from "zod";
import { IF_MATCH, ONCE, type Operations } from "../access/describe-operations.ts";
import { KeysetQuery } from "../cursor.ts";
import * as contract from "./contract.ts";

const invalid = { 400: "The request is not valid; `fields` says where." };
const noContact = { 404: "There is no such contact." };
const noSegment = { 404: "There is no such segment." };
const noBot = { 404: "There is no such bot." };
const edited = { 412: "Somebody changed it meanwhile.", 428: "If-Match is needed." };

export const CONTACT_OPERATIONS: Operations = {
  "GET /api/v1/contacts": {
    id: "listContacts",
    summary: "Contacts, newest first",
    query: contract.ContactsQuery,
    gives: contract.ContactsShape,
    otherwise: invalid,
  },
  "POST /api/v1/contacts": {
    id: "createContact",
    summary: "Make a contact",
    headers: ONCE,
    takes: contract.CreateContactRequest,
    gives: z.object({ id: z.uuid() }),
    status: 201,
    otherwise: { ...invalid, 409: "Somebody has this identifier already." },
  },
  "POST /api/v1/contacts/search": {
    id: "searchContacts",
    summary: "Find contacts by name or identifier",
    description: "By POST, since neither belongs into an address.",
    takes: contract.SearchRequest,
    gives: contract.ContactsShape,
    otherwise: invalid,
  },
  "POST /api/v1/contacts/import": {
    id: "importContacts",
    summary: "Take contacts from a CSV file",
    description:
      "The body is the file, as `text/csv`, of at most 40 MB and 200,000 lines; it is checked as it comes. Columns: phone, telegram, name, language, tags (apart by |), consent, consent_at, consent_evidence, field:NAME. Nothing is taken when a line is bad, unless `skipInvalid` is said. Once the last line was checked, all of it is taken, also when the connection ends before the answer: `GET /api/v1/contacts/imports` says how far it is.",
    query: contract.ImportQuery,
    takesFile: ["text/csv"],
    gives: contract.ImportReportShape,
    otherwise: {
      ...invalid,
      409: "Another file is being taken in, or this one came so slowly that it was given up.",
      413: "The file is too large.",
      415: "The body is not text/csv.",
      422: "Lines are bad, and nothing was taken; the body is the report.",
    },
  },
  "GET /api/v1/contacts/imports": {
    id: "listContactImports",
    summary: "Files of contacts: those under way, and what became of the others, newest first",
    query: KeysetQuery,
    gives: contract.ImportsShape,
    otherwise: invalid,
  },
  "GET /api/v1/contacts/export.csv": {
    id: "exportContacts",
    summary: "Contacts as a CSV file that computes nothing in a spreadsheet",
    query: contract.ContactsQuery,
    media: "text/csv",
    otherwise: invalid,
  },
  "GET /api/v1/contacts/:contactId": {
    id: "getContact",
    summary: "Everything about one contact; its ETag is for changes",
    gives: contract.ContactDetailShape,
    otherwise: noContact,
  },
  "PATCH /api/v1/contacts/:contactId": {
    id: "changeContact",
    summary: "Change a contact",
    headers: IF_MATCH,
    takes: contract.ChangeContactRequest,
    gives: contract.ContactDetailShape,
    otherwise: { ...invalid, ...noContact, ...edited, 409: "An identifier is somebody else's." },
  },
  "DELETE /api/v1/contacts/:contactId": {
    id: "eraseContact",
    summary: "Erase everything that is kept of a citizen",
    otherwise: noContact,
  },
  "GET /api/v1/contacts/:contactId/export": {
    id: "exportContact",
    summary: "Everything that is kept of a citizen, as JSON",
    gives: z.object({}).loose(),
    otherwise: noContact,
  },
  "PUT /api/v1/contacts/:contactId/block": {
    id: "blockContact",
    summary: "Answer a contact nothing any more",
    takes: contract.BlockRequest,
    otherwise: { ...invalid, ...noContact },
  },
  "DELETE /api/v1/contacts/:contactId/block": {
    id: "unblockContact",
    summary: "Answer a contact again",
    otherwise: noContact,
  },
  "GET /api/v1/contacts/:contactId/merges": {
    id: "listContactMerges",
    summary: "What was merged into a contact, and what was undone",
    gives: z.object({ merges: z.array(contract.MergeShape) }),
  },
  "POST /api/v1/contacts/:contactId/merges": {
    id: "mergeContacts",
    summary: "Make another contact part of this one",
    takes: contract.MergeRequest,
    gives: contract.MergeShape,
    status: 201,
    otherwise: { ...invalid, ...noContact, 409: "One of them is part of another since." },
  },
  "DELETE /api/v1/contact-merges/:mergeId": {
    id: "undoContactMerge",
    summary: "Take two contacts apart again",
    otherwise: { 404: "There is no such merge, or it is undone." },
  },
  "GET /api/v1/segments": {
    id: "listSegments",
    summary: "Segments, newest first",
    query: KeysetQuery,
    gives: contract.SegmentsShape,
    otherwise: invalid,
  },
  "POST /api/v1/segments": {
    id: "createSegment",
    summary: "Keep a filter, or begin a list",
    headers: ONCE,
    takes: contract.SegmentRequest,
    gives: contract.SegmentShape,
    status: 201,
    otherwise: { ...invalid, 409: "Another has this name." },
  },
  "POST /api/v1/segments/preview": {
    id: "previewSegment",
    summary: "Whom a filter fits: how many, and the newest of them",
    takes: contract.PreviewRequest,
    gives: contract.PreviewShape,
    otherwise: invalid,
  },
  "GET /api/v1/segments/:segmentId": {
    id: "getSegment",
    summary: "One segment",
    gives: contract.SegmentShape,
    otherwise: noSegment,
  },
  "PUT /api/v1/segments/:segmentId": {
    id: "changeSegment",
    summary: "Change a segment",
    headers: IF_MATCH,
    takes: contract.SegmentRequest,
    gives: contract.SegmentShape,
    otherwise: { ...invalid, ...noSegment, ...edited, 409: "Another has this name." },
  },
  "DELETE /api/v1/segments/:segmentId": {
    id: "removeSegment",
    summary: "Remove a segment; its contacts stay",
    otherwise: noSegment,
  },
  "POST /api/v1/segments/:segmentId/members": {
    id: "changeSegmentMembers",
    summary: "Put contacts on a list, or take them off",
    takes: contract.MembersRequest,
    gives: contract.ChangedShape,
    otherwise: { ...invalid, ...noSegment, 409: "It is a filter." },
  },
  "GET /api/v1/bots/:botId/strangers": {
    id: "getStrangerPolicy",
    summary: "Which strangers a bot answers",
    gives: contract.StrangersShape,
    otherwise: noBot,
  },
  "PUT /api/v1/bots/:botId/strangers": {
    id: "setStrangerPolicy",
    summary: "Say which strangers a bot answers",
    headers: IF_MATCH,
    takes: contract.StrangersRequest,
    gives: contract.StrangersShape,
    otherwise: { ...invalid, ...noBot, ...edited },
  },
  "GET /api/v1/bots/:botId/pairing-codes": {
    id: "listPairingCodes",
    summary: "Codes by which strangers are let in",
    gives: contract.CodesShape,
    otherwise: noBot,
  },
  "POST /api/v1/bots/:botId/pairing-codes": {
    id: "makePairingCode",
    summary: "Make a code for one person; it is shown this once",
    takes: contract.CodeRequest,
    gives: contract.MadeCodeShape,
    status: 201,
    otherwise: { ...invalid, ...noBot },
  },
  "DELETE /api/v1/bots/:botId/pairing-codes/:codeId": {
    id: "withdrawPairingCode",
    summary: "Make a code void",
    otherwise: { 404: "There is no such code." },
  },
};
