import { describe, expect, it } from "vitest";
import type { DocumentVersionView, DocumentView } from "../core/documents.ts";
import { asId } from "../core/ids.ts";
import { listDocumentsCommand } from "./document.ts";

const version: DocumentVersionView = {
  version: 2,
  state: "reading",
  isCurrent: false,
  fileName: "a.pdf",
  format: "pdf",
  bytes: 10,
  contentHash: null,
  pages: null,
  progress: { done: 3, total: 12 },
  problem: null,
  createdAt: "2026-11-21T00:00:00.000Z",
  readyAt: null,
};
const document: DocumentView = {
  id: asId("d1"),
  title: "Reglamento",
  language: "es",
  isPublic: true,
  url: null,
  checkedAt: null,
  revision: 1,
  createdAt: "2026-11-21T00:00:00.000Z",
  versions: [version],
};

async function list(...versions: readonly DocumentVersionView[]): Promise<string> {
  const said: string[] = [];
  const out = {
    result: (text: string) => said.push(text),
    progress: (text: string) => said.push(text),
  };
  const context = { signal: AbortSignal.timeout(1_000), onProgress() {} };
  const ports = { listDocuments: async () => [{ ...document, versions }] };
  await listDocumentsCommand(ports, context, out as never);
  return said.join("\n");
}

describe("document list", () => {
  it("tells how far the newest version is, and why it failed", async () => {
    expect(await list(version)).toMatch(/Reglamento\s+2\s+reading page 3\/12/);
    const problem = { code: "pdf-encrypted", message: "The PDF is encrypted." };
    expect(await list({ ...version, state: "failed", problem })).toContain(
      "failed: The PDF is encrypted.",
    );
    expect(await list()).toContain("no file");
  });
});
