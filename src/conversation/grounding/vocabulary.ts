import type { Language } from "../../core/language.ts";
import { wordsForEnglish } from "../../retrieval/english-words.ts";
import { stem } from "../content-words.ts";

/** Groups of words that say the same in a gazette, folded. A paraphrase swaps one for another. */
const SYNONYMS = `
  solicita pide requiere gestiona solicito pidio quiere solicitan piden solicitud peticion pedido pede requer aplica;
  inscripcion registro registrar inscribir inscribe registra anotacion inscricao registar;
  empresa sociedad compania firma entidad companhia sociedade;
  domicilio direccion sede domiciliada ubicada residencia endereco situada localizada;
  plazo termino periodo prazo tiempo; proteger amparar cubrir distinguir identificar; trabajador empleado funcionario;
  fecha dia data; presentada ingresada recibida presento entregada apresentada; articulo precepto;
  nombra designa nombrada designado nombramiento designacion nomeia nomear nomeacao nombrado; cargo puesto plaza;
  precio importe valor monto cantidad costo coste cuantia preco custo; multa sancion penalidad;
  licitacion concurso contratacion; vivienda casa; vehiculo automovil coche carro viatura veiculo viaturas;
  ley norma legislacion lei; resolucion acuerdo decision resuelto resuelta resolvio resuelve; publica publicada publico publicado publicacion anuncia;
  autoriza permite aprueba autorizacion permiso permite autorizado; convoca llama convocatoria;
  deja cesa cese abandona; recurso impugnacion apelacion; obra obras trabajos; suministro entrega provision fornecimento;
  ayuntamiento municipio alcaldia municipalidad prefeitura; juzgado tribunal corte; medicamento farmaceutico;
  contrato convenio; duracion duran durara dura; maximo tope limite; minimo menos; habitantes personas poblacion;
  viaje trayecto recorrido; firma suscribe firmado firman assina; objeto finalidad proposito; marca signo distintivo`;

/** Pairs of which one is never said for the other. */
const OPPOSITES = `autoriza deniega;autorizado denegado;autorizacion denegacion;aprueba rechaza;aprobado rechazado;
  admite inadmite;admitida inadmitida;concede deniega;concedida denegada;nombra cesa;nombrado cesado;nombramiento cese;
  obligatorio voluntario;obligatoria voluntaria;prohibe permite;prohibido permitido;aumenta disminuye;sube baja;
  gratuito oneroso;incluye excluye;estima desestima;estimado desestimado;suprime crea;supresion creacion;abre cierra;
  publico privado;vigente derogado;aprova rejeita;nomeia exonera;autorizada negada;defere indefere;deferido indeferido;
  approved rejected;granted denied;allowed forbidden;appointed dismissed;increases decreases`;

const GROUP_OF = new Map<string, string>(
  SYNONYMS.split(";").flatMap((group, index) =>
    group
      .trim()
      .split(/\s+/)
      .map((word) => [stem(word), `=${index}`] as const),
  ),
);

const OPPOSITE_OF: ReadonlyMap<string, ReadonlySet<string>> = buildOpposites();

/** What an answer says about its own source; weighs nothing. */
export const FRAME_WORDS = new Set(
  `gaceta gacetas publica publicado publicada publico documento texto aviso indica senala informa menciona establece
  consta aparece segun pasaje pasajes fuente boletin diario oficial edicion pagina dice ademas tambien asimismo
  documento publicacao conforme informado indicado trecho trechos citado according gazette published passage notice
  fecha data date dated given called
  states says text document named mentions listed shown appears also official edition issue page`.split(
    /\s+/,
  ),
);

/** Words that a sentence begins with and that are no names. */
const OPENERS = new Set(
  `el la los las lo un una unos unas al del de en con sin por para segun sobre tras desde hasta entre ante bajo
  durante mediante contra como cuando donde quien quienes que cual cuyo si no ni y o u e pero sino aunque porque pues
  esta este estas estos esto esa ese esas esos eso aquel aquella su sus mi tu nuestro dicho dicha dichos dichas ello
  ella ellos ellas usted ustedes se le les nos hay existe existen consta constan es son fue fueron era sera seran ser
  esta estan tiene tienen puede pueden podra podran debe deben debera deberan ha han habra hubo hace solo ambos ambas
  cada todo toda todos todas otro otra otros otras ningun ninguna ninguno algun alguna algunos algunas mas menos muy
  asimismo ademas tambien igualmente finalmente luego despues antes ahora hoy ayer aqui alli asi entonces cabe conforme
  respecto dentro fuera junto luego mientras quedan queda primero segundo tercero respuesta resumen nota importante
  o os a as ao aos um uma uns umas do da dos das no na nos nas em com sem pelo pela pelos pelas segundo conforme apos
  ate perante quando onde quem qual se nao nem e ou mas porem embora porque este esta estes estas isto esse essa isso
  seu sua seus suas eles elas voce ha existe existem sao foi foram era sera serao tem pode podem deve devem so
  ambos cada todo toda todos todas outro outra nenhum alguma tambem alem finalmente depois antes agora hoje ontem aqui
  the a an of in on at by for from to with without under over about after before during until since as if when where
  who which that this these those it its he she they their there here is are was were be has have had does did can
  could may might must shall should will would not no yes and or but so also both each all any some other another more
  most only according however therefore finally then now today under per via please one two first second third
  official answer summary note applications`.split(/\s+/),
);

const TRANSLATED = new Map(
  `registry:registro national:nacional state:estado spain:espana brazil:brasil ministry:ministerio order:orden
  royal:real decree:decreto act:ley court:juzgado,tribunal supreme:supremo director:director,directora general:general
  secretary:secretario,secretaria secretariat:secretaria office:oficina council:consejo,ayuntamiento bank:banco
  institute:instituto board:junta commission:comision committee:comite republic:republica president:presidente
  minister:ministro,ministra industry:industria,industriales tourism:turismo trade:comercio health:salud,sanidad,saude
  education:educacion,educacao foreign:exteriores affairs:asuntos energy:energia mines:minas policy:politica
  company:sociedad,empresa limited:limitada city:ciudad,municipio province:provincia january:enero,janeiro consul:consul
  consular:consular consulate:consulado honorary:honoraria,honorario union:union european:europea article:articulo
  annex:anexo law:ley,lei public:publico,publica administration:administracion resolution:resolucion agency:agencia
  federal:federal district:distrito department:departamento,secretaria spanish:espana,espanola university:universidad,universidade`
    .split(/\s+/)
    .map((entry) => {
      const [word = "", meanings = ""] = entry.split(":");
      return [word, meanings.split(",")] as const;
    }),
);

/** The form under which a word and its synonyms compare. */
export function meaning(word: string): string {
  const short = stem(word);
  return GROUP_OF.get(short) ?? short;
}

/** Whether a folded first word of a sentence is no name, whatever its capital says. */
export function isOpener(word: string): boolean {
  return OPENERS.has(word) || FRAME_WORDS.has(word) || /(?:mente|ly)$/.test(word);
}

/** Stems that would contradict a word. */
export function oppositesOf(word: string): ReadonlySet<string> {
  return OPPOSITE_OF.get(stem(word)) ?? NONE;
}

const NONE: ReadonlySet<string> = new Set();

/** The words that a word of an answer may be in a gazette of another language, itself among them. Folded. */
export function translations(word: string, language: Language): readonly string[] {
  if (language === "en") {
    return [word, ...wordsForEnglish(word), ...(TRANSLATED.get(word) ?? [])];
  }
  return [word, ...cognates(word)];
}

/** Endings by which Spanish and Portuguese write one word. */
const ENDINGS: readonly (readonly [RegExp, string])[] = [
  [/coes$/, "ciones"],
  [/ciones$/, "coes"],
  [/cao$/, "cion"],
  [/cion$/, "cao"],
  [/dade$/, "dad"],
  [/dad$/, "dade"],
  [/dades$/, "dades"],
  [/gem$/, "je"],
  [/m$/, "n"],
];

function cognates(word: string): readonly string[] {
  return ENDINGS.flatMap(([ending, other]) =>
    ending.test(word) ? [word.replace(ending, other)] : [],
  );
}

function buildOpposites(): ReadonlyMap<string, ReadonlySet<string>> {
  const map = new Map<string, Set<string>>();
  const add = (word: string, other: string) => {
    const known = map.get(stem(word)) ?? new Set();
    map.set(stem(word), known.add(stem(other)));
  };
  for (const pair of OPPOSITES.split(";")) {
    const [one = "", other = ""] = pair.trim().split(/\s+/);
    add(one, other);
    add(other, one);
  }
  return map;
}
