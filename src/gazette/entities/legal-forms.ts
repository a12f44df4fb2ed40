/** Legal forms of companies as gazettes write them, the longer ones first; of the text as it is written. */
const FORMS = [
  "Sociedad An[óo]nima(?: de Capital Variable)?",
  "SOCIEDAD AN[ÓO]NIMA(?: DE CAPITAL VARIABLE)?",
  "Sociedad de Responsabilidad Limitada",
  "SOCIEDAD DE RESPONSABILIDAD LIMITADA",
  "Compa[ñn][íi]a Limitada",
  "S\\.?\\s?A\\.?\\s?P\\.?\\s?I\\.? de C\\.?\\s?V\\b\\.?",
  "S\\.?\\s?A\\.?\\s?B?\\.? de C\\.?\\s?V\\b\\.?",
  "S\\.?\\s?(?:de )?R\\.?\\s?L\\b\\.?(?: de C\\.?\\s?V\\b\\.?)?",
  "S\\.\\s?L\\.\\s?(?:U\\.)?",
  "SLU?\\b",
  "S\\/A",
  "S\\.?\\s?A\\.?\\s?S\\b\\.?",
  "S\\.\\s?A\\.?(?:\\s?U\\.)?",
  "SA\\b",
  "S\\.p\\.A\\.",
  "E\\.?I\\.?R\\.?E\\.?L\\.?I\\b\\.?",
  "L(?:td|TD)(?:a|A)?\\b\\.?",
  "Limitada\\b",
  "LIMITADA\\b",
  "Inc\\b\\.?|INC\\b\\.?",
  "Corp\\b\\.?|CORP\\b\\.?|Corporation|CORPORATION",
  "L\\.?L\\.?C\\b\\.?",
  "G(?:mb|MB)H\\b",
  "B\\.V\\.|N\\.V\\.",
  "Co\\., L(?:td|TD)\\b\\.?",
  "Limited|LIMITED",
] as const;

/** After a name: ` S. A.`, `, Sociedad Anónima`, ` LTDA - ME`. */
export const LEGAL_FORM = new RegExp(
  `,?\\s+(?:${FORMS.join("|")})(?:\\s?-?\\s?(?:ME|EPP)\\b)?`,
  "gu",
);
