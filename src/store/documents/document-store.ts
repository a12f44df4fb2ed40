import type { Cipher } from "../../core/cipher.ts";
import type { DocumentStore } from "../../core/documents.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { Database, Transaction } from "../database.ts";
import {
  changeDocument,
  findDocument,
  insertDocument,
  listDocuments,
  readUsage,
} from "./document-list.ts";
import {
  beginRemoval,
  findFile,
  finishRemoval,
  listFiles,
  listRemovals,
  ownerOfPublic,
} from "./document-removal.ts";
import { readPage } from "./read-page.ts";
import { storeRead } from "./store-read.ts";
import {
  attachFile,
  beginVersion,
  claim,
  dropVersion,
  fail,
  forgetFile,
  freeLeases,
  noteChecked,
  noteProgress,
  postpone,
  readWork,
  requeueCurrent,
} from "./version-work.ts";

/** `DocumentStore` over PostgreSQL: everything as the tenant, but to find who is due. */
export function createDocumentStore(database: Database, cipher: Cipher): DocumentStore {
  const as = <Result>(tenantId: TenantId, work: (tx: Transaction) => Promise<Result>) =>
    database.asTenant(tenantId, work);
  /** Even after an error: whether a commit whose answer was lost took place is not known. */
  const changingIndex = <Result>(
    tenantId: TenantId,
    work: (tx: Transaction) => Promise<Result>,
  ): Promise<Result> => as(tenantId, work).finally(() => database.noteIndexChange());
  return {
    list: (tenantId, page) => as(tenantId, (tx) => listDocuments(tx, cipher, tenantId, page)),
    find: (tenantId, id) => as(tenantId, (tx) => findDocument(tx, cipher, tenantId, id)),
    usage: (tenantId) => as(tenantId, readUsage),
    insert: (tenantId, document, quota, actor) =>
      as(tenantId, (tx) => insertDocument(tx, cipher, tenantId, document, quota, actor)),
    change: (tenantId, id, change, expected, actor) =>
      changingIndex(tenantId, (tx) => changeDocument(tx, tenantId, id, change, expected, actor)),
    beginVersion: (tenantId, id, begun, actor) =>
      as(tenantId, (tx) => beginVersion(tx, tenantId, id, begun, actor)),
    attachFile: (tenantId, versionId, file, next) =>
      as(tenantId, (tx) => attachFile(tx, tenantId, versionId, file, next)),
    dropVersion: (tenantId, versionId) =>
      as(tenantId, (tx) => dropVersion(tx, tenantId, versionId)),
    requeueCurrent: (tenantId, id, actor) =>
      as(tenantId, (tx) => requeueCurrent(tx, tenantId, id, actor)),
    claim: (owner) => database.asDispatcher((tx) => claim(tx, owner)),
    readWork: (claimed) => as(claimed.tenantId, (tx) => readWork(tx, cipher, claimed)),
    noteProgress: (tenantId, versionId, owner, progress) =>
      as(tenantId, (tx) => noteProgress(tx, tenantId, versionId, owner, progress)),
    storeRead: (claimed, owner, read, at) =>
      changingIndex(claimed.tenantId, (tx) => storeRead(tx, claimed, owner, read, at)),
    fail: (tenantId, versionId, problem) =>
      as(tenantId, (tx) => fail(tx, tenantId, versionId, problem)),
    forgetFile: (tenantId, versionId) => as(tenantId, (tx) => forgetFile(tx, versionId)),
    freeLeases: () => database.asDispatcher(freeLeases),
    postpone: (tenantId, versionId, afterMs) =>
      as(tenantId, (tx) => postpone(tx, tenantId, versionId, afterMs)),
    noteChecked: (tenantId, id, at) => as(tenantId, (tx) => noteChecked(tx, id, at)),
    beginRemoval: (tenantId, id, at, actor) =>
      changingIndex(tenantId, (tx) => beginRemoval(tx, tenantId, id, at, actor)),
    listRemovals: () => database.asDispatcher(listRemovals),
    listFiles: (tenantId, id) => as(tenantId, (tx) => listFiles(tx, id)),
    finishRemoval: (tenantId, id) => as(tenantId, (tx) => finishRemoval(tx, id)),
    findFile: (tenantId, id, version) => as(tenantId, (tx) => findFile(tx, id, version)),
    readPage: (tenantId, place) => as(tenantId, (tx) => readPage(tx, place)),
    ownerOfPublic: (id) => database.asDispatcher((tx) => ownerOfPublic(tx, id)),
    listOwners: () =>
      database.asDispatcher(async (tx) => {
        const rows = await tx.query<{ tenant_id: string }>(
          "select distinct tenant_id from document where deleting_at is null",
        );
        return rows.map((row) => asId<TenantId>(row.tenant_id));
      }),
  };
}
