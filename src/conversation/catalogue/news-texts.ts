import type { Language } from "../../core/language.ts";
import type { Absence } from "../../core/published-news.ts";
import type { PublishedPeriod } from "../../core/subscriptions.ts";

/** What is said of what was published in a time. */
export interface NewsTexts {
  /** Within a sentence. */
  readonly when: Readonly<Record<PublishedPeriod, string>>;
  readonly ofSubject: (subject: string, when: string) => string;
  readonly moreActs: (count: number) => string;
  /** Why a gazette has nothing of a day. `at`: by the clock where it is published. */
  readonly absent: Readonly<
    Record<Absence, (gazette: string, period: PublishedPeriod, at: string) => string>
  >;
}

const ES_WHEN: NewsTexts["when"] = {
  today: "hoy",
  yesterday: "ayer",
  "day-before-yesterday": "anteayer",
  week: "esta semana",
  "last-week": "la semana pasada",
  month: "este mes",
  "last-month": "el mes pasado",
};
const es: NewsTexts = {
  when: ES_WHEN,
  ofSubject: (subject, when) => `Lo publicado ${when} sobre «${subject}»:`,
  moreActs: (count) => `… y ${count} más.`,
  absent: {
    holiday: (gazette, period) =>
      period === "today"
        ? `${gazette}: hoy no hay edición, es feriado.`
        : `${gazette}: ${ES_WHEN[period]} no hubo edición, era feriado.`,
    "no-publication-day": (gazette, period) =>
      period === "today"
        ? `${gazette}: hoy no se publica; no es día de edición.`
        : `${gazette}: ${ES_WHEN[period]} no se publicó; no era día de edición.`,
    "not-yet": (gazette, _, at) =>
      `${gazette}: aún no llega la edición de hoy; suele llegar desde las ${at}, hora del lugar.`,
    late: (gazette, _, at) =>
      `${gazette}: la edición de hoy se atrasa; suele llegar desde las ${at}, hora del lugar. La sigo buscando.`,
    missing: (gazette, period) =>
      `${gazette}: no he podido obtener la edición de ${ES_WHEN[period]}.`,
    "not-published": (gazette, period) =>
      `${gazette}: ${ES_WHEN[period]} no ${period === "today" ? "hay" : "hubo"} edición.`,
  },
};

const PT_WHEN: NewsTexts["when"] = {
  today: "hoje",
  yesterday: "ontem",
  "day-before-yesterday": "anteontem",
  week: "nesta semana",
  "last-week": "na semana passada",
  month: "neste mês",
  "last-month": "no mês passado",
};
const pt: NewsTexts = {
  when: PT_WHEN,
  ofSubject: (subject, when) => `Publicado ${when} sobre «${subject}»:`,
  moreActs: (count) => `… e mais ${count}.`,
  absent: {
    holiday: (gazette, period) =>
      period === "today"
        ? `${gazette}: hoje não há edição, é feriado.`
        : `${gazette}: ${PT_WHEN[period]} não houve edição, era feriado.`,
    "no-publication-day": (gazette, period) =>
      period === "today"
        ? `${gazette}: hoje não se publica; não é dia de edição.`
        : `${gazette}: ${PT_WHEN[period]} não se publicou; não era dia de edição.`,
    "not-yet": (gazette, _, at) =>
      `${gazette}: a edição de hoje ainda não chegou; costuma chegar a partir das ${at}, hora local.`,
    late: (gazette, _, at) =>
      `${gazette}: a edição de hoje está atrasada; costuma chegar a partir das ${at}, hora local. Continuo a procurá-la.`,
    missing: (gazette, period) => `${gazette}: não consegui obter a edição de ${PT_WHEN[period]}.`,
    "not-published": (gazette, period) =>
      `${gazette}: ${PT_WHEN[period]} não ${period === "today" ? "há" : "houve"} edição.`,
  },
};

const EN_WHEN: NewsTexts["when"] = {
  today: "today",
  yesterday: "yesterday",
  "day-before-yesterday": "the day before yesterday",
  week: "this week",
  "last-week": "last week",
  month: "this month",
  "last-month": "last month",
};
const en: NewsTexts = {
  when: EN_WHEN,
  ofSubject: (subject, when) => `Published ${when} on “${subject}”:`,
  moreActs: (count) => `… and ${count} more.`,
  absent: {
    holiday: (gazette, period) =>
      period === "today"
        ? `${gazette}: there is no edition today, it is a holiday.`
        : `${gazette}: there was no edition ${EN_WHEN[period]}, it was a holiday.`,
    "no-publication-day": (gazette, period) =>
      period === "today"
        ? `${gazette}: nothing is published today; it is no day of publication.`
        : `${gazette}: nothing was published ${EN_WHEN[period]}; it was no day of publication.`,
    "not-yet": (gazette, _, at) =>
      `${gazette}: today's edition is not here yet; it usually comes from ${at} on, local time.`,
    late: (gazette, _, at) =>
      `${gazette}: today's edition is late; it usually comes from ${at} on, local time. I keep looking for it.`,
    missing: (gazette, period) => `${gazette}: I could not get the edition of ${EN_WHEN[period]}.`,
    "not-published": (gazette, period) =>
      `${gazette}: there ${period === "today" ? "is" : "was"} no edition ${EN_WHEN[period]}.`,
  },
};

const TEXTS: Readonly<Record<Language, NewsTexts>> = { es, pt, en };

export function newsTexts(language: Language): NewsTexts {
  return TEXTS[language];
}
