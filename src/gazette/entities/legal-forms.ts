/** As `\\b`, which takes an accented letter for the end of a word. */
const END = "(?![\\p{L}\\p{N}])";

/** Legal forms of companies as gazettes write them, the longer ones first; of the text as it is written. */
const FORMS = [
  "Sociedad An[óo]nima(?: de Capital Variable)?",
  "SOCIEDAD AN[ÓO]NIMA(?: DE CAPITAL VARIABLE)?",
  "Sociedad de Responsabilidad Limitada",
  "SOCIEDAD DE RESPONSABILIDAD LIMITADA",
  "Compa[ñn][íi]a Limitada",
  `S\\.?\\s?A\\.?\\s?P\\.?\\s?I\\.? de C\\.?\\s?V${END}\\.?`,
  `S\\.?\\s?A\\.?\\s?B?\\.? de C\\.?\\s?V${END}\\.?`,
  `S\\.?\\s?(?:de )?R\\.?\\s?L${END}\\.?(?: de C\\.?\\s?V${END}\\.?)?`,
  "S\\.\\s?L\\.\\s?(?:U\\.)?",
  `SLU?${END}`,
  "S\\/A",
  `S\\.?\\s?A\\.?\\s?S${END}\\.?`,
  "S\\.\\s?A\\.?(?:\\s?U\\.)?",
  `SA${END}`,
  "S\\.p\\.A\\.",
  `E\\.?I\\.?R\\.?E\\.?L\\.?I${END}\\.?`,
  `L(?:td|TD)(?:a|A)?${END}\\.?`,
  `Limitada${END}`,
  `LIMITADA${END}`,
  `Inc${END}\\.?|INC${END}\\.?`,
  `Corp${END}\\.?|CORP${END}\\.?|Corporation|CORPORATION`,
  `L\\.?L\\.?C${END}\\.?`,
  `G(?:mb|MB)H${END}`,
  "B\\.V\\.|N\\.V\\.",
  `Co\\., L(?:td|TD)${END}\\.?`,
  "Limited|LIMITED",
] as const;

/** After a name: ` S. A.`, `, Sociedad Anónima`, ` LTDA - ME`. */
export const LEGAL_FORM = new RegExp(
  `,?\\s+(?:${FORMS.join("|")})(?:\\s?-?\\s?(?:ME|EPP)${END})?`,
  "gu",
);
