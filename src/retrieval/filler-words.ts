/**
 * Words with which people ask, in any of our languages, and which say nothing of what is asked:
 * greetings, question words, politeness, verbs of asking, articles and prepositions. Folded.
 */
const FILLER = `
  hola buenas buenos dias tardes noches saludos gracias favor porfa porfavor disculpe disculpa oye oiga
  mire mira ayuda ayudame ayudeme quiero quisiera queria necesito necesitaria gustaria puedo puede pueden
  podria podrian saber sabe saben sabes conocer decir dice dicen dime digame diga digan decirme cuentame
  explicame explique muestra muestrame busco buscar buscando busca ando anda andan viendo vi ver veo leer
  lei encontrar encuentro consulta consultar pregunta preguntar duda info informacion
  q k qe ke xq pq pa x que quien quienes cual cuales cuanto cuanta cuantos cuantas cuando donde adonde como
  porque es son era fue fueron sera ser esta estan hay habra haber ha han tiene tienen tengo hacer hace
  hacen haria va van voy ir iba ahi alla aqui aca asi entonces tambien mas menos muy ya aun todavia
  llama llaman llamaba llamo sea eso esa ese esto esta este estos estas esos esas algo alguien alguno alguna
  algun nada otro otra otros otras cosa cosas lo le les me mi se su sus si no verdad cierto pues bueno
  dame dar deme tal cada uno una
  quiere quieren querer pide piden pidio pidieron pedir pido saca sacan saco sacaron sacar sacando mete meten
  metio metieron meter metiendo llega llego llegaron llegar viene vienen vino venir trae traen trajo traer
  sale salen salio salieron salir dan dio dieron pone ponen puso poner manda mandan mando mandar queda quedan
  quedo quedaron quedar lleva llevan llevo llevar pasa pasan paso pasaron pasar anda siguen sigue suele
  suelen parece debe deben deberia toca tocan trata tratan sirve sirven entra entran entro
  quer querem pede pedem pediu pediram tira tirar sai saem saiu sairam sair fica ficam ficou ficar
  deu deram dar coloca colocar leva levou levar passa passou passaram vem veio vir faz fazem fez fazer deve devem
  ola oi bom boa dia tarde noite obrigado obrigada gostaria preciso queria quero posso pode podem saiba
  diz dizem dizer diga fala falar mostre procuro procurar procurando qual quais quanto quanta quantos
  quantas quem onde porque por pra pro pras pros sao foi foram sera tem ha isso isto aquilo alguem voce
  voces gente la ai aqui entao tambem mais muito ja ainda cada
  hi hello hey thanks thank please want would like need know tell show find looking search question what
  which who whom whose where when why how much many does did is are was were there any some can could about
  el la los las un una unos unas de del al en y e o u para por con sin sobre entre desde hasta segun ante
  contra durante um uma uns umas do da dos das no na nos nas ao aos pelo pela com sem ate
  the a an of to in on at by for with from and or`;

const WORDS: ReadonlySet<string> = new Set(FILLER.split(/\s+/).filter((word) => word !== ""));

export function isFillerWord(word: string): boolean {
  return WORDS.has(word);
}
