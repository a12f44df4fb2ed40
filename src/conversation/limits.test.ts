import { describe, expect, it } from "vitest";
import type { Admission, AskedNow } from "../core/plans.ts";
import { citizen } from "./__fixtures__/citizen.ts";

/** Lets the first questions of a day through, as a tenant's plan does. */
function limitedTo(limit: number, refusal: Partial<Extract<Admission, { kind: "refused" }>> = {}) {
  const asked: AskedNow[] = [];
  const today = { day: "2026-11-21" };
  const questionLimits = {
    async admit(one: AskedNow): Promise<Admission> {
      asked.push(one);
      if (asked.length <= limit) return { kind: "admitted" };
      const endsAt = new Date("2026-11-22T06:00:00Z");
      return { kind: "refused", by: "contact-day", limit, ...today, endsAt, ...refusal };
    },
  };
  return { asked, today, questionLimits };
}

describe("questions beyond the plan", () => {
  it("are told so once a day, in the person's language, and kept", async () => {
    const { today, questionLimits } = limitedTo(1);
    const { say, queries, memory } = citizen({ questionLimits });
    expect((await say("¿quién pide XARDIC?")).text).toContain("XARDIC");
    const second = await say("¿y en qué clase lo pide?");
    expect(second.text).toContain("Por hoy ya respondí su pregunta");
    expect(second.turns.map(({ speaker }) => speaker)).toEqual(["citizen", "assistant"]);
    const third = await say("¿y desde cuándo lo pide?");
    expect(third.replies).toEqual([]);
    expect(third.turns).toMatchObject([{ speaker: "citizen", text: "¿y desde cuándo lo pide?" }]);
    expect(queries).toHaveLength(1);
    expect(memory().limitNoticeOn).toBe("2026-11-21");
    today.day = "2026-11-22";
    expect((await say("¿y ahora quién lo pide?")).text).toContain("Por hoy ya respondí");
  });

  it("cost nothing: what was spoken is not even heard", async () => {
    const { asked, questionLimits } = limitedTo(0, { by: "day" });
    const { send, notes } = citizen({
      questionLimits,
      media: {
        transcriber: {
          id: "openai:whisper-1",
          maxBytes: 1_000,
          transcribe: () => Promise.reject(new Error("nobody listens")),
        },
      },
    });
    const { text } = await send({ kind: "media", media: "voice", fileKey: "f", seconds: 3 });
    expect(text).toContain("todas las preguntas que puede atender en un día");
    expect(asked).toHaveLength(1);
    expect(notes.at(-1)?.detail).toMatchObject({ limited: "questions-day" });
  });

  it("leave commands, greetings and thanks as they are, and count none of them", async () => {
    const { asked, questionLimits } = limitedTo(0);
    const { say } = citizen({ questionLimits });
    for (const words of ["/ayuda", "hola", "gracias", "/fuentes", "BAJA"]) {
      expect((await say(words)).text).not.toContain("Por hoy");
    }
    expect(asked).toEqual([]);
  });
});
