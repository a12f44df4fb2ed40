/**
 * States whose official name has no more than the adjective of the name that people say: "República Italiana" for
 * Italia. Folded, in Spanish and Portuguese.
 */
const OFFICIAL_ADJECTIVES = `
  italia: italiana italiano; francia: francesa frances; franca: francesa frances; portugal: portuguesa portugues;
  grecia: helenica griega griego; suiza: helvetica suizo; suica: helvetica suico; rusia: rusa ruso; russia: russa russo;
  chequia: checa checo; eslovaquia: eslovaca eslovaco; argelia: argelina argelino; tunez: tunecina tunecino;
  libano: libanesa libanes; siria: siria sirio; mexico: mexicanos mexicana mexicano; inglaterra: britanica britanico;
  holanda: neerlandesa neerlandes; gabon: gabonesa gabones; togo: togolesa togoles`;

const ADJECTIVES: ReadonlyMap<string, readonly string[]> = new Map(
  OFFICIAL_ADJECTIVES.split(";").flatMap((entry) => {
    const [name, adjectives] = entry.split(":").map((part) => part.trim());
    return name === undefined || adjectives === undefined
      ? []
      : [[name, adjectives.split(/\s+/)] as const];
  }),
);

/** The folded words under which a gazette writes of what a folded word names, itself first. */
export function wordsForCountry(word: string): readonly string[] {
  return [...new Set([word, ...(ADJECTIVES.get(word) ?? [])])];
}
