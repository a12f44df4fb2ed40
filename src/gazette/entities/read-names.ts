import type { EntityKind } from "../../core/entities.ts";
import type { Stretch } from "../../core/gazette-archive.ts";
import { nameKey } from "./fold-in-place.ts";
import { LEGAL_FORM } from "./legal-forms.ts";

/** A thing named in a text, as written there. */
export interface Named extends Stretch {
  readonly kind: EntityKind;
  readonly key: string;
  readonly name: string;
}

const WORD = "\\p{Lu}[\\p{L}\\p{M}'’.&/-]*";
const LINK = "(?:de la|de las|de los|de|del|da|das|do|dos|e|y|la|las|los|van|von|&)";
/** Capitalised words of one paragraph with what joins them: `Grettel Solís Fernández`, `José Manuel de la Cruz`. */
const NAME = `${WORD}(?: (?:${LINK} )?${WORD}){1,6}`;
const TITLE_LIMIT = 120;

/** Before a company's name stands what it is to the act, which gazettes also begin with a capital. */
const ROLES =
  /^(?:Apoderad[oa]s?(?:\s(?:Especial|General|Generalísim[oa]|Judicial))?(?:\sde)?|Representante(?:\sLegal)?(?:\sde)?|Recorrid[ao]s?|Recorrentes?|Interessad[ao]s?|INTERESSAD[AO]S?|Advogad[ao]|Empresas?|EMPRESAS?|Contratad[ao]s?|CONTRATAD[AO]S?|Adquirentes?|ADQUIRENTES?|Requerentes?|Sociedad|Compañía|Entidad|Banco de la|Objeto|OBJETO|Partes?|PARTES|Fornecedor|FORNECEDOR|Favorecid[ao]|FAVORECID[AO]|Contribuinte|CONTRIBUINTE|El|La|Los|Las|A|O|As|Os|E|Y|De|Del|Da|Do)\s+/u;

/** "Art. 5 Inc. c" is no Incorporated. */
const NO_COMPANY = /^(?:art|arts|articulo|artigo|numeral|decreto|ley|lei|parrafo|paragrafo)\b/;

/** Companies, by the legal form that follows their name. */
export function readCompanies(text: string): readonly Named[] {
  return [...text.matchAll(LEGAL_FORM)].flatMap((form) => {
    const end = form.index + form[0].trimEnd().length;
    const start = startOfName(text, form.index);
    if (start === undefined) return [];
    const bare = text.slice(start, form.index).replace(/[\s,]+$/, "");
    const key = nameKey(bare);
    if (key.replace(/[^\p{L}]/gu, "").length < 3 || NO_COMPANY.test(key)) return [];
    return [{ kind: "company", key, name: oneLine(text.slice(start, end)), start, end } as const];
  });
}

const NAME_BEFORE = new RegExp(
  `(?:(?:${WORD}|\\d+)(?:\\s+(?:${LINK}\\s+)?|,\\s(?=\\p{Lu}\\p{Ll}+$)))*(?:${WORD}|\\d+)$`,
  "u",
);

/** Back over capitalised words, to what ends a phrase. */
function startOfName(text: string, end: number): number | undefined {
  const from = Math.max(0, end - TITLE_LIMIT);
  const before = text.slice(from, end);
  // A bullet, colon or bracket, or a full stop after a word of more letters than an initial, ends what came before.
  const cut = before.search(/[^:;()«»"“”—–\n]*$/u);
  const phrase = before.slice(cut).replace(/^.*\p{Ll}{3,}\.\s/u, "");
  const name = NAME_BEFORE.exec(phrase)?.[0];
  if (name === undefined) return undefined;
  let bare = name;
  while (ROLES.test(bare)) bare = bare.replace(ROLES, "");
  return /^\p{Lu}/u.test(bare) ? end - bare.length : undefined;
}

const PERSON_RULES: readonly RegExp[] = [
  // Notices begin with who asks: "Ana Mora Solano, casada, cédula de identidad 1…".
  new RegExp(
    `(?<name>${NAME}),\\s+(?:mayor,?\\s+)?(?:casad[oa]|solter[oa]|viud[oa]|divorciad[oa]|c[ée]dula|portador[a]?|pasaporte|brasileir[oa]|mat\\.|CPF|RG)`,
    "gu",
  ),
  new RegExp(`(?<name>${NAME}),?\\s+(?:matr[ií]cula|\\(RE N)`, "gu"),
  // In capitals after the last sentence: whoever signs.
  /[.;:]\s(?<name>\p{Lu}{2,}(?:\s(?:D[AEO]S?\s|E\s)?\p{Lu}{2,}){1,6})\s*$/gu,
  // Signatures: "—Grettel Solís Fernández, Registradora", "El Ministro de …, José Manuel Albares Bueno".
  new RegExp(
    `[—–-]\\s?(?:\\([fF]\\)\\s?)?(?<name>${NAME}),\\s+(?:Registrador|Director|Ministr|President|Secretari|Notari|Jef|Alcald|Gerente|Coordinador|Proveedor)`,
    "gu",
  ),
  new RegExp(
    `(?:Ministr[oa]|Director[a]?(?: General)?|Subsecretari[oa]|Secretari[oa](?: General)?|President[ea]|Rector[a]?|Alcalde|Alcaldesa)(?:\\s+(?:de|del|para)[^.,;:]{2,90}(?:,\\s\\p{Lu}[^.,;:]{2,60}){0,2})?,\\s+(?<name>${NAME})\\.`,
    "gu",
  ),
  new RegExp(`\\b(?:don|doña|Don|Doña|D\\.ª?|Dña\\.)\\s+(?<name>${NAME})`, "gu"),
  new RegExp(
    `(?:NOMEAR|EXONERAR|DESIGNAR|nomeou|exonerou|designou|aposentou|servidor(?:a)?(?: p[úu]blic[oa](?: municipal)?)?|NOMBRAR a|Nombrar a|Nómbrase a|representad[oa] por)\\s+(?:[oa]\\s+)?(?<name>${NAME})`,
    "gu",
  ),
];
/** Words in capitals that no name has. */
const NO_NAME =
  /\b(?:ministeri|secretari|direc|registro|departamento|diario|diário|gaceta|boletin|distrito|federal|comiss|processo|decreto|portaria|ordem|cargo|gerencia|gerência|chefe|assessor|limitada|sociedad|s\.a|ltda|municip|rep[úu]blica|universi|nacional|estado|lei|ley|public|anónima|administra|industria|comercio|secci[oó]n|judicial)/iu;

/** What is done to somebody may begin with a capital, too. */
const LEAD =
  /^(?:Designar|DESIGNAR|Nomear|NOMEAR|Exonerar|EXONERAR|Conceder|CONCEDER|Dispensar|DISPENSAR|Nombrar|Art\.|Servidor[a]?|Sr[a]?\.|Dr[a]?\.|Don|Doña|El|La|Los|O|A|E|Y|Por)\s+/u;

function withoutLead(name = ""): string {
  let bare = name;
  while (LEAD.test(bare)) bare = bare.replace(LEAD, "");
  return bare;
}

/** People, where the text says that it names one. */
export function readPersons(text: string): readonly Named[] {
  return PERSON_RULES.flatMap((rule) =>
    [...text.matchAll(rule)].flatMap((match) => {
      const name = withoutLead(match.groups?.name).replace(/[\s,.–-]+$/u, "");
      if (name === "" || NO_NAME.test(name) || /\d/.test(name)) return [];
      const start = match.index + match[0].indexOf(name);
      const words = nameKey(name).split(" ");
      if (words.filter((word) => word.length > 2).length < 2) return [];
      const end = start + name.length;
      return [{ kind: "person", key: words.join(" "), name: oneLine(name), start, end } as const];
    }),
  );
}

const BODY =
  /(?<![\p{L}])(?:Ministerio|Ministério|MINISTERIO|MINISTÉRIO|Secretar[ií]a(?: de Estado| General| Municipal| Especial)?|SECRETAR[IÍ]A(?: DE ESTADO)?|Municipalidad|MUNICIPALIDAD|Ayuntamiento|Prefeitura(?: Municipal)?|Direcci[óo]n General|Subsecretaría|Universidade?|Câmara(?: Municipal| Legislativa)?|Asamblea Legislativa|Contralor[ií]a(?: General)?|Procurador[ií]a(?: General| Geral)?|Tribunal(?: Supremo| Superior)?|Banco Central|Administração Regional|Instituto|Superintendencia|Superintendência|Agência|Agencia|Consejo|Conselho|Confederación Hidrográfica|Defensoría|Departamento de Trânsito|Registro de la Propiedad)(?:\s+(?:(?:de|da|do|das|dos|del|e|y|para|por|la|el|las|los|a|o|em|en|contra)\s+){0,3}\p{Lu}[\p{L}\p{M}-]*(?:,(?=\s\p{Lu}\p{Ll}+(?:,| y | e )))?){1,10}/gu;

/** Institutions, where the text names one by its full name. */
export function readBodies(text: string): readonly Named[] {
  return [...text.matchAll(BODY)].flatMap(({ index, 0: name }) => {
    const key = nameKey(name);
    if (key.split(" ").length < 2 || key.length > 120) return [];
    return [
      { kind: "body", key, name: oneLine(name), start: index, end: index + name.length } as const,
    ];
  });
}

const PLACE =
  /(?:domicilio en|domiciliad[oa] en|con sede en|residente en|vecin[oa] de|município de|Município de|municipio de|término municipal de|cantón de|distrito de|provincia de|Provincia de|ciudad de|cidade de|Região Administrativa (?:de|do|da)|Administração Regional (?:de|do|da))\s+(?<name>\p{Lu}[\p{L}\p{M}'-]*(?:\s+(?:(?:de la|de los|de|del|do|da|dos|das)\s+)?\p{Lu}[\p{L}\p{M}'-]*){0,4})/gu;

/** "San José, 24 de setiembre": where it is signed. */
const SIGNED_AT =
  /(?:^|[—–.\n]\s?)(?<name>\p{Lu}\p{Ll}[\p{L}\p{M}'-]*(?:\s(?:(?:de la|de los|de|del|do|da)\s)?\p{Lu}\p{Ll}[\p{L}\p{M}'-]*){0,3})(?=,\s\d{1,2}\s?º?\sde\s)/gu;

/** Places, after the words that say that one follows, or before a date. */
export function readPlaces(text: string): readonly Named[] {
  return [...text.matchAll(PLACE), ...text.matchAll(SIGNED_AT)].flatMap((match) => {
    const name = match.groups?.name;
    if (name === undefined) return [];
    const start = match.index + match[0].length - name.length;
    return [
      {
        kind: "place",
        key: nameKey(name),
        name: oneLine(name),
        start,
        end: start + name.length,
      } as const,
    ];
  });
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
