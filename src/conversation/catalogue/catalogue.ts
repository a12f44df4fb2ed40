import type { Language } from "../../core/language.ts";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { pt } from "./pt.ts";

/**
 * Everything that Pregonero says in one language. The type makes each language file complete;
 * no text that a citizen reads is written anywhere else. Lines are separated by `\n`.
 */
export interface Catalogue {
  /** BCP 47, for dates. */
  readonly locale: string;
  readonly languageName: string;
  /** Before an edition's number: `n.º`. */
  readonly numberMark: string;
  /** Before a page's number, short: `p.` */
  readonly pageMark: string;
  /** Before a page's number, in a sentence: `página`. */
  readonly pageWord: string;
  readonly welcome: string;
  /** Buttons under the welcome. */
  readonly todayButton: string;
  readonly sourcesButton: string;
  /** Question that a button with an act's title asks. */
  readonly askAboutAct: (title: string) => string;
  readonly help: string;
  readonly unknownCommand: (command: string) => string;
  readonly greeting: string;
  readonly youAreWelcome: string;
  readonly emptyPrompt: string;
  readonly cannotReadMedia: string;
  /** Of what is neither heard nor seen, where voice notes are heard or pictures seen. */
  readonly cannotReadThis: string;
  /** Begins the answer to what was not typed. */
  readonly understood: (words: string) => string;
  readonly voice: { readonly notHeard: string; readonly tooLong: string };
  readonly photoNotRead: string;
  readonly questionWasCut: (keptCharacters: number) => string;
  readonly tooManyMessages: string;
  readonly disclaimer: string;
  /** The tenant does not let it speak about what was asked. */
  readonly forbiddenTopic: string;
  readonly apology: string;
  readonly quotation: {
    /** Stands before the first quotation: says that it is one, from where. */
    readonly introduction: (place: string) => string;
    readonly alsoIn: (place: string) => string;
    /** `place` of a quotation: edition, date, page. */
    readonly place: (edition: string, date: string, page: string) => string;
    /** Below a quotation, to who asks what it means. */
    readonly cannotExplain: string;
  };
  readonly abstention: {
    readonly notFound: string;
    readonly nearest: string;
    readonly whatToTry: string;
  };
  readonly today: {
    readonly heading: (source: string, date: string) => string;
    readonly more: (count: number) => string;
    readonly noEditions: string;
    readonly withoutSection: string;
  };
  readonly search: {
    readonly usage: string;
    readonly heading: (words: string) => string;
    readonly nothing: (words: string) => string;
  };
  readonly sources: {
    readonly heading: string;
    readonly entry: (name: string, editions: number, lastDate: string | undefined) => string;
    readonly none: string;
  };
  readonly language: { readonly ask: string; readonly changed: string };
  readonly preferences: {
    readonly heading: string;
    readonly language: (name: string) => string;
    readonly level: (level: string) => string;
    readonly levels: { readonly simple: string; readonly normal: string };
    readonly levelButtons: { readonly simple: string; readonly normal: string };
    readonly interest: (gazettes: string) => string;
    readonly allGazettes: string;
    readonly languageButton: string;
    readonly howToChange: string;
    /** Below an answer: found where the person reads first, and elsewhere too. */
    readonly alsoElsewhere: (preferred: string, others: string) => string;
    /** Below an answer: found only elsewhere. */
    readonly onlyElsewhere: (preferred: string) => string;
  };
  readonly erase: {
    readonly ask: string;
    readonly yesButton: string;
    readonly noButton: string;
    /** What to write instead of tapping; compared without case or accents. */
    readonly phrase: string;
    readonly done: string;
    readonly kept: string;
  };
  readonly exportData: { readonly caption: string; readonly fileName: string };
  readonly onlyInPrivate: string;
  /** Around a person of the tenant's staff; never who it is. */
  readonly person: {
    readonly asked: string;
    readonly alreadyAsked: string;
    /** Below an answer that found nothing, as others before it. */
    readonly askedByItself: string;
    /** Nobody is there now. `opening` undefined: it is not known when. */
    readonly closed: (opening: string | undefined) => string;
    readonly today: string;
    readonly dayAndTime: (day: string, time: string) => string;
    readonly none: string;
    readonly notNeededButton: string;
    readonly notNeeded: string;
    readonly takenOver: string;
    readonly givenBack: string;
    readonly expired: string;
  };
  /** After `BAJA` and `ALTA`; each names the other. */
  readonly broadcasts: { readonly refused: string; readonly accepted: string };
  /** For the model: the language's own name of itself in an instruction. */
  readonly writeIn: string;
}

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { es, pt, en };

export function catalogue(language: Language): Catalogue {
  return CATALOGUES[language];
}
