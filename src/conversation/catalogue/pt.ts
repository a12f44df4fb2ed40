import type { Catalogue } from "./catalogue.ts";

export const pt: Catalogue = {
  locale: "pt-BR",
  languageName: "Português",
  numberMark: "n.º",
  pageMark: "p.",
  pageWord: "página",
  welcome: [
    "Olá, sou o Pregonero. Leio o diário oficial por você e respondo com a edição e a página onde está.",
    "Escreva sua pergunta com suas palavras, por exemplo o nome de uma pessoa, uma empresa ou um concurso.",
    "/hoje resume a última edição, /fontes diz quais diários eu leio, /ajuda mostra o resto.",
    "Guardo o que você me escreve para poder responder; /borrar apaga tudo e /exportar entrega a você.",
  ].join("\n"),
  todayButton: "O que saiu na última edição?",
  sourcesButton: "Quais diários você lê?",
  askAboutAct: (title) => `O que diz «${title}»?`,
  help: [
    "Escreva sua pergunta do seu jeito. Você também pode usar:",
    "/hoje – o que saiu na última edição",
    "/buscar palavras – páginas onde aparecem",
    "/fontes – os diários que eu leio",
    "/idioma – español, português ou English",
    "/preferencias – leitura simples e o diário que leio primeiro",
    "/assinar – alertas e resumos do que lhe interessa; /minhas_assinaturas os mostra",
    "/sair – não receber avisos, resumos nem alertas; /alta para voltar a recebê-los",
    "/pessoa – falar com uma pessoa",
    "/exportar – um arquivo com tudo o que guardo de você",
    "/borrar – apaga tudo o que guardo de você",
  ].join("\n"),
  unknownCommand: (command) =>
    `Não conheço ${command}. Escreva sua pergunta sem a barra, ou /ajuda para ver o que posso fazer.`,
  greeting:
    "Olá! Diga o que você quer saber do diário oficial e eu procuro. Com /ajuda você vê tudo o que posso fazer.",
  youAreWelcome: "De nada! Se tiver outra pergunta sobre o diário oficial, estou aqui.",
  emptyPrompt:
    "Escreva com palavras o que você quer saber do diário oficial, por exemplo um nome, uma empresa ou um concurso.",
  cannotReadMedia:
    "Por enquanto só leio texto: não consigo ver fotos nem arquivos, nem ouvir áudios. Escreva sua pergunta, por favor.",
  cannotReadThis: "Isso eu não consigo ler. Escreva sua pergunta com palavras, por favor.",
  understood: (words) => `Entendi: «${words}»`,
  voice: {
    notHeard: "Não consegui ouvir seu áudio. Escreva sua pergunta, por favor.",
    tooLong:
      "Ouço áudios de até dois minutos, e o seu é mais longo. Escreva sua pergunta, por favor, ou envie um mais curto.",
  },
  photoNotRead: "Não consegui ler sua foto. Escreva sua pergunta com palavras, por favor.",
  questionWasCut: (kept) =>
    `Sua mensagem é muito longa: li os primeiros ${kept} caracteres. Se faltou algo, envie uma pergunta mais curta.`,
  tooManyMessages:
    "Você me enviou muitas mensagens em um minuto. Espere um momento, por favor, e pergunte de novo.",
  disclaimer:
    "Informo o que foi publicado; isto não é assessoria jurídica. Em caso de dúvida, vale o texto oficial.",
  forbiddenTopic:
    "Sobre esse tema não posso responder aqui. Se quiser, pergunte-me sobre outra coisa que os diários publiquem.",
  apology: "Desculpe, não consegui responder à sua mensagem. Tente de novo em alguns minutos.",
  quotation: {
    introduction: (place) => `Citação literal de ${place}:`,
    alsoIn: (place) => `Também, em ${place}:`,
    place: (edition, date, page) => `${edition}, ${date}${page}`,
    cannotExplain: "Cito o diário com as palavras dele: explicá-las com outras eu não consigo.",
  },
  abstention: {
    notFound: "Não encontrei a resposta nos diários que li, e prefiro não adivinhar.",
    nearest: "O mais próximo que vi está nestas páginas:",
    whatToTry:
      "Tente com outras palavras ou com o nome exato, veja quais edições tenho em /fontes, ou pergunte de novo quando sair a próxima. Se for urgente, consulte uma pessoa no órgão responsável.",
  },
  today: {
    heading: (source, date) => `${source}, ${date}`,
    more: (count) => `… e mais ${count} nessa edição.`,
    noEditions: "Ainda não li nenhuma edição. Tente de novo mais tarde.",
    withoutSection: "Outros",
  },
  search: {
    usage: "Escreva as palavras depois do comando, por exemplo: /buscar licitação de ambulâncias",
    heading: (words) => `Páginas sobre «${words}»:`,
    nothing: (words) =>
      `Não encontrei «${words}» nos diários que li. Tente com outras palavras ou veja /fontes.`,
  },
  sources: {
    heading: "Leio estes diários:",
    entry: (name, editions, lastDate) =>
      `${name}: ${editions} ${editions === 1 ? "documento" : "documentos"}${lastDate === undefined ? "" : `, o último de ${lastDate}`}`,
    none: "Ainda não tenho nenhum diário.",
  },
  language: { ask: "Em que idioma respondo?", changed: "Certo, respondo em português." },
  preferences: {
    heading: "É assim que eu respondo:",
    language: (name) => `• Língua: ${name}`,
    level: (level) => `• Leitura: ${level}`,
    levels: { simple: "simples (frases e citações curtas)", normal: "comum" },
    levelButtons: { simple: "Mais simples, por favor", normal: "Leitura comum" },
    interest: (gazettes) => `• Leio primeiro: ${gazettes}`,
    allGazettes: "Todos os diários",
    languageButton: "Mudar de idioma",
    howToChange:
      "Toque em um botão para mudar, ou escreva por exemplo /preferencias simples. Se a sua pergunta disser o nome de um diário, vale esse.",
    alsoElsewhere: (preferred, others) =>
      `Li primeiro ${preferred}, como você escolheu em /preferencias. Também há algo em ${others}: diga esse nome na pergunta para ver.`,
    onlyElsewhere: (preferred) =>
      `Não encontrei em ${preferred}, que você escolheu ler primeiro em /preferencias: isto é de outro diário.`,
  },
  erase: {
    ask: "Apago tudo o que guardo de você: suas mensagens, minhas respostas e seus dados? Não dá para desfazer. Toque no botão ou escreva APAGAR MEUS DADOS.",
    yesButton: "Sim, apagar tudo",
    noButton: "Não, manter",
    phrase: "APAGAR MEUS DADOS",
    done: "Pronto: apaguei tudo o que guardava de você. Se me escrever de novo, começamos do zero.",
    kept: "Certo, não apaguei nada.",
  },
  exportData: {
    caption: "Aqui está tudo o que guardo de você.",
    fileName: "meus-dados-pregonero.json",
  },
  person: {
    asked:
      "Avisei a equipe: uma pessoa vai escrever para você aqui mesmo. Enquanto isso, pode me contar do que se trata, e continuo respondendo o que puder.",
    alreadyAsked: "A equipe já recebeu seu aviso: uma pessoa vai escrever para você aqui mesmo.",
    askedByItself:
      "Como não encontro, avisei a equipe: uma pessoa vai escrever para você aqui mesmo. Se não for preciso, escreva /bot.",
    closed: (opening) =>
      opening === undefined
        ? "A esta hora não há ninguém; vão escrever assim que voltarem."
        : `A esta hora não há ninguém; voltam ${opening}.`,
    today: "hoje",
    dayAndTime: (day, time) => `${day === "hoje" ? "hoje" : `em ${day}`} às ${time}`,
    none: "Aqui só eu respondo: não há uma pessoa que possa atender por este meio. Se for urgente, consulte a instituição responsável.",
    notNeededButton: "Não é mais preciso",
    notNeeded: "De acordo, retiro o aviso. Continuo aqui para o que precisar do diário oficial.",
    takenOver:
      "A partir de agora uma pessoa da nossa equipe atende você. Escreva aqui mesmo; eu saio da conversa.",
    givenBack:
      "Volto a atender eu, o assistente. Se precisar de uma pessoa outra vez, escreva /pessoa.",
    expired:
      "A pessoa que atendia você já não está nesta conversa, e volto a atender eu. Se precisar dela outra vez, escreva /pessoa.",
  },
  onlyInPrivate: "Isso eu só faço em particular: escreva diretamente para mim, fora do grupo.",
  broadcasts: {
    refused:
      "Combinado: não vou enviar avisos, resumos nem alertas. Às suas perguntas continuo respondendo. Para voltar a recebê-los, escreva ALTA.",
    accepted:
      "Combinado: você vai voltar a receber os avisos, resumos e alertas que pedir. Para deixar de recebê-los, escreva SAIR.",
  },
  writeIn: "português do Brasil",
};
