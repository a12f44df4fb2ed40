import type { Response } from "express";
import type { DocumentFile } from "../../core/documents.ts";

/**
 * A stranger's file: saved, never shown, and whatever opens it may run nothing in our name (checklist S39). Its type is
 * not told, so that no viewer of the browser's takes it up.
 */
export function sendFile(response: Response, { fileName, bytes }: DocumentFile): void {
  response.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Cache-Control", "no-store");
  response.attachment(fileName);
  response.setHeader("Content-Type", "application/octet-stream");
  response.end(bytes);
}
