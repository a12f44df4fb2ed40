import { extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { DOCUMENT_FORMATS, VERSION_STATES } from "../../core/documents.ts";
import { LANGUAGES } from "../../core/language.ts";
import { nextShape } from "../cursor.ts";

extendZodWithOpenApi(z);

/** One line, as it is cited. */
const title = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .transform((text) => text.replace(/\s+/g, " "))
  .openapi({ description: "As answers cite it.", example: "Reglamento de parques" });
const isPublic = z.boolean().openapi({
  description:
    "Whoever has the address of a page may open it, so that citizens can follow a citation.",
  example: true,
});

export const CreateDocumentRequest = z
  .strictObject({
    title,
    language: z.enum(LANGUAGES).default("es").openapi({ example: "es" }),
    isPublic: isPublic.default(false),
    url: z.string().min(1).max(2_000).optional().openapi({
      description: "Fetched at once. Absent: the file is sent with PUT …/content.",
      example: "https://www.example.org/reglamento.pdf",
    }),
  })
  .openapi("CreateDocumentRequest");

export const ChangeDocumentRequest = z
  .strictObject({ title: title.optional(), isPublic: isPublic.optional() })
  .refine((change) => Object.keys(change).length > 0, "must change something")
  .openapi("ChangeDocumentRequest");

export const UploadQuery = z.strictObject({
  fileName: z.string().min(1).max(300).openapi({
    description: "With its ending: .pdf, .docx, .html, .md or .txt.",
    example: "ordenanza.docx",
  }),
});

const version = z.coerce.number().int().min(1).max(1_000_000);
export const DownloadQuery = z.strictObject({
  version: version.optional().openapi({ description: "Absent: the current one.", example: 2 }),
});
export const PageInPath = z.strictObject({
  version: version.openapi({ example: 2 }),
  page: version.openapi({ description: "Page, or section where there are none.", example: 1 }),
});

const VersionShape = z
  .object({
    version: z.int(),
    state: z.enum(VERSION_STATES),
    isCurrent: z.boolean().openapi({ description: "Answers come from it." }),
    fileName: z.string(),
    format: z.enum(DOCUMENT_FORMATS).nullable(),
    bytes: z.int(),
    contentHash: z.string().nullable().openapi({ description: "SHA-256." }),
    pages: z.int().nullable().openapi({ description: "Sections where there are no pages." }),
    progress: z
      .object({ done: z.int(), total: z.int().nullable() })
      .openapi({ description: "Bytes while receiving, pages while reading." }),
    problem: z.object({ code: z.string(), message: z.string() }).nullable(),
    createdAt: z.string().openapi({ format: "date-time" }),
    readyAt: z.string().nullable().openapi({ format: "date-time" }),
  })
  .openapi("DocumentVersion");

export const DocumentShape = z
  .object({
    id: z.uuid(),
    title: z.string(),
    language: z.enum(LANGUAGES),
    isPublic: z.boolean(),
    url: z.string().nullable(),
    checkedAt: z.string().nullable().openapi({ format: "date-time" }),
    revision: z.int(),
    createdAt: z.string().openapi({ format: "date-time" }),
    versions: z.array(VersionShape).openapi({ description: "Newest first." }),
  })
  .openapi("Document");

export const DocumentPageShape = z
  .object({ documents: z.array(DocumentShape), next: nextShape })
  .openapi("DocumentList");

export const ReceivedShape = z
  .object({
    outcome: z.enum(["queued", "unchanged"]).openapi({
      description: "`unchanged`: the current version has these very bytes.",
    }),
    document: DocumentShape,
  })
  .openapi("DocumentReceived");

export const DocumentUsageShape = z
  .object({
    documents: z.int(),
    bytes: z.int(),
    quota: z.object({ documents: z.int(), bytes: z.int() }),
  })
  .openapi("DocumentUsage");

export const DocumentTextShape = z
  .object({
    documentId: z.uuid(),
    title: z.string(),
    version: z.int(),
    page: z.int(),
    pages: z.int(),
    printedPage: z.string().nullable(),
    section: z.string().nullable(),
    text: z.string(),
  })
  .openapi("DocumentText");

const gazettes = z
  .union([z.literal("all"), z.array(z.string().regex(/^[a-z0-9-]{1,60}$/)).max(100)])
  .openapi({ description: "Slugs, or `all`.", example: ["la-gaceta"] });
const documents = z
  .union([z.literal("all"), z.array(z.uuid()).max(1_000)])
  .openapi({ description: "Ids, or `all`.", example: "all" });

export const KnowledgeSetRequest = z
  .strictObject({
    description: z.string().trim().max(300).default(""),
    gazettes: gazettes.default([]),
    documents: documents.default([]),
  })
  .openapi("KnowledgeSetRequest");

export const knowledgeSetName = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
    "must be 1 to 40 small letters, digits and hyphens",
  );

export const KnowledgeSetShape = z
  .object({
    name: z.string(),
    description: z.string(),
    gazettes,
    documents,
    revision: z.int(),
    assistants: z.array(z.string()).openapi({ description: "Those that name it." }),
  })
  .openapi("KnowledgeSet");

export const KnowledgeSetsShape = z
  .object({ knowledgeSets: z.array(KnowledgeSetShape) })
  .openapi("KnowledgeSets");
