import type { Language } from "../../core/language.ts";

/** What gazettes publish, as their readers tell it apart. */
const ACT_KINDS = [
  "law",
  "decree",
  "resolution",
  "order",
  "appointment",
  "call",
  "tender",
  "notice",
  "agreement",
  "regulation",
  "correction",
  "trademark",
] as const;
export type ActKind = (typeof ACT_KINDS)[number];

/** By the first words of a title, folded; the first that fits. An act whose title says nothing has no kind. */
const SIGNS: readonly (readonly [ActKind, RegExp])[] = [
  ["correction", /^(correccion|rectificacion|fe de erratas|retificacao|errata|apostilamento)/],
  ["appointment", /(nombramiento|nombra |cese|designa|nomeacao|nomear|exonerar|exoneracao|nomeia)/],
  ["tender", /(licitaci|licitac|contratacion|pregao|contrato|adjudicacion|subasta|remate|leilao)/],
  ["call", /(convoca|beca|subvencion|ayudas|oposicion|concurso|edital|chamada publica|bolsas)/],
  ["trademark", /(marca de|marca registrada|nombre comercial|patente|senal de propaganda)/],
  ["law", /^(ley|lei|real decreto.ley|lei complementar|constitucion)\b/],
  ["decree", /^(real decreto|decreto)/],
  ["order", /^(orden|ordem|portaria|instruccion|instrucao|circular)\b/],
  ["regulation", /^(reglamento|regulamento|norma|ordenanza|estatuto)/],
  ["agreement", /^(acuerdo|convenio|acordo|tratado|protocolo|canje de notas|extrato de convenio)/],
  ["resolution", /^(resolucion|resolucao|deliberacao|decisao|despacho|sentencia|auto)\b/],
  ["notice", /^(aviso|edicto|anuncio|comunicado|notificacion|notificacao|citacion|publicacion)/],
];

export function kindOf(title: string): ActKind | undefined {
  const folded = title
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/^[^a-z]+/, "");
  return SIGNS.find(([, sign]) => sign.test(folded))?.[0];
}

/** Kinds with the most acts first; `undefined` stands for all others. */
export function countKinds(
  acts: readonly { readonly title: string }[],
): readonly { readonly kind: ActKind | undefined; readonly actCount: number }[] {
  const counts = new Map<ActKind | undefined, number>();
  for (const { title } of acts) {
    const kind = kindOf(title);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const others = counts.get(undefined) ?? 0;
  counts.delete(undefined);
  const known = [...counts].map(([kind, actCount]) => ({ kind, actCount }));
  known.sort((one, other) => other.actCount - one.actCount);
  return others === 0 ? known : [...known, { kind: undefined, actCount: others }];
}

export const KIND_NAMES: Readonly<Record<Language, Readonly<Record<ActKind, string>>>> = {
  es: {
    law: "Leyes",
    decree: "Decretos",
    resolution: "Resoluciones",
    order: "Órdenes",
    appointment: "Nombramientos y ceses",
    call: "Convocatorias y ayudas",
    tender: "Contratación pública",
    notice: "Avisos y edictos",
    agreement: "Acuerdos y convenios",
    regulation: "Reglamentos",
    correction: "Correcciones",
    trademark: "Marcas y patentes",
  },
  pt: {
    law: "Leis",
    decree: "Decretos",
    resolution: "Resoluções",
    order: "Portarias e ordens",
    appointment: "Nomeações e exonerações",
    call: "Editais e bolsas",
    tender: "Contratações públicas",
    notice: "Avisos",
    agreement: "Acordos e convênios",
    regulation: "Regulamentos",
    correction: "Retificações",
    trademark: "Marcas e patentes",
  },
  en: {
    law: "Laws",
    decree: "Decrees",
    resolution: "Resolutions",
    order: "Orders",
    appointment: "Appointments",
    call: "Calls and grants",
    tender: "Public contracts",
    notice: "Notices",
    agreement: "Agreements",
    regulation: "Regulations",
    correction: "Corrections",
    trademark: "Trademarks and patents",
  },
};
