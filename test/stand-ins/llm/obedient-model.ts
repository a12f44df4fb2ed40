import { chooseSentences, type ShownPassage } from "./choose-sentences.ts";

/** What is true in the sample acts, as a model would say it, and the words of a question that ask for it. */
const FACTS = [
  {
    stands: "circunscripción consular en los departamentos de Río Chico",
    asked: /calafate/i,
    es: "La Oficina Consular honoraria en El Calafate atiende Río Chico y Lago Argentino",
    en: "The honorary Consular Office in El Calafate covers Río Chico and Lago Argentino",
    pt: "O escritório consular honorário em El Calafate atende Río Chico e Lago Argentino",
  },
  {
    stands: "José Manuel Albares Bueno",
    asked: /firma|signs|signed|assin/i,
    es: "La firma el Ministro José Manuel Albares Bueno",
    en: "It is signed by Minister José Manuel Albares Bueno",
    pt: "Quem assina é o Ministro José Manuel Albares Bueno",
  },
  {
    stands: "nuevos precios de venta, antes de impuestos, de los gases licuados",
    asked: /gas/i,
    es: "La resolución publica los nuevos precios de venta de los gases licuados del petróleo, antes de impuestos",
    en: "The resolution publishes the prices of liquefied petroleum gas, before taxes",
    pt: "A resolução publica os novos preços de venda dos gases liquefeitos do petróleo, antes de impostos",
  },
  {
    stands: "surtirá efectos desde el 16 de abril de 2024",
    asked: /gas/i,
    es: "La resolución sobre gases licuados surtirá efectos desde el 16 de abril de 2024",
    en: "The resolution takes effect on 16 April 2024",
    pt: "A resolução sobre os gases liquefeitos tem efeitos desde 16 de abril de 2024",
  },
] as const;

/** What it sees in every photo. */
const SEEN = {
  text: "Orden AUC/319/2024. Oficina Consular honoraria en El Calafate",
  question: "¿Qué dice la Orden AUC/319/2024 sobre la Oficina Consular en El Calafate?",
};

/**
 * A model that does as its prompt says: it plans in JSON, sums up, checks, and writes only what the passages shown
 * say, each sentence with the number of its passage, in the language asked for, or NO_ANSWER. Of the sample acts it
 * knows a few facts in three languages; of anything else it repeats the sentences that have most of the question's
 * words. `body` is a request of any of the protocols.
 */
export function obeyPrompt(body: Readonly<Record<string, unknown>>): string {
  const prompt = textsIn(body).join("\n");
  const question = /<question>([\s\S]*?)<\/question>/.exec(prompt)?.[1] ?? "";
  if (prompt.includes("You plan a search")) return plan(prompt, question);
  if (prompt.includes("You keep notes")) return "Preguntó por El Calafate, p. 41275.";
  if (prompt.includes("You check answers")) return '{"unsupported": []}';
  if (prompt.includes("Citizens send photos")) return JSON.stringify(SEEN);
  const language = /Write in (English|Portuguese)/.exec(prompt)?.[1] ?? "Spanish";
  const passages = passagesIn(prompt);
  const known = writeKnown(question, passages, CODES[language] ?? "es");
  if (known.length > 0) return known.join(" ");
  // What it repeats is in the gazette's language, which is not that of every question.
  if (language !== "Spanish") return "NO_ANSWER";
  const chosen = chooseSentences(question, passages);
  return chosen.length === 0 ? "NO_ANSWER" : chosen.join(" ");
}

const CODES: Readonly<Record<string, "es" | "en" | "pt">> = { English: "en", Portuguese: "pt" };

function writeKnown(
  question: string,
  passages: readonly ShownPassage[],
  language: "es" | "en" | "pt",
): readonly string[] {
  return FACTS.filter(({ asked }) => asked.test(question)).flatMap((fact) => {
    const passage = passages.find(({ heading, text }) =>
      `${heading} ${text}`.includes(fact.stands),
    );
    return passage === undefined ? [] : [`${fact[language]} [${passage.number}].`];
  });
}

/** Understands a question by the citizen's first one, which it searches too. */
function plan(prompt: string, question: string): string {
  const first = /<turn speaker="citizen">([^<]*)<\/turn>/.exec(prompt)?.[1] ?? "";
  const isComparison = /^\s*(compar|difer|difference)/i.test(question);
  const sides = question.replace(/^\s*\p{L}+/u, "").split(/\s(?:con|y|and|with|com|e)\s/u);
  const searches = (isComparison ? [...sides.slice(0, 2), question] : [first, question])
    .map((search) => search.trim())
    .filter((search) => search !== "");
  const whole = isComparison ? question : `${question} ${first}`.trim();
  const intent = isComparison ? "comparison" : "follow-up";
  return JSON.stringify({ question: whole, searches, intent });
}

/** The passages that the prompt shows, each on one line. */
function passagesIn(prompt: string): readonly ShownPassage[] {
  const shown = prompt.matchAll(
    /<passage number="(\d+)"[^>]*>\n([^\n]*)\n([\s\S]*?)\n<\/passage>/g,
  );
  return [...shown].map(([, number = "", heading = "", text = ""]) => ({
    number: Number(number),
    heading,
    text: text.replace(/\s+/g, " ").trim(),
  }));
}

/** Every string of a request, in order; pictures are none. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return value.length > 50_000 ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
