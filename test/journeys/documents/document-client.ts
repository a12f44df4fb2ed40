import { randomUUID } from "node:crypto";
import { vi } from "vitest";
import type { DocumentView } from "../../../src/core/documents.ts";
import { asId, type TenantId } from "../../../src/core/ids.ts";
import type { RunningProduct } from "../running-product.ts";

/** A municipality with a bot and a key for its documents. */
export interface Town {
  readonly tenantId: TenantId;
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{
    readonly status: number;
    readonly body: Record<string, unknown>;
    readonly etag: string | null;
  }>;
  /** Makes the document and sends its file; resolves when it is taken in. */
  add(
    title: string,
    fileName: string,
    bytes: Buffer | string,
    isPublic?: boolean,
  ): Promise<DocumentView>;
  send(id: string, fileName: string, bytes: Buffer | string): Promise<Response>;
  /** Once no version is under way any more. */
  settled(id: string): Promise<DocumentView>;
}

export async function openTown(product: RunningProduct): Promise<Town> {
  const { installation, url } = product;
  const tenantId = asId<TenantId>(randomUUID());
  await installation.database.asDispatcher((tx) =>
    tx.query("insert into tenant (id, slug, name) values ($1, $2, 'Municipalidad')", [
      tenantId,
      tenantId,
    ]),
  );
  const { key } = await installation.apiKeys.create(tenantId, "journey", [
    "documents",
    "assistants",
  ]);
  const authorization = `Bearer ${key}`;

  const town: Town = {
    tenantId,
    async call(method, path, body, headers = {}) {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          authorization,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
        etag: response.headers.get("etag"),
      };
    },
    async add(title, fileName, bytes, isPublic = false) {
      const made = await town.call("POST", "/documents", { title, isPublic });
      if (made.status !== 201) throw new Error(JSON.stringify(made));
      const sent = await town.send(String(made.body.id), fileName, bytes);
      if (sent.status !== 202) throw new Error(await sent.text());
      return town.settled(String(made.body.id));
    },
    send: (id, fileName, bytes) =>
      fetch(`${url}/api/v1/documents/${id}/content?fileName=${encodeURIComponent(fileName)}`, {
        method: "PUT",
        headers: { authorization },
        body: new Uint8Array(Buffer.from(bytes)),
      }),
    settled: (id) =>
      vi.waitFor(
        async () => {
          const { body } = await town.call("GET", `/documents/${id}`);
          const document = body as unknown as DocumentView;
          const isOpen = document.versions.some(
            ({ state }) => state !== "ready" && state !== "failed",
          );
          if (isOpen || document.versions.length === 0) throw new Error(JSON.stringify(body));
          return document;
        },
        // Slower than the limit of calls, however long it takes.
        { timeout: 150_000, interval: 400 },
      ),
  };
  return town;
}
