import type { Language } from "../../core/language.ts";

/** What is said when no more questions are answered today. */
export interface LimitTexts {
  /** The person asked as many as one may. */
  readonly ofPerson: (limit: number) => string;
  /** All people together did. */
  readonly ofAll: string;
}

const es: LimitTexts = {
  ofPerson: (limit) =>
    limit === 1
      ? "Por hoy ya respondí su pregunta: este servicio atiende una al día por persona. Guardé su mensaje; mañana puede preguntar de nuevo. Sus avisos y resúmenes siguen llegando."
      : `Por hoy ya respondí sus ${limit} preguntas, que son las que este servicio atiende al día por persona. Guardé su mensaje; mañana puede preguntar de nuevo. Sus avisos y resúmenes siguen llegando.`,
  ofAll:
    "Por hoy este servicio ya respondió todas las preguntas que puede atender en un día. Disculpe: guardé su mensaje, y mañana puede preguntar de nuevo. Sus avisos y resúmenes siguen llegando.",
};

const pt: LimitTexts = {
  ofPerson: (limit) =>
    limit === 1
      ? "Por hoje já respondi à sua pergunta: este serviço atende uma por dia e pessoa. Guardei a sua mensagem; amanhã pode perguntar de novo. Os seus avisos e resumos continuam a chegar."
      : `Por hoje já respondi às suas ${limit} perguntas, que são as que este serviço atende por dia e pessoa. Guardei a sua mensagem; amanhã pode perguntar de novo. Os seus avisos e resumos continuam a chegar.`,
  ofAll:
    "Por hoje este serviço já respondeu a todas as perguntas que pode atender num dia. Desculpe: guardei a sua mensagem, e amanhã pode perguntar de novo. Os seus avisos e resumos continuam a chegar.",
};

const en: LimitTexts = {
  ofPerson: (limit) =>
    limit === 1
      ? "I have answered your question for today: this service answers one a day and person. Your message is kept, and tomorrow you can ask again. Your alerts and digests keep coming."
      : `I have answered your ${limit} questions for today, which are as many as this service answers a day and person. Your message is kept, and tomorrow you can ask again. Your alerts and digests keep coming.`,
  ofAll:
    "For today this service has answered all the questions that it can in a day. We are sorry: your message is kept, and tomorrow you can ask again. Your alerts and digests keep coming.",
};

export const LIMIT_TEXTS: Readonly<Record<Language, LimitTexts>> = { es, pt, en };
