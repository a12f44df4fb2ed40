import type { RetrievedPassage } from "../core/answer.ts";
import type { Passage } from "../core/gazette.ts";
import { skeleton, withoutHiddenText } from "./hidden-text.ts";

/**
 * Passages as they are read from here on: without hidden characters, without sentences that speak to a language
 * model instead of to citizens, without markup and encoded text. A gazette is printed matter: none of that belongs
 * there. A passage that has nothing of the kind is returned as it is.
 */
export function disarm(found: RetrievedPassage): RetrievedPassage {
  const passage = disarmPassage(found.passage);
  return passage === found.passage ? found : { ...found, passage };
}

/** Kept as long as the passage itself is in memory; the same few are found over and over. */
const DISARMED = new WeakMap<Passage, Passage>();

function disarmPassage(passage: Passage): Passage {
  const known = DISARMED.get(passage);
  if (known !== undefined) return known;
  const text = withoutInstructions(passage.text);
  const heading = withoutInstructions(passage.heading);
  const isClean = text === passage.text && heading === passage.heading;
  const disarmed = isClean ? passage : { ...passage, text, heading };
  DISARMED.set(passage, disarmed);
  return disarmed;
}

/**
 * An instruction goes with the sentence after it, which is often what it demands to be said. The rest of the text
 * stays in place, character for character.
 */
export function withoutInstructions(text: string): string {
  const visible = withoutHiddenText(text);
  if (!SUSPICIOUS.test(skeleton(visible))) return visible;
  const kept: string[] = [];
  let isAfter = false;
  let start = 0;
  for (const end of [...visible.matchAll(SENTENCE_END)].map(endOf).concat(visible.length)) {
    const sentence = visible.slice(start, end);
    const isInstruction = isInstructive(sentence);
    if (!isInstruction && !isAfter) kept.push(sentence);
    isAfter = isInstruction;
    start = end;
  }
  return kept.join("");
}

/** Whether a text speaks to a language model instead of to people: worth knowing of, and no reason not to answer. */
export function speaksToModel(text: string): boolean {
  return withoutInstructions(text) !== withoutHiddenText(text);
}

function endOf(match: RegExpMatchArray): number {
  return (match.index ?? 0) + match[0].length;
}

/** Whether a text speaks to a language model, or holds what only a program reads. */
function isInstructive(text: string): boolean {
  const read = skeleton(text).replace(/\s+/g, " ");
  return INSTRUCTIONS.some((pattern) => pattern.test(read)) || hasEncodedText(text);
}

const SENTENCE_END = /(?<=[.!?…]["»”')\]]?)\s+(?=\S)/gu;

/** A word or sign of each pattern below: whoever has none of them is not looked at closely. */
const SUSPICIOUS =
  /ignor|disregard|forget|olvid|esquec|descart|desconsider|overrid|instruc|prompt|system|assistant|asistente|assistente|pirat|you are now|eres ahora|ahora eres|agora voce|voce agora|language model|modelo de l|chatbot|chatgpt|\bllm\b|respond|answer|repl[yi]|contest|reveal|revel|repeat|repit|decod|base64|<|\]\(|javascript|data:|```|\[inst|jailbreak|tell the|dile|diga a|diga que|escrib|escrev|traduz|translat|say |di:|envie|visit|\bia\b|\bai\b|[a-z0-9+/]{40}/;

const RULES =
  "(?:instruc\\w*|rules?|reglas?|regras?|prompts?|directi\\w+|directrices|diretrizes|guidelines?|orders?|ordenes|ordens|indicaciones|orientacoes|anteriores?|previous|above|contexto?)";
const MODEL =
  "(?:assistant|asistente|assistente|language model|modelo de lenguaje|modelo de linguagem|chatbot|chat ?gpt|llm|a\\.?i\\.?|i\\.?a\\.?|bot|model|modelo)";

const INSTRUCTIONS: readonly RegExp[] = [
  new RegExp(
    `\\b(?:ignor\\w*|disregard\\w*|forget\\w*|olvid\\w*|esquec\\w*|descart\\w*|desconsider\\w*|overrid\\w*|omit[ae]|bypass\\w*|anul[ae]) (?:\\S+ ){0,6}?${RULES}`,
  ),
  /\b(?:system|assistant|developer|user)\s*(?:prompt|message|note|override)?\s*[:>\]|}]/,
  /\b(?:system|sistema) prompt\b|\bprompt d[eo]l? ?sistema\b|\bprompts?\b/,
  /\b(?:new|nuevas?|novas?|updated|following|siguientes|seguintes) (?:system )?(?:instructions?|instrucciones|instrucoes)\b/,
  /\b(?:instructions?|instrucciones|instrucoes|mensajes?|mensagem|message|nota?|note|orden|ordem|aviso) (?:d[eo]l? sistema|to the|for the|for|para|a|ao|al|del?|do)(?: \S+){0,2} (?:assistant|asistente|assistente|ai|ia|model|modelo|bot|chatbot|llm|sistema)\b/,
  new RegExp(
    `\\b(?:eres|ahora eres|you are|you're|voce e|tu es|act as|actua como|atue como|finge|pretend|behave as|comportate como|haz de|habla como|fale como|speak as|talk like)(?: \\S+){0,4} (?:pirat\\w*|${MODEL}|dan|hacker|root|admin\\w*|unrestricted|sin restricciones|sem restricoes|jailbr\\w+)\\b`,
  ),
  /\b(?:you are now|ahora eres|a partir de ahora (?:eres|respond\w+|contest\w+|di|habla)|a partir de agora (?:voce|respond\w+|diga)|from now on|de ahora en adelante (?:respond\w+|contest\w+|di\b))/,
  /\b(?:respond[ae]?|responded|responda|contest[ae]|answer|reply|escrib[ae]|escreva|write|say|di|diga|dile|digale|output)(?: \S+){0,6} (?:pirat\w*|in english|en ingles|em ingles|in spanish|in portuguese|en portugues|en frances|exactly|exactamente|exatamente|literalmente|verbatim|word for word|pwned|hacked)/,
  /\b(?:respond[ae]|contest[ae]|answer|reply|escrib[ae]|escreva|write|say|di|diga)(?: \S+){0,2} (?:only|always|just|siempre|solo|solamente|sempre|apenas|somente|unicamente)\b|\b(?:always|siempre|sempre|solo|apenas|only) (?:respond[ae]?|contest[ae]|answer|reply|escrib[ae]|escreva|write|say|diga)\b/,
  /\b(?:respond[ae]|contest[ae]|answer|reply|escrib[ae]|escreva|write|say|di|diga|dile|digale|tell|output|print|repeat|repit[ae])\b[^.:]{0,60}: ?["'«“]?\S/,
  /\b(?:tell|dile|digale|diles|diga|digales|ask|pid[ae](?:le)?|peca|pergunte|pregunt[ae](?:le)?|convence|inform)(?: \S+){0,2} (?:users?|citizens?|usuarios?|ciudadan[oa]s?|cidada[o|a]s?|reader|lector)\b/,
  /\b(?:reveal|revel[ae]\w*|muestra|muestre|mostrar|mostre|show|print|imprim\w+|repeat|repit[ae]|output|exib[ae]|leak|copi[ae]|transcrib[ae]|list[ae]?|enumera|tell me|dime|diga-?me|dump|send|envia|envie)(?: \S+){0,8} (?:instruc\w*|system|sistema|tenants?|inquilin\w+|private|privad\w+|confiden\w+|api|passwords?|contrasen\w+|senhas?|tokens?|secret\w*|claves?|otr[oa]s? (?:clientes?|usuarios?|conversaciones)|outr[oa]s? (?:clientes?|usuarios?|conversas))\b/,
  /\b(?:translate|traduce|traduzca|traduza|decod\w+|decrypt|descifr\w+|execute|ejecut[ae]|execut[ae]|obey|obedec\w+|follow|sig[ae])(?: \S+){0,6} (?:base64|rot13|hex\w*|instruc\w*|orders?|orden(?:es)?|ordens?|code|codigo|commands?|comandos?)\b/,
  /\b(?:do not|don't|never|no|nao|nunca) (?:cite|cites|citar|mention|mencion\w+|menciones|use|uses|usar) (?:\S+ ){0,3}(?:sources?|fuentes?|fontes?|passages?|pasajes?|trechos?|citas?|citations?|gaceta|gazette)\b/,
  /\bjailbreak|\bdeveloper mode|\bmodo (?:desarrollador|desenvolvedor|dios|dan)\b|\bim_start|\bim_end|\[\/?inst\]|<<\/?sys>>|###\s*\w+/,
  /<(?:!--|\/?(?:script|img|a|iframe|svg|style|system|passage|question|turn|data|user|assistant|instructions?|div|span|html|meta|link|form|input|object|embed|body)\b)|!\[|\]\(|javascript:|data:[a-z]+\/|```|\bon(?:error|load|click)\s*=|\{\{|&#x?\d/,
  new RegExp(
    `\\b(?:dear|estimad[oa]|hey|attention|atencion|atencao|querid[oa]|oye|ola) (?:\\S+ )?${MODEL}\\b`,
  ),
  /\b(?:visit|visite|visita|acesse|accede|ingrese|entre|click|haga clic|clique|pague|pay|envie|send|mande|deposite|call|llame)\b[^.]{0,60}(?:https?:|www\.|[a-z0-9-]+\.(?:example|com|net|xyz|ru|top|click))\S*[^.]{0,80}\b(?:password|contrasena|senha|tarjeta|cartao|card|pin|clave|now|ahora|agora|premio|prize)\b/,
];

/** Base64 that decodes to words: nothing that is printed in a gazette. */
function hasEncodedText(text: string): boolean {
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{24,}={0,2}/g)) {
    const decoded = Buffer.from(run, "base64").toString("latin1");
    const printable = decoded.replace(/[^\x20-\x7e\xa0-\xff]/g, "");
    if (printable.length === decoded.length && /[a-z]{3,} [a-z]{2,}/i.test(decoded)) return true;
  }
  return false;
}
