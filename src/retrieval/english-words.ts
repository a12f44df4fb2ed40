import { readGlossary } from "./read-glossary.ts";

/**
 * What people ask in English, in the words of Spanish and Portuguese gazettes; folded. Without it only
 * names and numbers of an English question would meet anything there.
 */
const GLOSSARY = `
  trademark: marca; trademarks: marca marcas; brand: marca; company: empresa sociedad; firm: empresa;
  applicant: solicitante titular; applied: solicita solicitante; requested: solicita; registered: registro inscripcion;
  registration: registro inscripcion; owner: titular propietario; lawyer: apoderado; attorney: apoderado;
  price: precio preco; prices: precios precos; cost: precio costo valor; value: valor; amount: importe valor;
  fee: tasa taxa; tax: impuesto imposto; taxes: impuestos impostos; fixed: fijo fixo; monthly: mes mensual mensal;
  gas: gas; charge: termino tarifa; rate: tarifa; piped: canalizacion; pipeline: canalizacion; lpg: licuados glp;
  contract: contrato; contracts: contratos contrato; tender: licitacion licitacao pregao; bid: licitacion licitacao;
  agreement: convenio acordo; purchase: adquisicion aquisicao compra; supply: suministro fornecimento;
  maintenance: mantenimiento manutencao; machine: maquina maquinas; machines: maquinas; service: servicio servico;
  services: servicios servicos; works: obras; building: edificio; hospital: hospital; hospitals: hospitales hospitais;
  school: escuela escola; university: universidad universidade; professor: profesor profesora professor;
  teacher: profesor docente professor; judge: juez jueza magistrada magistrado; judges: jueces jueza; court: juzgado tribunal;
  appeal: recurso apelacion; deadline: plazo prazo; days: dias; month: mes; months: meses; year: ano; hours: horas;
  date: fecha data; law: ley lei; order: orden ordem; decree: decreto; resolution: resolucion resolucao;
  ministry: ministerio; government: gobierno governo; council: ayuntamiento consejo; mayor: alcalde prefeito;
  municipality: municipio ayuntamiento; city: ciudad municipio; town: municipio; province: provincia; island: isla;
  inhabitants: habitantes; population: habitantes poblacion; people: personas; road: carretera; railway: linea ferroviaria;
  train: tren trem; station: estacion; airport: aeropuerto; beach: playa; park: parque; solar: solar fotovoltaica; wind: viento eolico;
  plant: planta; power: potencia energia; electricity: electricidad energia; water: agua; trees: arboles arvores; tree: arbol;
  jobs: plazas puestos; job: plaza puesto; position: puesto cargo; vacancies: plazas vagas; exam: oposicion prova;
  competition: concurso; candidates: candidatos aspirantes; appointed: nombra nombramiento nomear; appointment: nombramiento nomeacao;
  resigned: cese exoneracao; retired: jubilacion aposentadoria; retirement: jubilacion aposentadoria; salary: retribuciones salario;
  scholarship: beca bolsa; training: formacion formacao; course: curso; sports: deporte deportivas; athletics: atletismo;
  coach: entrenador tecnico; first: primeros; aid: auxilios; consulate: consular consulado; consular: consular;
  holiday: feriado; leave: licencia licenca; paternity: paternidad paternidade; firefighters: bombeiros bomberos;
  police: policia; ambulances: ambulancias resgate viaturas; car: automovil; cars: automoviles vehiculos; vehicles: vehiculos veiculos;
  beer: cerveza; brewery: cerveceria; wine: vino vinos; drinks: bebidas; coffee: cafe; food: alimentos; clothes: ropa vestir;
  clothing: ropa vestir; shoes: calzado; medicine: medicamentos farmaceuticos; drug: farmaceutico medicamento; pharmaceutical: farmaceuticos;
  cream: crema; hair: cabello; skin: piel; baby: bebe; children: ninos; dogs: perros animales; bank: banco; card: tarjeta; debit: debito;
  music: musica; game: juego; software: software; hotel: hotel hoteleria; restaurant: restaurante; fertilizer: fertilizante;
  class: clase classe; classes: clases; colours: colores; colors: colores; logo: logo reservas; signs: firma director;
  signed: firma assinatura; cancelled: cancelacion; rejected: rechaza; approved: aprueba aprovado; fine: multa; permit: permiso autorizacion;
  licence: licencia; license: licencia; concession: concesion; file: expediente; number: numero; annex: anexo; requirements: requisitos;
  january: enero janeiro; february: febrero fevereiro; march: marzo marco; april: abril; may: mayo maio; june: junio junho;
  july: julio julho; august: agosto; september: septiembre setiembre setembro; october: octubre outubro;
  november: noviembre novembro; december: diciembre dezembro; spain: espana espanha; brazil: brasil; honorary: honorario;
  italy: italia italiana; france: francia francesa; greece: grecia helenica; switzerland: suiza helvetica; germany: alemania alemanha;
  magistrate: magistrado magistrada; declared: declara; special: especiales`;

const WORDS = readGlossary(GLOSSARY);

/** Whether the gazettes have a word of their own for the folded English one. */
export function isEnglishWord(word: string): boolean {
  return WORDS.has(word);
}

/** The folded words that an English word is looked up by, itself among them: it may be a name. */
export function wordsForEnglish(word: string): readonly string[] {
  const meanings = WORDS.get(word) ?? [];
  return meanings.includes(word) ? meanings : [word, ...meanings];
}
