import { expect, it } from "vitest";
import type { MessageRow } from "../detection/page-reader.ts";
import type { EngineBatch, EngineTarget } from "./engine.ts";
import { readListedChat } from "./read-chat.ts";

const target: EngineTarget = { chatKey: "ana", title: "Ana", kind: "private", lastReadIds: ["1"] };

function row(id: string): MessageRow {
  return {
    rawId: id,
    canonicalId: id,
    direction: "in",
    kind: "text",
    text: `texto ${id}`,
    isEdited: false,
    mentionsUs: false,
    isComplete: true,
    votes: {},
  };
}

/** A chat whose badge promises a message, and a page that draws these rows look by look, the last for ever. */
async function readWith(...looks: readonly (readonly string[])[]) {
  let look = 0;
  const draw = () => {
    const ids = looks[Math.min(look, looks.length - 1)] ?? [];
    look += 1;
    return ids.map(row);
  };
  const conversation = { title: "Ana", kind: "private", isSelf: false } as const;
  const taken: EngineBatch[] = [];
  const read = await readListedChat(
    {
      reader: {
        open: async () => {},
        openTitle: async () => "Ana",
        openRows: async () => ({ conversation, rows: draw() }),
        rowsAfter: async () => ({ rows: [], ended: "met" }),
        expand: async (cut) => cut,
      },
      inbox: {
        locate: async () => target,
        take: async (_target, batch) => {
          taken.push(batch);
        },
      },
    },
    {
      chat: { title: "Ana", kind: "private", unreadCount: 1, preview: "texto 2" },
      elsewhere: undefined,
      isThorough: false,
    },
    new AbortController().signal,
  );
  const [batch] = taken;
  return { read, ids: batch?.rows.map(({ canonicalId }) => canonicalId), batch };
}

it("waits for the message that raised the badge when the header of its chat is drawn first", async () => {
  const { read, ids, batch } = await readWith(["1"], ["1"], ["1", "2"]);
  expect(read).toBe("whole");
  expect(ids).toEqual(["1", "2"]);
  expect(batch?.isComplete).toBe(true);
});

it("does not take for read what the list shows and the chat does not", async () => {
  const { read, batch } = await readWith(["1"]);
  expect(read).toBe("short");
  expect(batch?.isComplete).toBe(false);
});
