import { useTranslation } from "react-i18next";
import { useFormats } from "../parts/time.ts";
import type { Citation, Prompt, Run } from "./queries.ts";

/** Days, costs, schedules and reasons, in the reader's language. */
export function useNewsroomWords() {
  const { t } = useTranslation();
  const { language } = useFormats();
  const utc = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" });
  const medium = utc({ day: "numeric", month: "short", year: "numeric" });
  const weekday = utc({ weekday: "long" });
  const day = (date: string) => medium.format(new Date(`${date}T12:00:00Z`));

  function schedule({ schedule: { kind, at, weekday: on, timeZone } }: Pick<Prompt, "schedule">) {
    const values = { at: String(at), zone: String(timeZone) };
    if (kind === "daily") return t("newsroom.schedule.daily", values);
    if (kind !== "weekly") {
      return t(kind === "manual" ? "newsroom.schedule.manual" : "newsroom.schedule.each-edition");
    }
    return t("newsroom.schedule.weekly", { ...values, day: weekdayName(Number(on)) });
  }

  function scope({ scope: { kind, sections } }: Pick<Prompt, "scope">) {
    if (kind === "sections") {
      const names = Array.isArray(sections) ? sections.join(", ") : "";
      return t("newsroom.scope.ofSections", { names });
    }
    return t(kind === "matching" ? "newsroom.scope.matching" : "newsroom.scope.whole");
  }

  /** 1: Monday … 7: Sunday. 1 January 2024 was a Monday. */
  const weekdayName = (which: number) => weekday.format(new Date(`2024-01-0${which}T12:00:00Z`));

  return {
    day,
    schedule,
    scope,
    weekdayName,
    /** A run costs cents: two figures that count. */
    cost(microUsd: number | null): string {
      if (microUsd === null) return t("newsroom.costUnknown");
      const precision =
        microUsd < 1e6 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 2 };
      return new Intl.NumberFormat(language, {
        style: "currency",
        currency: "USD",
        ...precision,
      }).format(microUsd / 1e6);
    },
    /** Why a run stands so; `detail` is what the server said of it, in English. */
    reason: ({ code, detail }: NonNullable<Run["reason"]>) =>
      t(`newsroom.reason.${code as "not-json"}`, { defaultValue: detail }),
    page: ({ printedPage, pdfPage }: Pick<Citation, "printedPage" | "pdfPage">) =>
      t("newsroom.pageShort", { page: printedPage ?? pdfPage }),
    /** `person:…` is looked up by who shows it; these have no name. */
    actor: (actor: string) =>
      t(`newsroom.actor.${actor as "automatic"}`, { defaultValue: actor.replace(/^person:/, "") }),
  };
}
