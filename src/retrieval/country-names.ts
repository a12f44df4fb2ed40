import { readGlossary } from "./read-glossary.ts";

/**
 * States that gazettes often name by an adjective only, as in "República Italiana" for Italia. Folded, in Spanish and
 * Portuguese. Portuguese França is left out: folded it is the Spanish word of "zona franca".
 */
const ADJECTIVES = readGlossary(`
  italia: italiana italiano; francia: francesa frances; portugal: portuguesa portugues; grecia: helenica griega griego;
  suiza: helvetica suizo; suica: helvetica suico; rusia: rusa ruso; russia: russa russo; chequia: checa checo;
  eslovaquia: eslovaca eslovaco; argelia: argelina argelino; tunez: tunecina tunecino; libano: libanesa libanes;
  mexico: mexicanos mexicana mexicano; inglaterra: britanica britanico; holanda: neerlandesa neerlandes;
  gabon: gabonesa gabones; togo: togolesa togoles`);

/** The folded words under which a gazette writes of what a folded word names, itself first. */
export function wordsForCountry(word: string): readonly string[] {
  return [word, ...(ADJECTIVES.get(word) ?? [])];
}
