import type { AllWords } from "./words.ts";

/** What is not translated yet is said in Spanish. */
export const pt: Readonly<Partial<Record<keyof AllWords, string>>> = {
  "action.close": "Fechar",
  "action.cancel": "Cancelar",
  "state.loading": "Carregando…",
  "state.failed": "Algo falhou",
  "state.offline": "Sem conexão",
  "state.retry": "Tentar de novo",
  "notFound.title": "Não há nada aqui",
  "notFound.home": "Ir para o início",
  "nav.home": "Início",
  "nav.inbox": "Conversas",
  "nav.bots": "Bots",
  "nav.queues": "Filas",
  "nav.newsroom": "Redação",
  "user.language": "Idioma",
  "user.scheme": "Aparência",
  "user.signOut": "Sair",
  "signIn.title": "Entrar",
  "signIn.email": "E-mail",
  "signIn.password": "Senha",
  "signIn.submit": "Entrar",
  "hold.take": "Atender",
  "hold.giveBack": "Devolver ao bot",
  "composer.send": "Enviar",
};
