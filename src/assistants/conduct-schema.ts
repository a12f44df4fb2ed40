import { z } from "zod";
import { WEEKDAYS } from "../core/hand-over.ts";

const MAX_WORDS = 30;
const MAX_SETS = 50;
const MAX_HOLIDAYS = 100;
/** Three stretches a day: a morning, an afternoon, an evening. */
const MAX_PERIODS = 3;

const line = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .transform((text) => text.replace(/\s+/g, " ").trim());

const time = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, "must be a time such as 08:00, or 24:00");
const period = z
  .tuple([time, time])
  .refine(([from, to]) => from < to, 'must end after it begins, such as ["08:00", "16:00"]');

const timeZone = z
  .string()
  .max(60)
  .refine(isTimeZone, "must be an IANA time zone, such as America/Costa_Rica");

const workingHours = z.strictObject({
  timeZone,
  days: z.partialRecord(z.enum(WEEKDAYS), z.array(period).max(MAX_PERIODS)),
  holidays: z.array(z.iso.date("must be a date, such as 2026-12-25")).max(MAX_HOLIDAYS).default([]),
});

/** How an assistant meets people, as it is given to be saved. */
export const conductShape = {
  greeting: line(500).optional(),
  workingHours: workingHours.nullable().optional(),
  handOver: z
    .strictObject({
      isOff: z.boolean().optional(),
      afterAbstentions: z.int().min(0).max(10).optional(),
      words: z.array(line(60)).max(MAX_WORDS).optional(),
    })
    .optional(),
  knowledgeSets: z.array(line(80)).max(MAX_SETS).optional(),
  resendsUnknown: z.boolean().optional(),
};

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
