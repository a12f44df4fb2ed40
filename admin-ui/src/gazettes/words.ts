import { useTranslation } from "react-i18next";
import { daysBetween, todayIn } from "./calendar-grid.ts";
import type { Edition } from "./queries.ts";

/** Days and times of a gazette, in the reader's language and by the gazette's own clock. */
export function useGazetteTimes(timeZone: string) {
  const { i18n } = useTranslation();
  const { language } = i18n;
  const at = new Intl.DateTimeFormat(language, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone,
  });
  const utc = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" });
  const long = utc({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const medium = utc({ day: "numeric", month: "short", year: "numeric" });
  const spoken = utc({ weekday: "long", day: "numeric", month: "long" });
  const brief = utc({ weekday: "short", day: "numeric", month: "short" });
  const month = utc({ month: "long", year: "numeric" });
  const weekday = utc({ weekday: "short" });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const noon = (date: string) => new Date(`${date}T12:00:00Z`);
  return {
    at: (time: string) => at.format(new Date(time)),
    /** `viernes, 20 de noviembre de 2026`. */
    long: (date: string) => long.format(noon(date)),
    medium: (date: string) => medium.format(noon(date)),
    spoken: (date: string) => spoken.format(noon(date)),
    brief: (date: string) => brief.format(noon(date)),
    month: (wanted: string) => month.format(noon(`${wanted}-15`)),
    /** 1: Monday … 7: Sunday. 1 January 2024 was a Monday. */
    weekday: (day: number) => weekday.format(noon(`2024-01-0${day}`)),
    /** `today`, `2 days ago`, by the gazette's clock. */
    age: (date: string) =>
      relative.format(-daysBetween(date, todayIn(timeZone, Date.now())), "day"),
  };
}

/** Why it stands so, in the reader's language; `detail` is what the server said of it, in English. */
export function useReasonWords() {
  const { t } = useTranslation();
  return (reason: Edition["reason"]): string | undefined => {
    if (reason === null) return undefined;
    const { code, detail } = reason;
    const status = /^http-(\d{3})$/.exec(code)?.[1];
    if (status !== undefined) return t("gazettes.http", { status });
    return t(`gazettes.reason.${code as "not-there"}`, { defaultValue: detail });
  };
}

/** `1.2 MB`. */
export function useBytes() {
  const { i18n } = useTranslation();
  const format = (unit: string, value: number) =>
    new Intl.NumberFormat(i18n.language, {
      style: "unit",
      unit,
      unitDisplay: "short",
      maximumFractionDigits: value < 10 ? 1 : 0,
    }).format(value);
  return (count: number) => {
    if (count < 1_000) return format("byte", count);
    return count < 1e6 ? format("kilobyte", count / 1e3) : format("megabyte", count / 1e6);
  };
}
