import type { z } from "zod";
import type { ContactImport } from "../../core/contact-import.ts";
import type { ContactDetail, ContactView, MergeView } from "../../core/contacts.ts";
import type { SegmentView } from "../../core/segments.ts";
import type { PairingCodeView } from "../../core/strangers.ts";
import type {
  CodeShape,
  ContactDetailShape,
  ContactShape,
  ImportShape,
  MergeShape,
  SegmentShape,
} from "./contract.ts";

const timeOf = (date: Date | undefined) => date?.toISOString() ?? null;

export function toContactShape(view: ContactView): z.infer<typeof ContactShape> {
  return {
    id: view.contactId,
    name: view.name ?? null,
    tags: [...view.tags],
    consent: view.consent,
    isBlocked: view.isBlocked,
    isAllowed: view.isAllowed,
    source: view.source,
    createdAt: view.createdAt.toISOString(),
    lastSeenAt: timeOf(view.lastSeenAt),
  };
}

export function toDetailShape(detail: ContactDetail): z.infer<typeof ContactDetailShape> {
  return {
    ...toContactShape(detail),
    networkName: detail.networkName ?? null,
    language: detail.profile.language ?? null,
    fields: detail.profile.fields,
    blockReason: detail.blockReason ?? null,
    aliases: detail.aliases.map((alias) => ({
      ...alias,
      value: alias.value ?? null,
      since: alias.since.toISOString(),
    })),
    consents: detail.consents.map((entry) => ({
      ...entry,
      channel: entry.channel ?? null,
      evidence: entry.evidence ?? null,
      givenAt: entry.givenAt.toISOString(),
    })),
    chats: detail.chats.map((chat) => ({ ...chat, lastSeenAt: timeOf(chat.lastSeenAt) })),
    parts: [...detail.parts],
    probablySame: [...detail.probablySame],
    noteCount: detail.noteCount,
  };
}

export function toMergeShape(view: MergeView): z.infer<typeof MergeShape> {
  return {
    id: view.mergeId,
    from: view.from,
    into: view.into,
    mergedAt: view.mergedAt.toISOString(),
    mergedBy: view.mergedBy,
    undoneAt: timeOf(view.undoneAt),
  };
}

export function toSegmentShape(view: SegmentView): z.infer<typeof SegmentShape> {
  return {
    id: view.segmentId,
    name: view.name,
    kind: view.kind,
    filter: view.filter ?? null,
    updatedAt: view.updatedAt.toISOString(),
  };
}

export function toCodeShape(view: PairingCodeView): z.infer<typeof CodeShape> {
  return {
    id: view.codeId,
    madeBy: view.madeBy,
    madeAt: view.madeAt.toISOString(),
    expiresAt: view.expiresAt.toISOString(),
    redeemedAt: timeOf(view.redeemedAt),
    redeemedBy: view.redeemedBy ?? null,
  };
}

export function toImportShape(one: ContactImport): z.infer<typeof ImportShape> {
  const { importId, startedAt, finishedAt, ...told } = one;
  return {
    id: importId,
    ...told,
    startedAt: startedAt.toISOString(),
    finishedAt: timeOf(finishedAt),
  };
}
