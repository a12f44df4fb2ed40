import { expect, it } from "vitest";
import type { MessageRow, RowsAfter } from "../detection/page-reader.ts";
import type { WhatsAppWebPart } from "../render.ts";
import { type FindPorts, findPart } from "./send-part.ts";

const SENT_MS = Date.parse("2026-11-22T10:00:00Z");
const part: WhatsAppWebPart = {
  kind: "document",
  fileName: "acta.pdf",
  mimeType: "application/pdf",
  contentBase64: "",
  caption: "",
};

/** `count` rows of others, a minute apart, the last one a minute before `untilMs`. */
function said(count: number, untilMs: number): readonly MessageRow[] {
  return Array.from({ length: count }, (_, index) =>
    row(`in-${untilMs}-${index}`, "in", untilMs - (count - index) * 60_000),
  );
}

function row(id: string, direction: "in" | "out", sentAtMs: number): MessageRow {
  return {
    rawId: id,
    canonicalId: id,
    direction,
    kind: direction === "in" ? "text" : "document",
    ...(direction === "out" && { media: { fileName: "acta.pdf" }, tick: "sent" as const }),
    sentAt: new Date(sentAtMs).toISOString(),
    isEdited: false,
    mentionsUs: false,
    isComplete: true,
    votes: {},
  };
}

/** A chat of these rows, of which as many are drawn as are asked for. */
async function findIn(chat: readonly MessageRow[]) {
  const ports: FindPorts = {
    page: { isClosed: () => true },
    reader: {
      rowsAfter: async (_ids, limit): Promise<RowsAfter> => ({
        rows: chat.slice(-limit),
        ended: chat.length > limit ? "limit" : "beginning",
      }),
      composer: () => {
        throw new Error("a document does not lie in the box");
      },
    },
  };
  return await findPart(ports, part, {
    lastReadIds: [],
    since: new Date(SENT_MS),
    isTaken: () => false,
    signal: new AbortController().signal,
  });
}

const MINUTE = 60_000;

it("what was sent is found behind a hundred messages that came since", async () => {
  const chat = [row("ours", "out", SENT_MS), ...said(100, SENT_MS + 101 * MINUTE)];
  expect(await findIn(chat)).toEqual({ kind: "sent", canonicalId: "ours" });
});

it("what is not there is known once the chat was read back to before it was sent", async () => {
  const chat = [...said(200, SENT_MS), ...said(100, SENT_MS + 101 * MINUTE)];
  expect(await findIn(chat)).toEqual({ kind: "not-sent", reason: "not-there" });
});

it("a message that came late proves nothing of what stands above", async () => {
  const late = row("late", "in", SENT_MS - MINUTE);
  const chat = [row("ours", "out", SENT_MS), ...said(90, SENT_MS + 91 * MINUTE), late];
  expect(await findIn(chat)).toEqual({ kind: "sent", canonicalId: "ours" });
});

it("what may stand further up than is looked is never called unsent", async () => {
  const chat = [row("ours", "out", SENT_MS), ...said(600, SENT_MS + 601 * MINUTE)];
  expect(await findIn(chat)).toEqual({ kind: "unknown", reason: "out-of-sight" });
});
