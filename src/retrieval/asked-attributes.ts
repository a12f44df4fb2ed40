import { fold } from "./words.ts";

const MONEY =
  /[$€₡£]|\d[.,]\d{2}\b(?![.,]\d)|\b(euros?|colones|reais|cordobas|bolivianos|pesos|dolares)\b/;

/**
 * Things that a passage about the right subject often lacks, by how people ask for them and how they show
 * in a folded text. A notice that names a company without its telephone does not answer what that is.
 * Goods are no such things: "marca de teléfonos" asks for no number.
 */
const ATTRIBUTES: readonly { readonly asks: RegExp; readonly shows: RegExp }[] = [
  {
    asks: /^(telefono|telefone|whatsapp)\b|\b(numero de|el|su|que|o|cual es el) (telefono|telefone|whatsapp)\b|\b(telefono|telefone) (o|de contacto|para|del?|d[ao])\b|\b(phone|telephone|contact) (number|of)\b/,
    shows: /\b(tel|cel|fax|fone|phone|telefonos?|telefones?|celular)\b\D{0,15}\d[\d\s().-]{5,}/,
  },
  {
    asks: /^(correo|e-?mail)\b|\b(el|su|que|o|cual es el) (correo|e-?mail)\b|\b(correo( electronico)?|e-?mail) (o|de contacto|para|del?|d[ao]|of)\b/,
    shows: /@/,
  },
  {
    asks: /\b(sueldos?|salarios?|salary|wages?|gana|ganan|cobra|cobran)\b/,
    shows: /\b(sueldos?|salari\w+|remunera\w+|retribu\w+|vencimentos?|honorarios?|haberes)\b/,
  },
  {
    asks: /\b(cuanto (cuesta|cuestan|vale|valen|costo|costaron)|quanto (custa|custam|custou|custaram|vale)|(que|qual o) (precio|preco) (tiene|tem|del?|d[ao])|how much (is|does|did|are)|what does it cost)\b/,
    shows: MONEY,
  },
  {
    asks: /\b(que|what) (horas?|time) .{0,12}\b(abren?|cierran?|atiende|atienden|fecham?|opens?|closes?)\b|\bhorario de (atencion|apertura|atendimento|funcionamento)\b|\bopening hours\b/,
    shows: /\bhorarios?\b|\b\d{1,2} ?(h|hs|hrs|am|pm|horas)\b|\b\d{1,2}[:h]\d{2}\b|\b[ap]\. ?m\./,
  },
  {
    asks: /\b(cuantos anos tiene|quantos anos tem|que edad tiene|qual a idade|how old is)\b/,
    shows: /\b(edad|idade|nacid[oa]|nascid[oa])\b/,
  },
];

/** Whether the question asks for something of the kind and the texts show none of what it asks for. */
export function lacksAskedAttribute(question: string, texts: readonly string[]): boolean {
  const folded = fold(question).replace(/^[^a-z0-9]+/, "");
  const asked = ATTRIBUTES.filter(({ asks }) => asks.test(folded));
  if (asked.length === 0) return false;
  const read = texts.map(fold);
  return asked.every(({ shows }) => !read.some((text) => shows.test(text)));
}
