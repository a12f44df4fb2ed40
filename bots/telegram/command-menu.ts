import type { Api } from "grammy";
import type { BotCommand, LanguageCode } from "grammy/types";

/** The commands offered under Telegram's menu button, by language; the first language is also the default. */
const MENUS = {
  es: [
    { command: "hoy", description: "Lo publicado en la última edición" },
    { command: "buscar", description: "Buscar palabras en las ediciones" },
    { command: "fuentes", description: "Gacetas que puedo consultar" },
    { command: "idioma", description: "Cambiar de idioma" },
    { command: "preferencias", description: "Lectura sencilla y gaceta preferida" },
    { command: "ayuda", description: "Qué puedo hacer" },
    { command: "suscribir", description: "Alertas y resúmenes" },
    { command: "mis_alertas", description: "Mis suscripciones" },
    { command: "baja", description: "No recibir avisos ni alertas" },
    { command: "exportar", description: "Recibir mis datos" },
    { command: "borrar", description: "Borrar mis datos" },
  ],
  pt: [
    { command: "hoy", description: "O que saiu na última edição" },
    { command: "buscar", description: "Procurar palavras nas edições" },
    { command: "fuentes", description: "Diários que posso consultar" },
    { command: "idioma", description: "Mudar de idioma" },
    { command: "preferencias", description: "Leitura simples e diário preferido" },
    { command: "ayuda", description: "O que posso fazer" },
    { command: "assinar", description: "Alertas e resumos" },
    { command: "minhas_assinaturas", description: "As minhas assinaturas" },
    { command: "baja", description: "Não receber avisos nem alertas" },
    { command: "exportar", description: "Receber os meus dados" },
    { command: "borrar", description: "Apagar os meus dados" },
  ],
  en: [
    { command: "hoy", description: "What the latest edition brings" },
    { command: "buscar", description: "Search the editions for words" },
    { command: "fuentes", description: "Gazettes I can consult" },
    { command: "idioma", description: "Change the language" },
    { command: "preferencias", description: "Easy reading and preferred gazette" },
    { command: "ayuda", description: "What I can do" },
    { command: "follow", description: "Alerts and digests" },
    { command: "my_alerts", description: "My subscriptions" },
    { command: "baja", description: "Get no notices or alerts" },
    { command: "exportar", description: "Get my data" },
    { command: "borrar", description: "Erase my data" },
  ],
} satisfies Partial<Record<LanguageCode, readonly BotCommand[]>>;

const LANGUAGES_WITH_MENU = ["es", "pt", "en"] as const;

/** Sets the menus that differ from Telegram's; reading costs nothing, writing is limited to few calls a day. */
export async function syncCommandMenu(
  api: Api["raw"],
  signal: Parameters<Api["raw"]["getMe"]>[0],
): Promise<void> {
  for (const language_code of [undefined, ...LANGUAGES_WITH_MENU]) {
    const commands = MENUS[language_code ?? "es"];
    const language = language_code === undefined ? {} : { language_code };
    const current = await api.getMyCommands(language, signal);
    if (!isSame(current, commands)) await api.setMyCommands({ ...language, commands }, signal);
  }
}

function isSame(a: readonly BotCommand[], b: readonly BotCommand[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      ({ command, description }, i) =>
        command === b[i]?.command && description === b[i]?.description,
    )
  );
}
