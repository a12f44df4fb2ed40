import type { Language } from "../core/language.ts";

/** What the server-rendered pages say. `{n}` and the like are filled in by `say`. */
export interface SiteTexts {
  readonly tagline: string;
  readonly intro: string;
  readonly openChat: string;
  readonly chatAbout: string;
  readonly editions: string;
  readonly editionOf: string;
  readonly noEditions: string;
  readonly latest: string;
  readonly connectTelegram: string;
  readonly connectTelegramHow: string;
  readonly forDevelopers: string;
  readonly apiDocs: string;
  readonly administration: string;
  readonly page: string;
  readonly printedPage: string;
  readonly pages: string;
  readonly acts: string;
  readonly documents: string;
  readonly previousPage: string;
  readonly nextPage: string;
  readonly wholeEdition: string;
  readonly originalPdf: string;
  readonly citedHere: string;
  readonly citedElsewhere: string;
  readonly textOfPage: string;
  readonly noText: string;
  readonly textFromOcr: string;
  readonly imageOfPage: string;
  readonly skip: string;
  readonly home: string;
  readonly officialNotice: string;
}

const es: SiteTexts = {
  tagline: "La gaceta oficial, en respuestas claras y con la página citada.",
  intro:
    "Pregunte con sus palabras. Pregonero busca en las ediciones oficiales, responde en lenguaje sencillo y enlaza la página, con las líneas resaltadas.",
  openChat: "Preguntar en el chat",
  chatAbout: "Sin registro: la conversación queda en este navegador.",
  editions: "Ediciones",
  editionOf: "Edición del {date}",
  noEditions: "Todavía no hay ediciones. Añada una con «pregonero ingest archivo.pdf».",
  latest: "Última: {date}",
  connectTelegram: "Conectar un bot de Telegram",
  connectTelegramHow:
    "Cree un bot con @BotFather, copie su token y ejecute el comando. Con PUBLIC_URL recibe por webhook; sin ella, pregunta él mismo a Telegram.",
  forDevelopers: "Para quien desarrolla",
  apiDocs: "Documentación de la API",
  administration: "Administración",
  page: "Página {n} de {count}",
  printedPage: "página impresa {n}",
  pages: "{count} páginas",
  acts: "Índice de actos",
  documents: "Documentos de esta fecha",
  previousPage: "Página anterior",
  nextPage: "Página siguiente",
  wholeEdition: "Toda la edición",
  originalPdf: "PDF original",
  citedHere: "Texto citado",
  citedElsewhere: "El texto citado está en la página {n}.",
  textOfPage: "Texto de la página",
  noText: "En esta página no se reconoció texto.",
  textFromOcr: "Texto reconocido por OCR: puede contener errores.",
  imageOfPage: "Imagen de la página {n}; su texto está a continuación.",
  skip: "Ir al contenido",
  home: "Inicio",
  officialNotice: "Solo el documento publicado por la fuente oficial tiene validez jurídica.",
};

const pt: SiteTexts = {
  tagline: "O diário oficial, em respostas claras e com a página citada.",
  intro:
    "Pergunte com as suas palavras. O Pregonero procura nas edições oficiais, responde em linguagem simples e liga à página, com as linhas destacadas.",
  openChat: "Perguntar no chat",
  chatAbout: "Sem cadastro: a conversa fica neste navegador.",
  editions: "Edições",
  editionOf: "Edição de {date}",
  noEditions: "Ainda não há edições. Adicione uma com «pregonero ingest arquivo.pdf».",
  latest: "Última: {date}",
  connectTelegram: "Conectar um bot do Telegram",
  connectTelegramHow:
    "Crie um bot com @BotFather, copie o token e execute o comando. Com PUBLIC_URL ele recebe por webhook; sem ela, ele mesmo consulta o Telegram.",
  forDevelopers: "Para quem desenvolve",
  apiDocs: "Documentação da API",
  administration: "Administração",
  page: "Página {n} de {count}",
  printedPage: "página impressa {n}",
  pages: "{count} páginas",
  acts: "Índice de atos",
  documents: "Documentos desta data",
  previousPage: "Página anterior",
  nextPage: "Página seguinte",
  wholeEdition: "Toda a edição",
  originalPdf: "PDF original",
  citedHere: "Texto citado",
  citedElsewhere: "O texto citado está na página {n}.",
  textOfPage: "Texto da página",
  noText: "Nenhum texto foi reconhecido nesta página.",
  textFromOcr: "Texto reconhecido por OCR: pode conter erros.",
  imageOfPage: "Imagem da página {n}; o texto vem a seguir.",
  skip: "Ir para o conteúdo",
  home: "Início",
  officialNotice: "Só o documento publicado pela fonte oficial tem validade jurídica.",
};

const en: SiteTexts = {
  tagline: "The official gazette, in plain answers with the page cited.",
  intro:
    "Ask in your own words. Pregonero searches the official editions, answers in plain language and links the page, with the lines highlighted.",
  openChat: "Ask in the chat",
  chatAbout: "No sign-up: the conversation stays with this browser.",
  editions: "Editions",
  editionOf: "Edition of {date}",
  noEditions: "There are no editions yet. Add one with “pregonero ingest file.pdf”.",
  latest: "Latest: {date}",
  connectTelegram: "Connect a Telegram bot",
  connectTelegramHow:
    "Make a bot with @BotFather, copy its token and run the command. With PUBLIC_URL it receives by webhook; without, it asks Telegram itself.",
  forDevelopers: "For developers",
  apiDocs: "API documentation",
  administration: "Administration",
  page: "Page {n} of {count}",
  printedPage: "printed page {n}",
  pages: "{count} pages",
  acts: "Index of acts",
  documents: "Documents of this date",
  previousPage: "Previous page",
  nextPage: "Next page",
  wholeEdition: "Whole edition",
  originalPdf: "Original PDF",
  citedHere: "Cited text",
  citedElsewhere: "The cited text is on page {n}.",
  textOfPage: "Text of the page",
  noText: "No text was recognised on this page.",
  textFromOcr: "Text recognised by OCR: it may contain errors.",
  imageOfPage: "Image of page {n}; its text follows.",
  skip: "Skip to content",
  home: "Home",
  officialNotice: "Only the document published by the official source is legally valid.",
};

export const SITE_TEXTS: Readonly<Record<Language, SiteTexts>> = { es, pt, en };

/** Fills `{name}` places. */
export function say(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** `15 de abril de 2024`; the date is the gazette's own, without a time zone. */
export function longDate(date: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(
    new Date(`${date}T00:00:00Z`),
  );
}
