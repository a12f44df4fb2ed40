import type { Language } from "../../core/language.ts";
import type { MatchReason, PublishedPeriod } from "../../core/subscriptions.ts";

/** What is said about subscriptions, alerts and digests. */
export interface AlertTexts {
  readonly whatKind: string;
  readonly kindButtons: { readonly alert: string; readonly daily: string; readonly weekly: string };
  readonly cancelButton: string;
  readonly cancelled: string;
  readonly whichWords: string;
  readonly notUnderstood: string;
  readonly onlyExclusions: string;
  readonly tooCommon: string;
  readonly tooMany: (most: number) => string;
  readonly unavailable: string;
  /** Before the sample. */
  readonly willTell: (topic: string) => string;
  /** Words that match nothing, in quotation marks. */
  readonly leftOut: (words: string) => string;
  readonly sample: string;
  readonly emptySample: string;
  readonly quiet: (from: string, until: string) => string;
  readonly noQuiet: string;
  readonly digestAt: (when: string) => string;
  readonly confirm: string;
  readonly yesButton: string;
  readonly changeButton: string;
  readonly subscribed: string;
  readonly mine: string;
  readonly none: string;
  readonly howToChange: string;
  readonly paused: string;
  readonly areOff: string;
  readonly pauseButton: (number: number) => string;
  readonly resumeButton: (number: number) => string;
  readonly removeButton: (number: number) => string;
  readonly changed: { readonly pause: string; readonly resume: string; readonly remove: string };
  readonly unknownNumber: string;
  readonly alertNamed: (topic: string) => string;
  readonly digestNamed: {
    readonly daily: (time: string) => string;
    readonly weekly: (day: string, time: string) => string;
  };
  readonly topic: {
    readonly or: string;
    readonly without: (words: string) => string;
    readonly body: (name: string) => string;
    readonly section: (name: string) => string;
    readonly name: (name: string) => string;
    readonly place: (name: string) => string;
  };
  readonly alertHeading: (edition: string, date: string) => string;
  readonly because: (reasons: string, place: string) => string;
  /** What was typed comes in quotation marks, several of a kind as a list. */
  readonly reason: Readonly<Record<MatchReason["kind"], (quoted: string) => string>>;
  readonly moreActs: (count: number) => string;
  readonly digestHeading: { readonly daily: string; readonly weekly: string };
  readonly footer: string;
  readonly publishedIn: Readonly<Record<PublishedPeriod, string>>;
  readonly nothingIn: Readonly<Record<PublishedPeriod, string>>;
}

const es: AlertTexts = {
  whatKind:
    '¿Qué quiere recibir? Elija, o escriba el tema que le interesa, por ejemplo: "salario mínimo" -judicial',
  kindButtons: { alert: "Alertas por tema", daily: "Resumen diario", weekly: "Resumen semanal" },
  cancelButton: "Cancelar",
  cancelled: "De acuerdo, no cambié nada.",
  whichWords: [
    "¿De qué le aviso? Escriba palabras, y entre comillas las que van juntas.",
    "Una coma separa alternativas y un guion excluye: pensiones, jubilación -militar",
    "También puede decir institución:, sección:, persona:, empresa: o lugar:, por ejemplo institución: Ministerio de Salud",
  ].join("\n"),
  notUnderstood: "Escriba al menos una palabra, un nombre, una institución o un lugar.",
  onlyExclusions: "Eso solo excluye. Escriba también de qué quiere que le avise.",
  tooCommon:
    "Esas palabras están en casi todo lo que se publica. Escriba algo más concreto, por favor.",
  tooMany: (most) => `Ya tiene ${most} suscripciones. Quite una en /mis_alertas para agregar otra.`,
  unavailable: "Aquí no puedo enviar alertas ni resúmenes.",
  willTell: (topic) => `Le avisaré de lo que se publique con ${topic}.`,
  leftOut: (words) => `Dejé fuera ${words}, que está en casi todo lo que se publica.`,
  sample: "En las últimas ediciones le habría avisado de:",
  emptySample: "En las últimas ediciones no habría habido nada.",
  quiet: (from, until) =>
    `De ${from} a ${until} no le escribo: lo de esas horas llega después. Para cambiarlo escriba, por ejemplo, silencio 22-6, o sin silencio.`,
  noQuiet: "Le aviso a cualquier hora. Para que no, escriba por ejemplo silencio 21-7.",
  digestAt: (when) =>
    `Le enviaré lo publicado ${when}. Si no hay nada, no le escribo. Para otra hora escriba, por ejemplo, hora 7:30.`,
  confirm: "¿Lo confirma? Responda sí o no.",
  yesButton: "Sí, suscribirme",
  changeButton: "Cambiar el tema",
  subscribed:
    "Listo, quedó suscrito. Con /mis_alertas lo ve, lo pausa o lo quita; con BAJA no le envío nada más.",
  mine: "Sus suscripciones:",
  none: "No tiene suscripciones. Con /suscribir agrega una.",
  howToChange:
    "Para cambiar una escriba, por ejemplo, /mis_alertas pausar 1, /mis_alertas seguir 1 o /mis_alertas quitar 1.",
  paused: "en pausa",
  areOff: "Ahora no le envío ninguna, porque pidió la BAJA. Para recibirlas de nuevo escriba ALTA.",
  pauseButton: (number) => `Pausar la ${number}`,
  resumeButton: (number) => `Seguir con la ${number}`,
  removeButton: (number) => `Quitar la ${number}`,
  changed: {
    pause: "En pausa: no le aviso hasta que la reanude en /mis_alertas.",
    resume: "De acuerdo, le vuelvo a avisar.",
    remove: "Listo, la quité.",
  },
  unknownNumber: "No encuentro esa suscripción. Vea los números en /mis_alertas.",
  alertNamed: (topic) => `Alerta: ${topic}`,
  digestNamed: {
    daily: (time) => `Resumen diario, a las ${time}`,
    weekly: (day, time) => `Resumen semanal, ${day} a las ${time}`,
  },
  topic: {
    or: "o",
    without: (words) => `sin ${words}`,
    body: (name) => `institución «${name}»`,
    section: (name) => `sección «${name}»`,
    name: (name) => `el nombre «${name}»`,
    place: (name) => `el lugar «${name}»`,
  },
  alertHeading: (edition, date) => `Aviso: ${edition}, ${date}`,
  because: (reasons, place) => `Le aviso porque ${reasons} (${place})`,
  reason: {
    words: (quoted) => `dice ${quoted}`,
    meaning: (quoted) => `trata de lo mismo que ${quoted}`,
    body: (quoted) => `es de ${quoted}`,
    section: (quoted) => `está en la sección ${quoted}`,
    name: (quoted) => `nombra a ${quoted}`,
    place: (quoted) => `menciona ${quoted}`,
  },
  moreActs: (count) => `… y ${count} más en esa edición.`,
  digestHeading: { daily: "Lo publicado desde ayer", weekly: "Lo publicado esta semana" },
  footer: "Sus suscripciones: /mis_alertas. Para no recibir más: BAJA.",
  publishedIn: {
    today: "Lo publicado hoy",
    yesterday: "Lo publicado ayer",
    "day-before-yesterday": "Lo publicado anteayer",
    week: "Lo publicado esta semana",
    "last-week": "Lo publicado la semana pasada",
    month: "Lo publicado este mes",
    "last-month": "Lo publicado el mes pasado",
  },
  nothingIn: {
    today: "Hoy no he leído todavía ninguna edición. Lo último está en /hoy.",
    yesterday: "De ayer no tengo ninguna edición. Lo último está en /hoy.",
    "day-before-yesterday": "De anteayer no tengo ninguna edición. Lo último está en /hoy.",
    week: "De esta semana no tengo todavía ninguna edición. Lo último está en /hoy.",
    "last-week": "De la semana pasada no tengo ninguna edición. Lo último está en /hoy.",
    month: "De este mes no tengo todavía ninguna edición. Lo último está en /hoy.",
    "last-month": "Del mes pasado no tengo ninguna edición. Lo último está en /hoy.",
  },
};

const pt: AlertTexts = {
  whatKind:
    'O que deseja receber? Escolha, ou escreva o assunto que lhe interessa, por exemplo: "salário mínimo" -judicial',
  kindButtons: { alert: "Alertas por assunto", daily: "Resumo diário", weekly: "Resumo semanal" },
  cancelButton: "Desistir",
  cancelled: "Está bem, não mudei nada.",
  whichWords: [
    "Sobre o que aviso? Escreva palavras, e entre aspas as que vão juntas.",
    "Uma vírgula separa alternativas e um hífen exclui: pensões, aposentadoria -militar",
    "Também pode dizer órgão:, seção:, pessoa:, empresa: ou local:, por exemplo órgão: Ministério da Saúde",
  ].join("\n"),
  notUnderstood: "Escreva pelo menos uma palavra, um nome, um órgão ou um local.",
  onlyExclusions: "Isso só exclui. Escreva também sobre o que devo avisar.",
  tooCommon:
    "Essas palavras estão em quase tudo o que se publica. Escreva algo mais concreto, por favor.",
  tooMany: (most) =>
    `Já tem ${most} assinaturas. Remova uma em /minhas_assinaturas para adicionar outra.`,
  unavailable: "Aqui não posso enviar alertas nem resumos.",
  willTell: (topic) => `Avisarei do que se publicar com ${topic}.`,
  leftOut: (words) => `Deixei de fora ${words}, que está em quase tudo o que se publica.`,
  sample: "Nas últimas edições eu teria avisado de:",
  emptySample: "Nas últimas edições não teria havido nada.",
  quiet: (from, until) =>
    `Das ${from} às ${until} não escrevo: o dessas horas chega depois. Para mudar escreva, por exemplo, silêncio 22-6, ou sem silêncio.`,
  noQuiet: "Aviso a qualquer hora. Para que não, escreva por exemplo silêncio 21-7.",
  digestAt: (when) =>
    `Enviarei o que foi publicado ${when}. Se não houver nada, não escrevo. Para outra hora escreva, por exemplo, hora 7:30.`,
  confirm: "Confirma? Responda sim ou não.",
  yesButton: "Sim, assinar",
  changeButton: "Mudar o assunto",
  subscribed:
    "Pronto, assinatura feita. Com /minhas_assinaturas pode ver, pausar ou remover; com SAIR não envio mais nada.",
  mine: "As suas assinaturas:",
  none: "Não tem assinaturas. Com /assinar adiciona uma.",
  howToChange:
    "Para mudar uma escreva, por exemplo, /minhas_assinaturas pausar 1, /minhas_assinaturas retomar 1 ou /minhas_assinaturas remover 1.",
  paused: "pausada",
  areOff:
    "Agora não envio nenhuma, porque pediu SAIR. Para receber de novo escreva ALTA, por favor.",
  pauseButton: (number) => `Pausar a ${number}`,
  resumeButton: (number) => `Retomar a ${number}`,
  removeButton: (number) => `Remover a ${number}`,
  changed: {
    pause: "Pausada: não aviso até que a retome em /minhas_assinaturas.",
    resume: "Está bem, volto a avisar.",
    remove: "Pronto, removi.",
  },
  unknownNumber: "Não encontro essa assinatura. Veja os números em /minhas_assinaturas.",
  alertNamed: (topic) => `Alerta sobre ${topic}`,
  digestNamed: {
    daily: (time) => `Resumo diário, às ${time}`,
    weekly: (day, time) => `Resumo semanal, ${day} às ${time}`,
  },
  topic: {
    or: "ou",
    without: (words) => `sem ${words}`,
    body: (name) => `órgão «${name}»`,
    section: (name) => `seção «${name}»`,
    name: (name) => `o nome «${name}»`,
    place: (name) => `o local «${name}»`,
  },
  alertHeading: (edition, date) => `Alerta: ${edition}, ${date}`,
  because: (reasons, place) => `Aviso porque ${reasons} (${place})`,
  reason: {
    words: (quoted) => `diz ${quoted}`,
    meaning: (quoted) => `trata do mesmo que ${quoted}`,
    body: (quoted) => `é de ${quoted}`,
    section: (quoted) => `está na seção ${quoted}`,
    name: (quoted) => `nomeia ${quoted}`,
    place: (quoted) => `fala de ${quoted}`,
  },
  moreActs: (count) => `… e mais ${count} nessa edição.`,
  digestHeading: { daily: "Publicado desde ontem", weekly: "Publicado esta semana" },
  footer: "As suas assinaturas: /minhas_assinaturas. Para não receber mais: SAIR.",
  publishedIn: {
    today: "Publicado hoje",
    yesterday: "Publicado ontem",
    "day-before-yesterday": "Publicado anteontem",
    week: "Publicado nesta semana",
    "last-week": "Publicado na semana passada",
    month: "Publicado neste mês",
    "last-month": "Publicado no mês passado",
  },
  nothingIn: {
    today: "Hoje ainda não li nenhuma edição. O mais recente está em /hoje.",
    yesterday: "De ontem não tenho nenhuma edição. O mais recente está em /hoje.",
    "day-before-yesterday": "De anteontem não tenho nenhuma edição. O mais recente está em /hoje.",
    week: "Desta semana ainda não tenho nenhuma edição. O mais recente está em /hoje.",
    "last-week": "Da semana passada não tenho nenhuma edição. O mais recente está em /hoje.",
    month: "Deste mês ainda não tenho nenhuma edição. O mais recente está em /hoje.",
    "last-month": "Do mês passado não tenho nenhuma edição. O mais recente está em /hoje.",
  },
};

const en: AlertTexts = {
  whatKind:
    'What would you like to get? Choose, or write the subject that interests you, for example: "minimum wage" -judicial',
  kindButtons: { alert: "Alerts on a subject", daily: "Daily digest", weekly: "Weekly digest" },
  cancelButton: "Cancel that",
  cancelled: "All right, I changed nothing.",
  whichWords: [
    "What shall I tell you of? Write words, with quotation marks around those that belong together.",
    "A comma separates alternatives and a hyphen excludes: pensions, retirement -military",
    "You can also say body:, section:, person:, company: or place:, for example body: Ministry of Health",
  ].join("\n"),
  notUnderstood: "Write at least a word, a name, a body or a place.",
  onlyExclusions: "That only excludes. Write what I shall tell you of, too.",
  tooCommon:
    "Those words are in nearly everything that is published. Write something more specific, please.",
  tooMany: (most) => `You have ${most} subscriptions. Remove one in /my_alerts to add another.`,
  unavailable: "I can send no alerts or digests here.",
  willTell: (topic) => `I will tell you of what is published with ${topic}.`,
  leftOut: (words) => `I left out ${words}: it is in nearly everything that is published.`,
  sample: "Of the latest editions I would have told you of:",
  emptySample: "In the latest editions there would have been nothing.",
  quiet: (from, until) =>
    `From ${from} to ${until} I do not write: what comes then arrives afterwards. To change it write, for example, quiet 22-6, or no quiet.`,
  noQuiet: "I write at any hour. If that is not right, write for example quiet 21-7.",
  digestAt: (when) =>
    `I will send what was published ${when}. If there is nothing, I do not write. For another hour write, for example, hour 7:30.`,
  confirm: "Do you confirm? Answer yes or no.",
  yesButton: "Yes, subscribe",
  changeButton: "Change the subject",
  subscribed:
    "Done, you are subscribed. In /my_alerts you see it, pause it or remove it; after STOP I send nothing more.",
  mine: "Your subscriptions:",
  none: "You have no subscriptions. Add one with /follow.",
  howToChange:
    "To change one write, for example, /my_alerts pause 1, /my_alerts resume 1 or /my_alerts remove 1.",
  paused: "paused",
  areOff:
    "I send none of them now, because you asked me to STOP. To get them again write SUBSCRIBE.",
  pauseButton: (number) => `Pause ${number}`,
  resumeButton: (number) => `Resume ${number}`,
  removeButton: (number) => `Remove ${number}`,
  changed: {
    pause: "Paused: I tell you nothing until you resume it in /my_alerts.",
    resume: "All right, I will tell you again.",
    remove: "Done, I removed it.",
  },
  unknownNumber: "I do not find that subscription. See the numbers in /my_alerts.",
  alertNamed: (topic) => `Alert on ${topic}`,
  digestNamed: {
    daily: (time) => `Daily digest, at ${time}`,
    weekly: (day, time) => `Weekly digest, ${day} at ${time}`,
  },
  topic: {
    or: "or",
    without: (words) => `without ${words}`,
    body: (name) => `body «${name}»`,
    section: (name) => `section «${name}»`,
    name: (name) => `the name «${name}»`,
    place: (name) => `the place «${name}»`,
  },
  alertHeading: (edition, date) => `Notice: ${edition}, ${date}`,
  because: (reasons, place) => `You get this because it ${reasons} (${place})`,
  reason: {
    words: (quoted) => `says ${quoted}`,
    meaning: (quoted) => `is about the same as ${quoted}`,
    body: (quoted) => `is by ${quoted}`,
    section: (quoted) => `is in the section ${quoted}`,
    name: (quoted) => `names ${quoted}`,
    place: (quoted) => `mentions ${quoted}`,
  },
  moreActs: (count) => `… and ${count} more in that edition.`,
  digestHeading: { daily: "Published since yesterday", weekly: "Published this week" },
  footer: "Your subscriptions: /my_alerts. To get nothing more: STOP.",
  publishedIn: {
    today: "Published today",
    yesterday: "Published yesterday",
    "day-before-yesterday": "Published the day before yesterday",
    week: "Published this week so far",
    "last-week": "Published last week",
    month: "Published this month so far",
    "last-month": "Published last month",
  },
  nothingIn: {
    today: "I have read no edition of today yet. The latest is in /today.",
    yesterday: "I have no edition of yesterday. The latest is in /today.",
    "day-before-yesterday":
      "I have no edition of the day before yesterday. The latest is in /today.",
    week: "I have no edition of this week yet. The latest is in /today.",
    "last-week": "I have no edition of last week. The latest is in /today.",
    month: "I have no edition of this month yet. The latest is in /today.",
    "last-month": "I have no edition of last month. The latest is in /today.",
  },
};

const TEXTS: Readonly<Record<Language, AlertTexts>> = { es, pt, en };

export function alertTexts(language: Language): AlertTexts {
  return TEXTS[language];
}
