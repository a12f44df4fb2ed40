import type { Language } from "../../core/language.ts";

/** What the pages of gazettes and editions say. `one|many` is chosen by `countOf`, `{n}` filled in by `say`. */
export interface EditionTexts {
  readonly gazettes: string;
  readonly gazettesAbout: string;
  readonly acts: string;
  readonly bodies: string;
  readonly sections: string;
  readonly pages: string;
  readonly documents: string;
  readonly days: string;
  readonly atAGlance: string;
  readonly bySection: string;
  readonly byKind: string;
  readonly byBody: string;
  readonly otherActs: string;
  readonly otherKinds: string;
  readonly wholeSection: string;
  readonly allSections: string;
  readonly index: string;
  readonly filesOfDay: string;
  readonly search: string;
  readonly searchLabel: string;
  readonly searchHint: string;
  readonly found: string;
  readonly foundNothing: string;
  readonly foundPartly: string;
  readonly clearSearch: string;
  readonly moreResults: string;
  readonly fewerResults: string;
  readonly tooLong: string;
  readonly earlier: string;
  readonly later: string;
  readonly allEditions: string;
  readonly latestEditions: string;
  readonly byMonth: string;
  readonly readFirst: string;
  readonly follow: string;
  readonly feed: string;
  readonly askInChat: string;
  readonly askInTelegram: string;
  readonly askInWhatsApp: string;
  readonly share: string;
  readonly copyLink: string;
  readonly copied: string;
  readonly missingTitle: string;
  readonly missingDay: string;
  readonly missingSource: string;
  readonly nearest: string;
  readonly description: string;
  readonly sourceDescription: string;
}

const es: EditionTexts = {
  gazettes: "Gacetas",
  gazettesAbout: "Las ediciones oficiales, por fecha, con su índice y un buscador.",
  acts: "{n} acto|{n} actos",
  bodies: "{n} organismo|{n} organismos",
  sections: "{n} sección|{n} secciones",
  pages: "{n} página|{n} páginas",
  documents: "{n} documento|{n} documentos",
  days: "{n} edición|{n} ediciones",
  atAGlance: "De un vistazo",
  bySection: "Secciones",
  byKind: "Qué clase de actos",
  byBody: "Quién publica más",
  otherActs: "Otros actos",
  otherKinds: "Otros",
  wholeSection: "Ver los {n} actos de esta sección",
  allSections: "Ver todas las secciones",
  index: "Índice de la edición",
  filesOfDay: "Documentos de esta fecha",
  search: "Buscar",
  searchLabel: "Buscar en esta edición",
  searchHint: "Encuentra también otras formas de la palabra: «licencia», «licencias».",
  found: "{n} acto con «{q}»|{n} actos con «{q}»",
  foundNothing: "Nada en esta edición contiene «{q}».",
  foundPartly: "Ningún acto tiene todas las palabras; estos son los que más tienen.",
  clearSearch: "Volver al índice",
  moreResults: "Más resultados",
  fewerResults: "Resultados anteriores",
  tooLong: "La búsqueda es demasiado larga: escriba menos de {n} letras.",
  earlier: "Edición anterior",
  later: "Edición siguiente",
  allEditions: "Todas las ediciones",
  latestEditions: "Últimas ediciones",
  byMonth: "Por mes",
  readFirst: "Leer desde la primera página",
  follow: "Seguir esta gaceta",
  feed: "Canal RSS (Atom)",
  askInChat: "Preguntar en el chat",
  askInTelegram: "Preguntar en Telegram",
  askInWhatsApp: "Preguntar en WhatsApp",
  share: "Compartir",
  copyLink: "Copiar enlace",
  copied: "Enlace copiado",
  missingTitle: "No hay edición de esa fecha",
  missingDay: "{source} no tiene aquí ninguna edición del {date}.",
  missingSource: "No hay ninguna gaceta en esta dirección.",
  nearest: "Las ediciones más cercanas",
  description:
    "{source}, edición del {date}: {facts}. Índice de actos, buscador y páginas originales.",
  sourceDescription: "Ediciones de {source} por fecha, con índice, buscador y páginas originales.",
};

const pt: EditionTexts = {
  gazettes: "Diários",
  gazettesAbout: "As edições oficiais, por data, com índice e busca.",
  acts: "{n} ato|{n} atos",
  bodies: "{n} órgão|{n} órgãos",
  sections: "{n} seção|{n} seções",
  pages: "{n} página|{n} páginas",
  documents: "{n} documento|{n} documentos",
  days: "{n} edição|{n} edições",
  atAGlance: "Num relance",
  bySection: "Seções",
  byKind: "Que tipo de atos",
  byBody: "Quem mais publica",
  otherActs: "Outros atos",
  otherKinds: "Outros",
  wholeSection: "Ver os {n} atos desta seção",
  allSections: "Ver todas as seções",
  index: "Índice da edição",
  filesOfDay: "Documentos desta data",
  search: "Buscar",
  searchLabel: "Buscar nesta edição",
  searchHint: "Encontra também outras formas da palavra: «licença», «licenças».",
  found: "{n} ato com «{q}»|{n} atos com «{q}»",
  foundNothing: "Nada nesta edição contém «{q}».",
  foundPartly: "Nenhum ato tem todas as palavras; estes são os que mais têm.",
  clearSearch: "Voltar ao índice",
  moreResults: "Mais resultados",
  fewerResults: "Resultados anteriores",
  tooLong: "A busca é longa demais: escreva menos de {n} letras.",
  earlier: "Edição anterior",
  later: "Edição seguinte",
  allEditions: "Todas as edições",
  latestEditions: "Últimas edições",
  byMonth: "Por mês",
  readFirst: "Ler desde a primeira página",
  follow: "Acompanhar este diário",
  feed: "Canal RSS (Atom)",
  askInChat: "Perguntar no chat",
  askInTelegram: "Perguntar no Telegram",
  askInWhatsApp: "Perguntar no WhatsApp",
  share: "Compartilhar",
  copyLink: "Copiar link",
  copied: "Link copiado",
  missingTitle: "Não há edição dessa data",
  missingDay: "{source} não tem aqui nenhuma edição de {date}.",
  missingSource: "Não há nenhum diário neste endereço.",
  nearest: "As edições mais próximas",
  description: "{source}, edição de {date}: {facts}. Índice de atos, busca e páginas originais.",
  sourceDescription: "Edições de {source} por data, com índice, busca e páginas originais.",
};

const en: EditionTexts = {
  gazettes: "Gazettes",
  gazettesAbout: "The official editions by date, each with its index and a search.",
  acts: "{n} act|{n} acts",
  bodies: "{n} issuing body|{n} issuing bodies",
  sections: "{n} section|{n} sections",
  pages: "{n} page|{n} pages",
  documents: "{n} document|{n} documents",
  days: "{n} edition|{n} editions",
  atAGlance: "At a glance",
  bySection: "Sections",
  byKind: "What kind of acts",
  byBody: "Who publishes most",
  otherActs: "Other acts",
  otherKinds: "Others",
  wholeSection: "See all {n} acts of this section",
  allSections: "See all sections",
  index: "Index of the edition",
  filesOfDay: "Documents of this date",
  search: "Search",
  searchLabel: "Search this edition",
  searchHint: "Finds other forms of the word too: “licencia”, “licencias”.",
  found: "{n} act with “{q}”|{n} acts with “{q}”",
  foundNothing: "Nothing in this edition contains “{q}”.",
  foundPartly: "No act has all the words; these have most of them.",
  clearSearch: "Back to the index",
  moreResults: "More results",
  fewerResults: "Earlier results",
  tooLong: "The search is too long: write fewer than {n} letters.",
  earlier: "Previous edition",
  later: "Next edition",
  allEditions: "All editions",
  latestEditions: "Latest editions",
  byMonth: "By month",
  readFirst: "Read from the first page",
  follow: "Follow this gazette",
  feed: "RSS feed (Atom)",
  askInChat: "Ask in the chat",
  askInTelegram: "Ask in Telegram",
  askInWhatsApp: "Ask in WhatsApp",
  share: "Share",
  copyLink: "Copy link",
  copied: "Link copied",
  missingTitle: "There is no edition of that date",
  missingDay: "{source} has no edition of {date} here.",
  missingSource: "There is no gazette at this address.",
  nearest: "The nearest editions",
  description: "{source}, edition of {date}: {facts}. Index of acts, search and original pages.",
  sourceDescription: "Editions of {source} by date, with index, search and original pages.",
};

export const EDITION_TEXTS: Readonly<Record<Language, EditionTexts>> = { es, pt, en };

/** `1 acto`, `12.040 actos`. */
export function countOf(text: string, n: number, language: Language): string {
  const [one = "", many = one] = text.split("|");
  return (n === 1 ? one : many).replaceAll("{n}", new Intl.NumberFormat(language).format(n));
}

/** `abril de 2024`, of `yyyy-mm`. */
export function monthName(month: string, language: Language): string {
  return new Intl.DateTimeFormat(language, {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  }).format(new Date(`${month}-01T00:00:00Z`));
}

/** `lunes, 15 de abril`. */
export function weekday(date: string, language: Language): string {
  return new Intl.DateTimeFormat(language, {
    weekday: "long",
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  }).format(new Date(`${date}T00:00:00Z`));
}
