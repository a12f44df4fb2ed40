/** What is true in the sample acts, as a model would say it, and the words of a question that ask for it. */
const FACTS = [
  {
    stands: "circunscripción consular en los departamentos de Río Chico",
    asked: /calafate/i,
    es: "La Oficina Consular honoraria en El Calafate atiende Río Chico y Lago Argentino",
    en: "The honorary Consular Office in El Calafate covers Río Chico and Lago Argentino",
  },
  {
    stands: "José Manuel Albares Bueno",
    asked: /firma|signs/i,
    es: "La firma el Ministro José Manuel Albares Bueno",
    en: "It is signed by Minister José Manuel Albares Bueno",
  },
  {
    stands: "surtirá efectos desde el 16 de abril de 2024",
    asked: /gases/i,
    es: "La resolución sobre gases licuados surtirá efectos desde el 16 de abril de 2024",
    en: "The resolution takes effect on 16 April 2024",
  },
] as const;

interface Prompt {
  readonly system: string;
  readonly user: string;
}

/** Of a chat request's body. */
function readPrompt(body: Readonly<Record<string, unknown>>): Prompt {
  const messages = body.messages as readonly { readonly role: string; readonly content: string }[];
  const of = (role: string) => messages.find((message) => message.role === role)?.content ?? "";
  return { system: of("system"), user: of("user") };
}

/**
 * A model that does as its prompt says: it plans in JSON, sums up, and writes only what the passages shown say,
 * each sentence with the number of its passage, in the language asked for, or NO_ANSWER.
 */
export function obeyPrompt(body: Readonly<Record<string, unknown>>): string {
  const { system, user } = readPrompt(body);
  const question = /<question>([\s\S]*)<\/question>/.exec(user)?.[1] ?? "";
  if (system.startsWith("You plan")) return plan(user, question);
  if (system.startsWith("You keep notes")) return "Preguntó por El Calafate, p. 41275.";
  const passages = [...user.matchAll(/<passage number="(\d+)"[^>]*>([\s\S]*?)<\/passage>/g)];
  const language = system.includes("Write in English") ? "en" : "es";
  const sentences = FACTS.filter(({ asked }) => asked.test(question)).flatMap((fact) => {
    const passage = passages.find(([, , text]) => text?.replace(/\s+/g, " ").includes(fact.stands));
    return passage === undefined ? [] : [`${fact[language]} [${passage[1]}].`];
  });
  return sentences.length === 0 ? "NO_ANSWER" : sentences.join(" ");
}

/** Understands a question by the citizen's first one, which it searches too. */
function plan(user: string, question: string): string {
  const first = /<turn speaker="citizen">([^<]*)<\/turn>/.exec(user)?.[1] ?? "";
  const searches = [first, question].filter((search) => search !== "").slice(0, 2);
  const intent = /^compara/i.test(question) ? "comparison" : "follow-up";
  return JSON.stringify({ question: `${question} ${first}`.trim(), searches, intent });
}
