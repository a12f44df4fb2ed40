import { cleanTitle } from "./clean-text.ts";

/** A time as the page draws it. `date` are its three numbers in the order drawn; which is which is calibrated. */
export interface DrawnTime {
  readonly hour: number;
  readonly minute: number;
  readonly date?: readonly [number, number, number];
  /** The year stands first and says so (`2026年9月18日`, `2026-09-18`): no calibration is needed. */
  readonly isYearFirst?: boolean;
}

/** `[<time>, <date>] <sender>: ` of a row's `data-pre-plain-text`. */
export interface Header {
  readonly rawTime: string;
  readonly time?: DrawnTime;
  readonly sender: string;
}

const AFTERNOON = /p\.?\s?m\.?|下午|오후|午後|м\.?п|μ\.?μ\.?|晚上|中午/iu;
const MORNING = /a\.?\s?m\.?|上午|오전|午前|凌晨|早上|π\.?μ\.?/iu;

/** The sender may itself contain `]` and `: `: the time ends at the first bracket, the sender at the last colon. */
export function readHeader(raw: string): Header | undefined {
  const found = /^\s*\[([^\]]{1,60})\]\s?(.*?):?\s*$/su.exec(raw.slice(0, 1000));
  if (found === null) return undefined;
  const rawTime = cleanTitle(found[1] ?? "");
  const time = readDrawnTime(rawTime);
  return {
    rawTime,
    ...(time === undefined ? {} : { time }),
    sender: cleanTitle(found[2] ?? ""),
  };
}

/** Clock and date in either order, or a clock alone; undefined when it is neither or cannot be (25:61). */
export function readDrawnTime(raw: string): DrawnTime | undefined {
  const text = toAsciiDigits(cleanTitle(raw).normalize("NFKC"));
  const clock = readClock(text);
  if (clock === undefined) return undefined;
  const rest = text.replace(clock.drawn, " ");
  const date = readDate(rest);
  return { hour: clock.hour, minute: clock.minute, ...date };
}

function readClock(text: string) {
  const found = /(?<!\d)(\d{1,2})\s?[:.h]\s?(\d{2})(?::\d{2})?(?![\d./-])/u.exec(text);
  if (found === null) return undefined;
  const hour = Number(found[1]);
  const minute = Number(found[2]);
  const isAfternoon = AFTERNOON.test(text);
  const isMorning = MORNING.test(text);
  if (minute > 59 || (isAfternoon && isMorning)) return undefined;
  if (!isAfternoon && !isMorning) {
    return hour > 23 ? undefined : { hour, minute, drawn: found[0] };
  }
  // Some locales mark the half of the day beside a clock of 24 hours.
  if (hour > 12) return isAfternoon && hour < 24 ? { hour, minute, drawn: found[0] } : undefined;
  return { hour: (hour % 12) + (isAfternoon ? 12 : 0), minute, drawn: found[0] };
}

function readDate(text: string): Pick<DrawnTime, "date" | "isYearFirst"> {
  const found =
    /(?<!\d)(\d{4}|\d{1,2})\s?[/.\-年년]\s?(\d{1,2})\s?[/.\-月월]\s?(\d{4}|\d{1,2})(?!\d)/u.exec(
      text,
    );
  if (found === null) return {};
  const date = [Number(found[1]), Number(found[2]), Number(found[3])] as const;
  return (found[1] ?? "").length === 4 ? { date, isYearFirst: true } : { date };
}

/** Arabic, Persian and Devanagari digits, as those locales draw their times. */
function toAsciiDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    return String(code >= 0x0966 ? code - 0x0966 : code & 0xf);
  });
}
