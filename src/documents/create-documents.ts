import { randomUUID } from "node:crypto";
import type { Clock } from "../core/clock.ts";
import type {
  DocumentFiles,
  DocumentQuota,
  DocumentStore,
  Documents,
  DocumentView,
} from "../core/documents.ts";
import { PregoneroError } from "../core/errors.ts";
import { asId, type DocumentId, type TenantId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import { cleanFileName } from "./file-name.ts";
import { missing } from "./missing-document.ts";
import { receiveFile } from "./receive-file.ts";
import { removeFiles } from "./remove-files.ts";

export interface DocumentPorts {
  readonly store: DocumentStore;
  readonly files: DocumentFiles;
  readonly quota: DocumentQuota;
  /** Throws `url-refused` for an address that could never be fetched. */
  readonly checkUrl: (url: string) => void;
  /** Something is due. */
  readonly wake: () => void;
  /** Drops the answers that are kept for a tenant. */
  readonly forgetAnswers: (tenantId: TenantId) => Promise<void>;
  /** Names this process in leases. */
  readonly owner: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** See `Documents`. Reading and indexing are the work's (`document-work.ts`), in whichever process. */
export function createDocuments(ports: DocumentPorts): Documents {
  const { store, files, quota, clock } = ports;

  async function view(tenantId: TenantId, id: DocumentId): Promise<DocumentView> {
    const found = await store.find(tenantId, id);
    if (found === undefined) throw missing();
    return found;
  }

  async function beginFetch(
    tenantId: TenantId,
    id: DocumentId,
    url: string,
    actor: string,
  ): Promise<void> {
    const begun = {
      state: "queued",
      fileName: cleanFileName(new URL(url).pathname),
      fileKey: files.newKey(tenantId),
      owner: ports.owner,
      at: clock.now(),
    } as const;
    if ((await store.beginVersion(tenantId, id, begun, actor)) === undefined) throw missing();
    ports.wake();
  }

  return {
    list: (tenantId, page) => store.list(tenantId, page),
    find: async (tenantId, id) => (UUID.test(id) ? store.find(tenantId, id) : undefined),
    usage: async (tenantId) => ({ ...(await store.usage(tenantId)), quota }),

    async create(tenantId, draft, actor) {
      if (draft.url !== undefined) ports.checkUrl(draft.url);
      const id = asId<DocumentId>(randomUUID());
      await store.insert(tenantId, { ...draft, id, at: clock.now() }, quota, actor);
      if (draft.url !== undefined) await beginFetch(tenantId, id, draft.url, actor);
      return view(tenantId, id);
    },

    async change(tenantId, id, change, expectedRevision, actor) {
      if (!UUID.test(id)) return undefined;
      const outcome = await store.change(tenantId, id, change, expectedRevision, actor);
      if (outcome === "stale") throw stale();
      return outcome === "missing" ? undefined : store.find(tenantId, id);
    },

    async receive(tenantId, id, upload, actor) {
      if (!UUID.test(id)) throw missing();
      const outcome = await receiveFile(ports, tenantId, id, upload, actor);
      if (outcome === "queued") ports.wake();
      return { outcome, document: await view(tenantId, id) };
    },

    async reread(tenantId, id, kind, actor) {
      const { url, versions } = UUID.test(id)
        ? await view(tenantId, id)
        : { url: null, versions: [] };
      if (kind === "refetch") {
        if (url === null) throw missing();
        if (versions.some(({ state }) => state !== "ready" && state !== "failed")) throw busy();
        await beginFetch(tenantId, id, url, actor);
        return view(tenantId, id);
      }
      if (!versions.some(({ isCurrent }) => isCurrent)) throw missing();
      const outcome = await store.requeueCurrent(tenantId, id, actor);
      if (outcome === "busy") throw busy();
      if (outcome === "missing") throw missing();
      ports.wake();
      return view(tenantId, id);
    },

    async remove(tenantId, id, actor) {
      if (!UUID.test(id)) return false;
      if (!(await store.beginRemoval(tenantId, id, clock.now(), actor))) return false;
      await ports.forgetAnswers(tenantId);
      // What fails now, the work does later: the row says that it is to be done.
      await removeFiles(ports, tenantId, id).catch((error: unknown) => {
        ports.logger.warn("document-files-not-removed", { documentId: id, error });
        ports.wake();
      });
      return true;
    },

    async download(tenantId, id, version) {
      const file = UUID.test(id) ? await store.findFile(tenantId, id, version) : undefined;
      const bytes = file && (await files.read(file.fileKey));
      if (file === undefined || bytes === undefined) return undefined;
      const { fileName, format, contentHash } = file;
      return { fileName, format, contentHash, bytes };
    },

    readPage: async (tenantId, place) =>
      UUID.test(place.id) ? store.readPage(tenantId, place) : undefined,

    async readPublicPage(place) {
      const owner = UUID.test(place.id) ? await store.ownerOfPublic(place.id) : undefined;
      const page = owner && (await store.readPage(owner, place));
      return page?.document.isPublic === true ? page : undefined;
    },
  };
}

function busy(): PregoneroError {
  return new PregoneroError(
    "document-busy",
    "The document is being read at this moment. Ask again when it is ready.",
    { status: 409 },
  );
}

function stale(): PregoneroError {
  return new PregoneroError(
    "stale",
    "Somebody changed it since you read it. Read it again, and make your change to what is there now.",
    { status: 412 },
  );
}
