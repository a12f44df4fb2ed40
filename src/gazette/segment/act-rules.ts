/**
 * How acts begin and end in the gazettes we know, as data. A rule looks at one line; its pattern is
 * so particular to a kind of publication that all rules can be tried on every document.
 */
export interface ActRule {
  /** Where it is found, for people. */
  readonly seenIn: string;
  /** The first line of an act. */
  readonly begins?: RegExp;
  /** The last line of an act: the line after it begins another. */
  readonly ends?: RegExp;
  /** Title of the act, from its whole text on one line; the first group that matched. */
  readonly title?: RegExp;
  /** The act is a form: nothing within it is a heading, whatever it looks like. */
  readonly isForm?: boolean;
}

export const ACT_RULES: readonly ActRule[] = [
  {
    seenIn: "La Gaceta (CR): every notice ends with its receipt number",
    // A scan may read the I as 1, or lose the number: then the registrar's title ends the notice.
    ends: /\((?:[I1l]N|D|O\.? ?C\.?)\d{8,}\)\.?\s*$|\([I1l]N ?\d{4}-?\d{5,}\)\.?\s*$|Registradora?\.\s*$/,
    title:
      /solicita(?:n)? la inscripci[óo]n\s+de:?\s+(?!como\b)(.{2,80}?)\s+(?:en clase.{1,40}?)?como\s+(?:marca|nombre|se[ñn]al|emblema)/i,
  },
  {
    seenIn: "SENAPI (BO): one form per sign",
    isForm: true,
    begins: /^NUMERO DE PUBLICACI[OÓ]N\b/,
    title: /NOMBRE DEL SIGNO\s+(.{1,100}?)\s+(?:GENERO DEL SIGNO|NUMERO DE)/,
  },
  {
    seenIn: "ONAPI (DO): one row per application",
    isForm: true,
    begins: /^E\/\d{4}-\d+\s/,
    title: /^E\/\d{4}-\d+\s+[\d/]+\s+[\d,\s]*(\S.{1,90}?)(?:\s+\d{1,2}-|\.\.|$)/,
  },
  {
    seenIn: "BOE (ES): a disposition begins with its number",
    begins:
      /^\d{1,6}\s+(?:Resoluci[óo]n|Orden|Real Decreto|Ley|Acuerdo|Instrucci[óo]n|Decreto|Circular|Correcci[óo]n|Sentencia|Recurso|Cuesti[óo]n|Conflicto|Anuncio|Extracto|Edicto|Enmiendas?|Convenio|Instrumento)\b/,
  },
  {
    seenIn: "La Gaceta (NI): register number, receipt, price",
    begins: /^Reg\.?\s*\d[\d.]*\s*[-–]\s*M\.?\s*\d+/i,
  },
];

/** The code of a document, in the BOE's summary: the first line of its entry, or at the end of the only one. */
export const SUMMARY_ENTRY = /\bBOE-[A-Z]-\d{4}-\d+\s*$/;

/** Words that open the title of an act, in capitals. */
export const ACT_TITLE =
  /^(?:PORTARIAS?|DECRETO|LEI|LEY|RESOLU[ÇC][ÃA]O|RESOLUCI[ÓO]N|ORDE(?:M|NS) DE SERVI[ÇC]O|ORDEN|INSTRU[ÇC][ÃA]O|EDITAL|EDICTO|AVISOS?|EXTRA[TC]TOS?|DESPACHOS?|ATOS?|ATA|PAUTA|ACTA|ACUERDO|ACORD[ÃA]O|ACÓRD[ÃA]O|RETIFICA[ÇC][ÃA]O|REPUBLICA[ÇC][ÃA]O|APOSTILA|LICITACI[ÓO]N|REMATE|CONVOCAT[ÓO]RIA|FE DE ERRATAS|ALCANCE|DIRECTRIZ|REGLAMENTO|CIRCULAR|CONVENIO|TERMO|HOMOLOGA[ÇC][ÃA]O|CERTIFICACI[ÓO]N|ESTATUTOS|LICEN[ÇC]A|RATIFICA[ÇC][ÃA]O|DELIBERA[ÇC][ÃA]O|PORTARIA CONJUNTA|EMENDA|MENSAGEM|ADJUDICACI[ÓO]N|CITACI[ÓO]N|NOTIFICACI[ÓO]N|PREG[ÃA]O|RESULTADO|DECIS[ÃA]O)\b/;

/** Formulas within an act, set like headings. */
export const FORMULA =
  /^(?:CONSIDERANDOS?|POR TANTO|RESUELVEN?|ACUERDAN?|DECRETAN?|RESOLVE|DETERMINA|DECLARA|VISTOS?|RESULTANDO|HACE SABER|[IVX]+|POR TANTO,? RESUELVE)\s*[:.]?$/;

/** Institutions: a heading with such a word names who issues what follows. */
export const INSTITUTION =
  /\b(?:MINISTERIO|SECRETAR[IÍ]A|SUBSECRETAR[IÍ]A|TRIBUNAL|INSTITUTO|C[ÁA]MARA|JUNTA|REGISTRO|MUNICIPALIDAD|UNIVERSIDADE?S?|CONSEJO|CONSELHO|AUTORIDAD|AG[ÊE]NCIA|COMPANHIA|COMPA[ÑN][IÍ]A|EMPRESA|BANCO|CORPORACI[ÓO]N|FUNDA[ÇC][ÃA]O|FUNDACI[ÓO]N|DEPARTAMENTO|DIRE[TC]?[ÇC][ÃA]O|DIRECCI[ÓO]N|DIRETORIA|GER[ÊE]NCIA|COORDENA[ÇC][ÃA]O|PROCURADUR[IÍ]A|PROCURADORIA|DEFENSOR[IÍ]A|CONTRALOR[IÍ]A|CONTROLADORIA|CORTE|JUZGADOS?|SERVICIOS COMUNES|ASAMBLEA|ASSEMBLEIA|PRESIDENCIA|PRESID[ÊE]NCIA|GOVERNADOR[IA]*|CASA CIVIL|COMISI[ÓO]N|COMISS[ÃA]O|POL[IÍ]CIA|CORPO DE BOMBEIROS|ADMINISTRA[ÇC][ÃA]O REGIONAL|ADMINISTRA[ÇC][ÕO]ES REGIONAIS|COLEGIO|SUPERINTEND[EÊ]NCIA|JUSTICIA|HACIENDA|EDUCACI[ÓO]N|PODER (?:EXECUTIVO|EJECUTIVO|LEGISLATIVO|JUDICIAL|JUDICI[ÁA]RIO)|UNIDADE|SERVI[ÇC]O|PREFEITURA|OFICINA NACIONAL|VICEPRESIDENCIA|CENTRO|HOSPITAL)\b/;

/** Parts of a gazette. */
export const SECTION =
  /^(?:SE[CÇ][CÇ]?I?[ÓOÃA]+[NO]?\s+[IVX\d]+|[IVX]{1,5}\.?\s*[-–.]\s*\p{Lu}|[A-E]\.\s+\p{Lu}|PODER (?:EXECUTIVO|EJECUTIVO|LEGISLATIVO|JUDICIAL|JUDICI[ÁA]RIO)$|DECRETOS$|LICITA[ÇC][ÕO]ES|PORTARIAS?\b(?!.*\d)|DOCUMENTOS VARIOS|INSTITUCIONES DESCENTRALIZADAS|R[ÉE]GIMEN MUNICIPAL|AVISOS$|NOTIFICACIONES$|EDITAIS|INEDITORIAIS|CONTRATACI[ÓO]N ADMINISTRATIVA|REMATES$|REGLAMENTOS$|DECRETOS E\b|SOLICITADAS)/u;

/** Divisions within an act: they head passages but do not end the act. */
export const DIVISION =
  /^(?:Art(?:[íi]culo|igo|\.)\s*(?:\d+|[úu]nico|primero)|CAP[IÍ]TULO\b|T[IÍ]TULO\b|ANEXOS?\b|Anexos?\s+[IVX\d]+|SECCI[ÓO]N\b|Secci[óo]n\s|Disposici[óo]n\s+(?:adicional|transitoria|derogatoria|final)|DISPOSICI[ÓO]N|M[óo]dulo\s|C[óo]digo:|(?:PRIMER[OA]|SEGUND[OA]|TERCER[OA]|CUART[OA]|QUINT[OA]|SEXT[OA]|S[ÉE]PTIM[OA]|OCTAV[OA]|[ÚU]NICO)\b)/;
