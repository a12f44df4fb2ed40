import type { GazetteDate } from "../../core/gazette.ts";

/** What a reference says of the act that it means. */
interface MeantAct {
  /** As it is named: `ordinance:2/2019`. */
  readonly key: string;
  readonly gazetteOn: GazetteDate | undefined;
  readonly gazettePage: number | undefined;
  readonly enactedOn: GazetteDate | undefined;
  /** Who issued the act that refers. */
  readonly issuingBody: string;
  /** Whose gazette that one is in. */
  readonly sourceId: string;
  readonly country: string;
  readonly publishedOn: GazetteDate;
  readonly sentence: string;
  readonly isCorrection: boolean;
}

/** An act that has the key of the norm that is meant, or stands in the edition that is. */
export interface CandidateAct {
  readonly editionId: string;
  readonly actPosition: number;
  readonly title: string;
  readonly issuingBody: string;
  readonly enactedOn: GazetteDate | undefined;
  readonly sourceId: string;
  readonly country: string;
  readonly publishedOn: GazetteDate;
  readonly pages: readonly number[];
}

/** A title shorter than this names nothing by itself: "AVISO". */
const TELLING_TITLE = 12;
/** A summary cuts titles, and hyphenates them otherwise, further on. */
const SAME_TITLE = 60;

/**
 * The acts that are meant, of those that could be: several when one act is in several documents (the BOE's summary and
 * the disposition), none when two different acts fit as well. Numbers are given again each year and by each body, so
 * the date decides, then the edition, the page, and the body that refers: mostly it speaks of its own.
 */
export function resolveReference<Act extends CandidateAct>(
  meant: MeantAct,
  candidates: readonly Act[],
): readonly Act[] {
  let left = candidates.filter(
    (act) =>
      act.country === meant.country &&
      // A republication takes the place of what came before; nothing changes what is not published yet.
      (meant.isCorrection
        ? act.publishedOn < meant.publishedOn
        : act.publishedOn <= meant.publishedOn) &&
      (meant.enactedOn === undefined ||
        act.enactedOn === undefined ||
        act.enactedOn === meant.enactedOn) &&
      (!isOfBody(meant) || mayBeOfBody(meant, act)),
  );
  for (const fits of preferences(meant)) {
    if (left.length <= 1) break;
    const fitting = left.filter(fits);
    if (fitting.length > 0) left = fitting;
  }
  if (meant.gazetteOn !== undefined && left.every((act) => isElsewhere(meant, act))) return [];
  return isOneAct(left) ? left : [];
}

const OF_BODY =
  /^(?:ordinance|service-order|resolution|instruction|normative-instruction|order|agreement|directive|circular|declaratory-act)[:@]/;

/** Whether every body, or town, gives such numbers anew each year. Spain's orders name their ministry, its decrees are the State's. */
function isOfBody({ key, country }: MeantAct): boolean {
  if (/^order:[a-z]/.test(key)) return false;
  return OF_BODY.test(key) || (country !== "ES" && /\/\d{4}$/.test(key));
}

/** The edition is the one that is named, or the body the same, as far as both are known. */
function mayBeOfBody({ gazetteOn, issuingBody, sourceId }: MeantAct, act: CandidateAct): boolean {
  if (gazetteOn !== undefined && act.publishedOn === gazetteOn) return true;
  if (act.sourceId !== sourceId) return false;
  const [own, other] = [fold(issuingBody), fold(act.issuingBody)];
  return own === "" || other === "" || own === other;
}

/** What decides between several, the surest first. */
function preferences(meant: MeantAct): readonly ((act: CandidateAct) => boolean)[] {
  const { gazetteOn, gazettePage, enactedOn, issuingBody, sourceId } = meant;
  const sentence = fold(meant.sentence);
  return [
    (act) => gazetteOn !== undefined && act.publishedOn === gazetteOn,
    (act) => enactedOn !== undefined && act.enactedOn === enactedOn,
    (act) => act.title.length >= TELLING_TITLE && sentence.includes(fold(act.title)),
    (act) => gazettePage !== undefined && act.pages.includes(gazettePage),
    (act) => act.sourceId === sourceId,
    (act) => act.issuingBody !== "" && fold(act.issuingBody) === fold(issuingBody),
  ];
}

/** It was published on another day, and no date of its own says that it is the one. */
function isElsewhere({ gazetteOn, enactedOn }: MeantAct, act: CandidateAct): boolean {
  return act.publishedOn !== gazetteOn && (enactedOn === undefined || act.enactedOn !== enactedOn);
}

/** One act, or one in several documents of a day, under the same title. */
function isOneAct(acts: readonly CandidateAct[]): boolean {
  const [first, ...others] = acts;
  if (first === undefined) return false;
  return others.every(
    (act) =>
      act.editionId !== first.editionId &&
      act.publishedOn === first.publishedOn &&
      act.sourceId === first.sourceId &&
      fold(act.title).slice(0, SAME_TITLE) === fold(first.title).slice(0, SAME_TITLE),
  );
}

function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
