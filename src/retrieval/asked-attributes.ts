import { fold } from "./words.ts";

/**
 * Things that a passage about the right subject often lacks, by how people ask for them and how they show
 * in a folded text. A notice that names a company without its telephone does not answer what that is.
 */
const ATTRIBUTES: readonly { readonly asks: RegExp; readonly shows: RegExp }[] = [
  {
    asks: /\b(telefonos?|celular|whatsapp|telefone|phone|telephone)\b/,
    shows: /\b(tel|telefonos?|telefone|celular|fone|fax|phone)\b/,
  },
  { asks: /\b(correo|e-?mail)\b/, shows: /@|\bcorreo electronico\b/ },
  {
    asks: /\b(sueldos?|salarios?|salary|wages?|gana|ganan|cobra|cobran)\b/,
    shows: /\b(sueldos?|salari\w+|remunera\w+|retribu\w+|vencimentos?|honorarios?|haberes)\b/,
  },
  {
    asks: /\b(cuanto (cuesta|cuestan|vale|valen|costo|costaron)|quanto (custa|custam|custou|vale)|how much (is|does|did|are)|what does it cost)\b/,
    shows: /[$€₡£]|\d+[.,]\d|\b(euros?|colones|reais|cordobas|bolivianos|pesos)\b/,
  },
];

/** Whether the question asks for something of the kind and the texts show none of what it asks for. */
export function lacksAskedAttribute(question: string, texts: readonly string[]): boolean {
  const folded = fold(question);
  const asked = ATTRIBUTES.filter(({ asks }) => asks.test(folded));
  if (asked.length === 0) return false;
  const read = texts.map(fold);
  return asked.every(({ shows }) => !read.some((text) => shows.test(text)));
}
