import { describe, expect, it } from "vitest";
import { asId } from "../core/ids.ts";
import type { IncomingContent } from "../core/message.ts";
import type { TenantState } from "../core/tenants.ts";
import type { Conversation, ConversationMemory, TurnInput } from "../core/turn.ts";
import { answerWhileClosed } from "./closed-tenant.ts";

const FRESH: ConversationMemory = {
  language: undefined,
  languageIsChosen: false,
  disclaimerGiven: false,
  answeredMessageIds: [],
};

/** Answers everything, and says that it did. */
const inner: Conversation = {
  takeTurn: async (input) => ({ replies: [], turns: [], memory: input.memory, effects: [] }),
};

function talk(state: TenantState, at = "2026-11-21T12:00:00Z") {
  let now = new Date(at);
  const asked: IncomingContent[] = [];
  const conversation = answerWhileClosed({
    tenants: {
      standing: async () => ({ state, language: "pt", timeZone: "America/Costa_Rica" }),
    },
    clock: { now: () => now },
  })({
    takeTurn(input, signal) {
      asked.push(input.message.content);
      return inner.takeTurn(input, signal);
    },
  });
  let memory = FRESH;
  return {
    asked,
    later: (hours: number) => {
      now = new Date(now.getTime() + hours * 3_600_000);
    },
    async say(content: IncomingContent, known: Partial<ConversationMemory> = {}) {
      const outcome = await conversation.takeTurn(
        inputOf(content, { ...memory, ...known }),
        AbortSignal.timeout(5_000),
      );
      memory = outcome.memory;
      return outcome;
    },
  };
}

function inputOf(content: IncomingContent, memory: ConversationMemory): TurnInput {
  const tenantId = asId<TurnInput["tenantId"]>("00000000-0000-4000-8000-000000000001");
  return {
    tenantId,
    bot: {
      botId: asId("00000000-0000-4000-8000-000000000002"),
      tenantId,
      botKey: "k",
      channel: "telegram",
      name: "Bot",
      secrets: {},
      settings: {},
    } as TurnInput["bot"],
    conversationId: asId("00000000-0000-4000-8000-000000000003"),
    contactId: undefined,
    messageId: asId("00000000-0000-4000-8000-000000000004"),
    message: {
      updateKey: "1",
      chat: { key: "1", kind: "private" },
      sender: { key: "1" },
      sentAt: "2026-11-21T12:00:00Z",
      isAddressed: true,
      content,
    },
    memory,
    history: [],
    messagesLastMinute: 1,
    note() {},
  };
}

const text = (words: string): IncomingContent => ({ kind: "text", text: words });

describe("a conversation of a tenant that is closed", () => {
  it("is told so once a day, in the person's language, and what they write is kept", async () => {
    const { say, later, asked } = talk("suspended");
    const first = await say(text("¿cuándo cierra la consulta?"), { language: "es" });
    expect(JSON.stringify(first.replies)).toContain("en pausa");
    expect(first.turns.map(({ speaker, text: said }) => [speaker, said.slice(0, 8)])).toEqual([
      ["citizen", "¿cuándo "],
      ["assistant", "Este ser"],
    ]);
    const second = await say(text("¿hola?"));
    expect(second.replies).toEqual([]);
    expect(second.turns).toMatchObject([{ speaker: "citizen", text: "¿hola?" }]);
    later(24);
    expect((await say(text("¿y hoy?"))).replies.length).toBe(1);
    expect(asked).toEqual([]);
  });

  it("speaks the tenant's first language to whom nobody knows", async () => {
    const { replies } = await talk("deleting").say(text("hm"));
    expect(JSON.stringify(replies)).toContain("em pausa");
  });

  it("counts days as the tenant does: before and after midnight in Costa Rica", async () => {
    const { say, later } = talk("suspended", "2026-11-22T05:30:00Z");
    expect((await say(text("a"))).replies.length).toBe(1);
    later(1);
    expect((await say(text("b"))).replies.length).toBe(1);
  });

  it("leaves people their rights, and groups their peace", async () => {
    const { say, asked } = talk("suspended");
    for (const words of ["/borrar", "/exportar", "BAJA"]) await say(text(words));
    expect(asked.length).toBe(3);
    const conversation = answerWhileClosed({
      tenants: {
        standing: async () => ({ state: "suspended", language: "es", timeZone: "UTC" }),
      },
      clock: { now: () => new Date() },
    })(inner);
    const input = inputOf(text("hola"), FRESH);
    const group = { ...input.message, chat: { key: "1", kind: "group" } } as const;
    const outcome = await conversation.takeTurn(
      { ...input, message: group },
      AbortSignal.timeout(5_000),
    );
    expect([outcome.replies, outcome.turns]).toEqual([[], []]);
  });
});
