import type { Catalogue } from "./catalogue.ts";

export const es: Catalogue = {
  locale: "es",
  languageName: "Español",
  numberMark: "n.º",
  pageMark: "p.",
  pageWord: "página",
  welcome: [
    "Hola, soy Pregonero. Leo la gaceta oficial por usted y respondo con la edición y la página donde está.",
    "Escríbame su pregunta con sus palabras, por ejemplo el nombre de una persona, una marca o un trámite.",
    "/hoy resume la última edición, /fuentes dice qué gacetas leo, /ayuda muestra el resto.",
    "Guardo lo que me escribe para poder responderle; /borrar lo elimina y /exportar se lo entrega.",
  ].join("\n"),
  todayButton: "¿Qué salió en la última edición?",
  sourcesButton: "¿Qué gacetas lee?",
  askAboutAct: (title) => `¿Qué dice «${title}»?`,
  help: [
    "Escriba su pregunta tal como la diría. También puede usar:",
    "/hoy – lo publicado en la última edición",
    "/buscar palabras – páginas donde aparecen",
    "/fuentes – las gacetas que leo",
    "/idioma – español, português o English",
    "/preferencias – lectura sencilla y la gaceta que leo primero",
    "/suscribir – alertas y resúmenes de lo que le interesa; /mis_alertas los muestra",
    "/baja – no recibir avisos, resúmenes ni alertas; /alta para volver a recibirlos",
    "/persona – hablar con una persona",
    "/exportar – un archivo con todo lo que guardo de usted",
    "/borrar – elimina todo lo que guardo de usted",
  ].join("\n"),
  unknownCommand: (command) =>
    `No conozco ${command}. Escriba su pregunta sin barra, o /ayuda para ver qué puedo hacer.`,
  greeting:
    "¡Hola! Dígame qué quiere saber de la gaceta y lo busco. Con /ayuda ve todo lo que puedo hacer.",
  youAreWelcome: "¡Con gusto! Si tiene otra pregunta sobre la gaceta, aquí estoy.",
  emptyPrompt:
    "Escríbame con palabras qué quiere saber de la gaceta, por ejemplo un nombre, una marca o un trámite.",
  cannotReadMedia:
    "Por ahora solo leo texto: no puedo ver fotos ni archivos, ni oír notas de voz. Escríbame su pregunta, por favor.",
  cannotReadThis: "Eso no lo puedo leer. Escríbame su pregunta con palabras, por favor.",
  understood: (words) => `Entendí: «${words}»`,
  voice: {
    notHeard: "No pude oír su nota de voz. Escríbame su pregunta, por favor.",
    tooLong:
      "Oigo notas de voz de hasta dos minutos, y la suya es más larga. Escríbame su pregunta, por favor, o envíe una más corta.",
  },
  photoNotRead: "No pude leer su foto. Escríbame su pregunta con palabras, por favor.",
  questionWasCut: (kept) =>
    `Su mensaje es muy largo: leí los primeros ${kept} caracteres. Si falta algo, envíelo en una pregunta más corta.`,
  tooManyMessages:
    "Me ha escrito muchos mensajes en un minuto. Espere un momento, por favor, y vuelva a preguntarme.",
  disclaimer:
    "Informo de lo publicado; esto no es asesoría legal. Ante una duda, vale el texto oficial.",
  forbiddenTopic:
    "Sobre ese tema no puedo responder aquí. Pregúnteme, si quiere, por otra cosa que publiquen las gacetas.",
  apology: "Disculpe, no pude responder a su mensaje. Inténtelo de nuevo en unos minutos.",
  quotation: {
    introduction: (place) => `Cita textual de ${place}:`,
    alsoIn: (place) => `También, en ${place}:`,
    place: (edition, date, page) => `${edition}, ${date}${page}`,
    cannotExplain: "Cito la gaceta con sus propias palabras: explicarlas con otras no puedo.",
  },
  abstention: {
    notFound: "No encontré la respuesta en las gacetas que he leído, y prefiero no adivinar.",
    nearest: "Lo más cercano que vi está en estas páginas:",
    whatToTry:
      "Pruebe con otras palabras o con el nombre exacto, mire qué ediciones tengo con /fuentes, o pregúnteme de nuevo cuando salga la próxima. Si es urgente, consulte a una persona en la institución que corresponda.",
  },
  today: {
    heading: (source, date) => `${source}, ${date}`,
    more: (count) => `… y ${count} más en esa edición.`,
    noEditions: "Todavía no he leído ninguna edición. Vuelva a intentarlo más tarde.",
    withoutSection: "Otros",
  },
  search: {
    usage:
      "Escriba las palabras después del comando, por ejemplo: /buscar licencia de construcción",
    heading: (words) => `Páginas sobre «${words}»:`,
    nothing: (words) =>
      `No encontré «${words}» en las gacetas que he leído. Pruebe con otras palabras o vea /fuentes.`,
  },
  sources: {
    heading: "Leo estas gacetas:",
    entry: (name, editions, lastDate) =>
      `${name}: ${editions} ${editions === 1 ? "documento" : "documentos"}${lastDate === undefined ? "" : `, el último del ${lastDate}`}`,
    none: "Todavía no tengo ninguna gaceta.",
  },
  language: { ask: "¿En qué idioma le respondo?", changed: "De acuerdo, le respondo en español." },
  preferences: {
    heading: "Así le respondo:",
    language: (name) => `• Idioma: ${name}`,
    level: (level) => `• Lectura: ${level}`,
    levels: { simple: "sencilla (frases y citas cortas)", normal: "normal" },
    levelButtons: { simple: "Más sencillo, por favor", normal: "Lectura normal" },
    interest: (gazettes) => `• Leo primero: ${gazettes}`,
    allGazettes: "Todas las gacetas",
    languageButton: "Cambiar de idioma",
    howToChange:
      "Toque un botón para cambiarlo, o escriba por ejemplo /preferencias sencilla. Si su pregunta nombra una gaceta, vale esa.",
    alsoElsewhere: (preferred, others) =>
      `Leí primero ${preferred}, como eligió en /preferencias. También hay algo en ${others}: nómbrelo en su pregunta para verlo.`,
    onlyElsewhere: (preferred) =>
      `No lo encontré en ${preferred}, que eligió leer primero en /preferencias: esto es de otra gaceta.`,
  },
  erase: {
    ask: "¿Borro todo lo que guardo de usted: sus mensajes, mis respuestas y sus datos? No se puede deshacer. Toque el botón o escriba BORRAR MIS DATOS.",
    yesButton: "Sí, borrar todo",
    noButton: "No, conservarlo",
    phrase: "BORRAR MIS DATOS",
    done: "Listo: borré todo lo que guardaba de usted. Si vuelve a escribirme, empezamos de cero.",
    kept: "De acuerdo, no borré nada.",
  },
  exportData: {
    caption: "Aquí está todo lo que guardo de usted.",
    fileName: "mis-datos-pregonero.json",
  },
  person: {
    asked:
      "Avisé al equipo: una persona le escribirá aquí mismo. Mientras tanto puede contarme de qué se trata, y sigo respondiendo lo que pueda.",
    alreadyAsked: "El equipo ya tiene su aviso: una persona le escribirá aquí mismo.",
    askedByItself:
      "Como no lo encuentro, avisé al equipo: una persona le escribirá aquí mismo. Si no hace falta, escriba /bot.",
    closed: (opening) =>
      opening === undefined
        ? "A esta hora no hay nadie; le escribirán en cuanto vuelvan."
        : `A esta hora no hay nadie; vuelven ${opening}.`,
    today: "hoy",
    dayAndTime: (day, time) => `${day === "hoy" ? "hoy" : `el ${day}`} a las ${time}`,
    none: "Aquí respondo solo yo: no hay una persona que pueda atenderle por este medio. Si es urgente, consulte en la institución que corresponda.",
    notNeededButton: "Ya no hace falta",
    notNeeded: "De acuerdo, retiro el aviso. Aquí sigo yo para lo que necesite de la gaceta.",
    takenOver:
      "Desde ahora le atiende una persona de nuestro equipo. Escríbale aquí mismo; yo me hago a un lado.",
    givenBack:
      "Vuelvo a atenderle yo, el asistente. Si necesita de nuevo a una persona, escriba /persona.",
    expired:
      "La persona que le atendía ya no está en esta conversación, y vuelvo a atenderle yo. Si la necesita de nuevo, escriba /persona.",
  },
  onlyInPrivate: "Eso solo lo hago en privado: escríbame directamente, fuera del grupo.",
  broadcasts: {
    refused:
      "De acuerdo: no le enviaré avisos, resúmenes ni alertas. A sus preguntas sigo respondiendo. Para volver a recibirlos, escriba ALTA.",
    accepted:
      "De acuerdo: volverá a recibir los avisos, resúmenes y alertas que pida. Para dejar de recibirlos, escriba BAJA.",
  },
  writeIn: "español",
};
