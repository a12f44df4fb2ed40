import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CalendarDate, createDateOrders, type DateOrder } from "./date-order.ts";
import type { DrawnTime } from "./drawn-time.ts";

const TODAY = { year: 2026, month: 11, day: 21 };

function draw({ year, month, day }: CalendarDate, order: DateOrder): DrawnTime {
  const clock = { hour: 10, minute: 0 };
  if (order === "year-month-day") return { ...clock, date: [year, month, day], isYearFirst: true };
  return { ...clock, date: order === "day-month-year" ? [day, month, year] : [month, day, year] };
}

/** Days up to `TODAY`. */
const day = fc
  .integer({ min: Date.UTC(2024, 0, 1) / 86_400_000, max: Date.UTC(2026, 10, 21) / 86_400_000 })
  .map((number) => {
    const date = new Date(number * 86_400_000);
    return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  });
const order = fc.constantFrom<DateOrder>("day-month-year", "month-day-year", "year-month-day");

describe("the order of day and month", () => {
  it("is never guessed: whatever a page shows, a date is the true one or none", () => {
    fc.assert(
      fc.property(order, fc.array(day, { maxLength: 20 }), day, (true_, seen, asked) => {
        const orders = createDateOrders();
        for (const each of seen) orders.learn(draw(each, true_), TODAY);
        const resolved = orders.resolve(draw(asked, true_));
        if (resolved !== undefined) expect(resolved).toEqual(asked);
      }),
    );
  });

  it("is known from a number over 12 on", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<DateOrder>("day-month-year", "month-day-year"),
        day,
        (true_, asked) => {
          const orders = createDateOrders();
          orders.learn(draw({ year: 2026, month: 3, day: 13 }, true_), TODAY);
          expect(orders.resolve(draw(asked, true_))).toEqual(asked);
        },
      ),
    );
  });

  it("is unknown while every date could be read both ways", () => {
    const orders = createDateOrders();
    orders.learn({ hour: 1, minute: 2, date: [8, 11, 2023] }, TODAY);
    expect(orders.current()).toBeUndefined();
    expect(orders.resolve({ hour: 1, minute: 2, date: [8, 11, 2023] })).toBeUndefined();
    expect(orders.resolve({ hour: 1, minute: 2, date: [8, 8, 2023] })).toEqual({
      year: 2023,
      month: 8,
      day: 8,
    });
  });

  it("is known from a date that would otherwise lie in the future", () => {
    const orders = createDateOrders();
    orders.learn({ hour: 1, minute: 2, date: [12, 11, 2026] }, TODAY);
    expect(orders.current()).toBe("day-month-year");
  });

  it("is known from a message that has just arrived", () => {
    const orders = createDateOrders();
    const today = { year: 2026, month: 4, day: 5 };
    orders.learnFromArrival({ hour: 1, minute: 2, date: [4, 5, 2026] }, today);
    expect(orders.current()).toBe("month-day-year");
  });

  it("is taken from the locale until a date proves the contrary", () => {
    const orders = createDateOrders();
    orders.learnFromLocale("es-CR");
    expect(orders.resolve({ hour: 1, minute: 2, date: [8, 11, 2023] })?.month).toBe(11);
    orders.learn({ hour: 1, minute: 2, date: [8, 13, 2023] }, TODAY);
    expect(orders.resolve({ hour: 1, minute: 2, date: [8, 11, 2023] })?.month).toBe(8);
  });

  it.each(["en", "es-US", "es-PA", "fr", "", undefined])("is not taken from %s", (locale) => {
    const orders = createDateOrders();
    orders.learnFromLocale(locale);
    expect(orders.current()).toBeUndefined();
  });

  it("is forgotten when dates prove both: the page changed its language", () => {
    const orders = createDateOrders();
    orders.learn({ hour: 1, minute: 2, date: [13, 8, 2023] }, TODAY);
    orders.learn({ hour: 1, minute: 2, date: [8, 13, 2023] }, TODAY);
    expect(orders.current()).toBeUndefined();
  });
});
