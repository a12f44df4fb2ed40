/** What citizens ask of the sample edition (BOE of 15 April 2024), answerable and not, so that every path is loaded. */
export const QUESTIONS: readonly string[] = [
  "que paso con el consulado de Ventimiglia, lo cerraron?",
  "profesora titular nueva en la uni de Salamanca nombre",
  "que ministerio saca la oposicion de ingeniero industrial del estado en abril 2024",
  "Comillas cuantas plazas sacó el ayuntamiento?",
  "de que va el acuerdo entre prisiones y el pueblo de Alcàntera de Xúquer",
  "numero de expediente de la compra de calcetines para la base aerea de Torrejón",
  "en cual linea de cercanias de madrid van a cambiar las señales, entre Atocha y Móstoles",
  "cuantos megavatios tiene la planta solar Fausita y en q municipios va?",
  "columpios en la playa de San Sebastián: en qué playa son y quién pide el permiso",
  "cuantos arboles piden cortar en Guitiriz?",
  "en que provincia esta el paso a nivel que van a quitar en Caudete",
  "que dia del mes cambia el precio del gas por tuberia",
  "¿Qué multa hay por fumar en la playa?",
  "necesito renovar el pasaporte, ¿qué papeles llevo?",
  "nombramientos de la universidad de Salamanca",
  "¿Hay ayudas para vivienda joven?",
];

export function questionOf(index: number): string {
  return QUESTIONS[index % QUESTIONS.length] ?? "";
}
