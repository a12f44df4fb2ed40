import { describe, expect, it } from "vitest";
import type { AskedWhere, PublishedNews } from "../core/published-news.ts";
import type { AlertEdition, SubscriptionDesk } from "../core/subscriptions.ts";
import { citizen, passage } from "./__fixtures__/citizen.ts";

const found = passage(
  "Se aumenta en tres por ciento la pensión mínima del régimen no contributivo.",
  {
    id: 9,
    page: 4,
  },
).passage;
const edition: AlertEdition = {
  editionId: found.editionId,
  source: "la-gaceta",
  sourceName: "La Gaceta",
  number: "215",
  publishedOn: "2026-11-12",
  documentName: "g215.pdf",
};

function news(hasActs: boolean, absences: Awaited<ReturnType<PublishedNews["whyNothing"]>> = []) {
  const asked: (AskedWhere & { readonly subject: string })[] = [];
  const port: PublishedNews = {
    async findSubject(where, { subject }) {
      asked.push({ ...where, subject });
      const heading = "PODER EJECUTIVO · Decreto N° 45000";
      const act = { passage: { ...found, heading }, quote: "la pensión mínima", marks: [] };
      return {
        total: hasActs ? 9 : 0,
        acts: hasActs ? [act] : [],
        editions: new Map([[edition.editionId, edition]]),
      };
    },
    whyNothing: async () => absences,
  };
  return { port, asked };
}

describe("a question for what is new of a subject in a time", () => {
  it("is answered with the acts that have its words, each cited", async () => {
    const { port, asked } = news(true);
    const { say, queries } = citizen({ news: port });
    const { text, turns } = await say("¿Qué cambios hubo sobre pensiones este mes?");
    expect(text).toContain("Lo publicado este mes sobre «pensiones»:");
    expect(text).toContain("• Decreto N° 45000: «la pensión mínima» [1]");
    expect(text).toContain("… y 8 más.");
    expect(text).toContain("[1] La Gaceta n.º 215, 12 nov 2026, p. 15");
    expect(turns.at(-1)?.citations).toHaveLength(1);
    expect(asked).toMatchObject([{ period: "month", subject: "pensiones", sources: [] }]);
    expect(queries).toEqual([]);
  });

  it("is a question as any other when no act of that time has them", async () => {
    const { port } = news(false);
    const { say, queries } = citizen({ news: port });
    expect((await say("cambios sobre XARDIC este mes")).text).toContain("Cita textual");
    expect(queries).toHaveLength(1);
  });
});

describe("a question for all of a day", () => {
  const nothing = { publishedIn: async () => [] } as Partial<SubscriptionDesk> as SubscriptionDesk;

  it.each([
    ["¿Qué salió ayer?", "holiday", "La Gaceta: ayer no hubo edición, era feriado."],
    [
      "¿Qué salió hoy?",
      "not-yet",
      "La Gaceta: aún no llega la edición de hoy; suele llegar desde las 06:00, hora del lugar.",
    ],
    [
      "O que saiu ontem?",
      "no-publication-day",
      "La Gaceta: ontem não se publicou; não era dia de edição.",
    ],
    ["What came out today?", "late", "La Gaceta: today's edition is late"],
  ] as const)("%s tells why there is none (%s)", async (question, absence, said) => {
    const { port } = news(false, [{ sourceName: "La Gaceta", absence, expectedAt: "06:00" }]);
    const { say } = citizen({ news: port, subscriptions: nothing });
    expect((await say(question)).text).toContain(said);
  });

  it("tells only that there is none of a gazette without a calendar", async () => {
    const { port } = news(false);
    const { say } = citizen({ news: port, subscriptions: nothing });
    expect((await say("¿Qué salió ayer?")).text).toBe(
      "De ayer no tengo ninguna edición. Lo último está en /hoy.",
    );
  });
});
