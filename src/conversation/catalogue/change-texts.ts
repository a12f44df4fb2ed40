import type { Relation } from "../../core/entities.ts";
import type { Language } from "../../core/language.ts";

/** What is said of acts that change the one which an answer cites. */
export interface ChangeTexts {
  /** `number`: of the citation that is changed. `by` and `place`: of the act that changes it. */
  readonly changed: (number: number, how: string, by: string, place: string) => string;
  readonly how: Readonly<Record<Relation, string>>;
  /** Of a part: `fue modificado` as it is, `fue derogado en parte`. */
  readonly inPart: string;
}

const es: ChangeTexts = {
  changed: (number, how, by, place) => `Atención: el acto de [${number}] ${how} «${by}» (${place})`,
  how: {
    derogates: "está derogado o dejado sin efecto{part} por",
    corrects: "está corregido (fe de erratas) por",
    modifies: "está modificado por",
    adds: "tiene adiciones de",
    extends: "está prorrogado por",
    regulates: "está reglamentado por",
  },
  inPart: ", en parte,",
};

const pt: ChangeTexts = {
  changed: (number, how, by, place) => `Atenção: o ato de [${number}] ${how} «${by}» (${place})`,
  how: {
    derogates: "está revogado ou tornado sem efeito{part} por",
    corrects: "está retificado por",
    modifies: "está alterado por",
    adds: "tem acréscimos de",
    extends: "está prorrogado por",
    regulates: "está regulamentado por",
  },
  inPart: ", em parte,",
};

const en: ChangeTexts = {
  changed: (number, how, by, place) => `Note: the act of [${number}] ${how} “${by}” (${place})`,
  how: {
    derogates: "is repealed or left without effect{part} by",
    corrects: "is corrected by",
    modifies: "is amended by",
    adds: "is added to by",
    extends: "is extended by",
    regulates: "is regulated by",
  },
  inPart: ", in part,",
};

const TEXTS: Readonly<Record<Language, ChangeTexts>> = { es, pt, en };

export function changeTexts(language: Language): ChangeTexts {
  return TEXTS[language];
}
