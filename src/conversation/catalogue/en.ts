import type { Catalogue } from "./catalogue.ts";

export const en: Catalogue = {
  locale: "en-GB",
  languageName: "English",
  numberMark: "No.",
  pageMark: "p.",
  pageWord: "page",
  welcome: [
    "Hello, I'm Pregonero. I read the official gazette for you and answer with the edition and the page it is on.",
    "Write your question in your own words, for example the name of a person, a trademark or a procedure.",
    "/today sums up the latest edition, /sources says which gazettes I read, /help shows the rest.",
    "I keep what you write so that I can answer you; /borrar erases it and /exportar hands it to you.",
  ].join("\n"),
  todayButton: "What is in the latest edition?",
  sourcesButton: "Which gazettes do you read?",
  askAboutAct: (title) => `What does “${title}” say?`,
  help: [
    "Just write your question. You can also use:",
    "/today – what the latest edition published",
    "/buscar words – pages where they appear",
    "/sources – the gazettes I read",
    "/language – español, português or English",
    "/preferences – easy reading, and the gazette I read first",
    "/follow – alerts and digests on what concerns you; /my_alerts shows them",
    "/stop – get no notices, digests or alerts; /subscribe to get them again",
    "/person – talk to a person",
    "/exportar – a file with everything I keep about you",
    "/borrar – erases everything I keep about you",
  ].join("\n"),
  unknownCommand: (command) =>
    `I don't know ${command}. Write your question without a slash, or /help to see what I can do.`,
  greeting:
    "Hello! Tell me what you want to know from the gazette and I'll look for it. /help shows all I can do.",
  youAreWelcome: "You're welcome! If you have another question about the gazette, I'm here.",
  emptyPrompt:
    "Tell me in words what you want to know from the gazette, for example a name, a trademark or a procedure.",
  cannotReadMedia:
    "For now I only read text: I can't see pictures or files, nor hear voice notes. Please write your question.",
  cannotReadThis: "I can't read that. Please write your question in words.",
  understood: (words) => `I understood: “${words}”`,
  voice: {
    notHeard: "I couldn't hear your voice note. Please write your question.",
    tooLong:
      "I listen to voice notes of up to two minutes, and yours is longer. Please write your question, or send a shorter one.",
  },
  photoNotRead: "I couldn't read your picture. Please write your question in words.",
  questionWasCut: (kept) =>
    `Your message is very long: I read its first ${kept} characters. If something is missing, send it as a shorter question.`,
  tooManyMessages:
    "You have sent me many messages within a minute. Please wait a moment and ask me again.",
  disclaimer:
    "I report what was published; this is not legal advice. In case of doubt, the official text prevails.",
  forbiddenTopic:
    "I cannot answer about that topic here. You are welcome to ask me about something else that the gazettes publish.",
  apology: "Sorry, I could not answer your message. Please try again in a few minutes.",
  quotation: {
    introduction: (place) => `Quoted word for word from ${place}:`,
    alsoIn: (place) => `Also, in ${place}:`,
    place: (edition, date, page) => `${edition}, ${date}${page}`,
    cannotExplain: "I quote the gazette in its own words: I cannot put it into others.",
  },
  abstention: {
    notFound:
      "I did not find the answer in the gazettes I have read, and I would rather not guess.",
    nearest: "The nearest I saw is on these pages:",
    whatToTry:
      "Try other words or the exact name, see which editions I have with /sources, or ask me again when the next one is out. If it is urgent, ask a person at the institution in charge.",
  },
  today: {
    heading: (source, date) => `${source}, ${date}`,
    more: (count) => `… and ${count} more in that edition.`,
    noEditions: "I have not read any edition yet. Please try again later.",
    withoutSection: "Other",
  },
  search: {
    usage: "Write the words after the command, for example: /buscar construction permit",
    heading: (words) => `Pages about “${words}”:`,
    nothing: (words) =>
      `I did not find “${words}” in the gazettes I have read. Try other words or see /sources.`,
  },
  sources: {
    heading: "I read these gazettes:",
    entry: (name, editions, lastDate) =>
      `${name}: ${editions} ${editions === 1 ? "document" : "documents"}${lastDate === undefined ? "" : `, the latest of ${lastDate}`}`,
    none: "I have no gazette yet.",
  },
  language: {
    ask: "Which language shall I answer in?",
    changed: "All right, I'll answer in English.",
  },
  preferences: {
    heading: "This is how I answer you:",
    language: (name) => `• Language: ${name}`,
    level: (level) => `• Reading: ${level}`,
    levels: { simple: "easy (short sentences and quotations)", normal: "ordinary" },
    levelButtons: { simple: "Easier to read, please", normal: "Ordinary reading" },
    interest: (gazettes) => `• I read first: ${gazettes}`,
    allGazettes: "All gazettes",
    languageButton: "Change the language",
    howToChange:
      "Tap a button to change it, or write for example /preferences easy. If your question names a gazette, that one counts.",
    alsoElsewhere: (preferred, others) =>
      `I read ${preferred} first, as you chose in /preferences. There is something in ${others} too: name it in your question to see it.`,
    onlyElsewhere: (preferred) =>
      `I did not find it in ${preferred}, which you chose to read first in /preferences: this is from another gazette.`,
  },
  erase: {
    ask: "Shall I erase everything I keep about you: your messages, my answers and your data? It cannot be undone. Tap the button or write ERASE MY DATA.",
    yesButton: "Yes, erase everything",
    noButton: "No, keep it",
    phrase: "ERASE MY DATA",
    done: "Done: I erased everything I kept about you. If you write again, we start afresh.",
    kept: "All right, I erased nothing.",
  },
  exportData: {
    caption: "Here is everything I keep about you.",
    fileName: "my-pregonero-data.json",
  },
  person: {
    asked:
      "I told the team: a person will write to you right here. Meanwhile you can tell me what it is about, and I go on answering what I can.",
    alreadyAsked: "The team knows already: a person will write to you right here.",
    askedByItself:
      "Since I don't find it, I told the team: a person will write to you right here. If there is no need, write /bot.",
    closed: (opening) =>
      opening === undefined
        ? "Nobody is there at this hour; they will write to you as soon as they are back."
        : `Nobody is there at this hour; they are back ${opening}.`,
    today: "today",
    dayAndTime: (day, time) => `${day === "today" ? "today" : `on ${day}`} at ${time}`,
    none: "Only I answer here: there is no person who could help you this way. If it is urgent, please ask the institution in charge.",
    notNeededButton: "No longer needed",
    notNeeded: "All right, I take that back. I'm here for anything about the gazette.",
    takenOver:
      "A person of our team is with you from now on. Write to them right here; I step aside.",
    givenBack: "It's me again, the assistant. If you need a person once more, write /person.",
    expired:
      "The person who was with you has left this conversation, and it's me again. If you need them once more, write /person.",
  },
  onlyInPrivate: "I only do that in private: write to me directly, outside the group.",
  broadcasts: {
    refused:
      "Done: I won't send you notices, digests or alerts. I still answer your questions. To get them again, write SUBSCRIBE.",
    accepted:
      "Done: you will get the notices, digests and alerts that you ask for again. To stop them, write STOP.",
  },
  writeIn: "English",
};
