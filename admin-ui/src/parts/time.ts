import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The moment now, told again every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** How times and numbers are written in the language of the page. */
export function useFormats(): Formats {
  const { language } = useTranslation().i18n;
  const known = FORMATS.get(language) ?? formatsIn(language);
  FORMATS.set(language, known);
  return known;
}

type Formats = ReturnType<typeof formatsIn>;

/** By language: each takes milliseconds to make, and every row of a list asks for them. */
const FORMATS = new Map<string, Formats>();

function formatsIn(language: string) {
  const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
  const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
  const long = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" });
  const relative = new Intl.RelativeTimeFormat(language, { style: "narrow", numeric: "always" });
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const money = new Intl.NumberFormat(language, {
    style: "currency",
    currency: "USD",
    maximumFractionDigits: 2,
  });
  return {
    language,
    time: (at: string) => time.format(new Date(at)),
    long: (at: string) => long.format(new Date(at)),
    day: (at: string) => day.format(new Date(at)),
    /** In a time zone of the IANA; absent: this machine's. */
    weekday: (at: string, timeZone?: string) =>
      new Intl.DateTimeFormat(language, {
        weekday: "long",
        day: "numeric",
        month: "long",
        timeZone,
      }).format(new Date(at)),
    number: (value: number) => number.format(value),
    percent: (share: number) => percent.format(share),
    money: (microUsd: number) => money.format(microUsd / 1e6),
    /** Today the hour, else the day. */
    brief: (at: string, now: number) =>
      isSameDay(new Date(at), new Date(now)) ? time.format(new Date(at)) : day.format(new Date(at)),
    /** `3 min ago`. */
    ago: (at: string, now: number) => {
      // Two clocks rarely agree: nothing that happened lies ahead.
      const ms = Math.min(-0, new Date(at).getTime() - now);
      if (Math.abs(ms) < MINUTE) return relative.format(Math.round(ms / 1_000), "second");
      if (Math.abs(ms) < 60 * MINUTE) return relative.format(Math.round(ms / MINUTE), "minute");
      if (Math.abs(ms) < DAY) return relative.format(Math.round(ms / 60 / MINUTE), "hour");
      return relative.format(Math.round(ms / DAY), "day");
    },
  };
}

export function isSameDay(one: Date, other: Date): boolean {
  return one.toDateString() === other.toDateString();
}
