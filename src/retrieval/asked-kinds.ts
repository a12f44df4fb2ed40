import { fold } from "./words.ts";

/** What an answer must hold, whatever its words: a date, a term, an amount or count, a name. */
export type AskedKind = "date" | "term" | "figure" | "name";

const ASKS: readonly (readonly [AskedKind, RegExp])[] = [
  [
    "date",
    /\b(cuando|fechas?|que dia|dia|vence|quando|datas?|a partir|when|dates?|day|antes|primero|primeiro|first)\b/,
  ],
  ["term", /\b(plazos?|prazos?|hasta cuando|ate quando|deadline|how long|cuanto (dura|tiempo))\b/],
  [
    "figure",
    /\b(cuant[oa]s?|quant[oa]s?|precio|preco|valor|costo|custo|cuesta|monto|importe|numero|expediente|processo|horas|medidas?|porcentaje|how (much|many)|price|cost|value|number|amount|clases?)\b/,
  ],
  [
    "name",
    /\b(quien|quienes|quem|who|whom|empresa|sociedad|compania|duen[oa]|titular|solicitante|como se llama|nombre|nome|firma|laboratorio|banco|ministerio|company)\b/,
  ],
];

const MONTHS =
  "enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre|janeiro|fevereiro|marco|maio|junho|julho|setembro|outubro|novembro|dezembro";
const HOLDS: Readonly<Record<AskedKind, RegExp>> = {
  date: new RegExp(
    // Not the date of a law ("Ley 29/1998, de 13 de julio") nor that of a signature ("San José, 23 de setiembre").
    `(?<!, )(?<!, de )\\b\\d{1,2}[ºo]?\\)? (dias del mes )?de (${MONTHS})|\\b\\d{1,2}/\\d{1,2}/\\d{2,4}|\\b(lunes|martes|miercoles|jueves|viernes) de cada`,
  ),
  term: /\b(una?|dos|tres|seis|diez|quince|veinte|treinta|dois|duas|dez|trinta|\d+) (\([^)]*\) )?(dias|mes|meses|anos|horas)\b/,
  figure:
    /\d+[.,]\d|r\$ ?\d|[€₡$] ?\d|\d ?[€%]|\b\d+\b|\b(una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez) (plazas?|horas|meses)\b/,
  name: /\bs\. ?[ar]\.|\bltda|\bs\.?r\.?l|\binc\b|\bllc\b|\b(ayuntamiento|ministerio|universidad|sociedad|asociacion|banco|empresa|secretaria|don|dona)\b/,
};

/** The kinds that the question asks for; empty when its words tell none. */
export function askedKinds(question: string): readonly AskedKind[] {
  const folded = fold(question);
  return ASKS.filter(([, asks]) => asks.test(folded)).map(([kind]) => kind);
}

/** Whether a folded text holds something of the kind. */
export function holdsKind(folded: string, kind: AskedKind): boolean {
  return HOLDS[kind].test(folded);
}
