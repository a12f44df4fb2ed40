import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDrawnTime, readHeader } from "./drawn-time.ts";

describe("the header of a copied message", () => {
  // As seen in 2023–2026 (reference on WhatsApp Web, §1.3).
  it.each([
    ["[22:16, 03/08/2023] Ana: ", { hour: 22, minute: 16, date: [3, 8, 2023] }, "Ana"],
    ["[19:46, 8/11/2023] Ana: ", { hour: 19, minute: 46, date: [8, 11, 2023] }, "Ana"],
    ["[10:54 PM, 12/9/2025] Ana: ", { hour: 22, minute: 54, date: [12, 9, 2025] }, "Ana"],
    ["[8:19\u202fPM, 6/13/2026] Ana: ", { hour: 20, minute: 19, date: [6, 13, 2026] }, "Ana"],
    ["[12:33 a.\u00a0m., 26/8/2026] Ana: ", { hour: 0, minute: 33, date: [26, 8, 2026] }, "Ana"],
    ["[12:05 p. m., 26/8/2026] Ana: ", { hour: 12, minute: 5, date: [26, 8, 2026] }, "Ana"],
    [
      "[下午1:23, 2026年9月18日] 王: ",
      { hour: 13, minute: 23, date: [2026, 9, 18], isYearFirst: true },
      "王",
    ],
    [
      "[上午12:23, 2026/9/18] 王: ",
      { hour: 0, minute: 23, date: [2026, 9, 18], isYearFirst: true },
      "王",
    ],
    ["[22.16, 26.8.2026] Ana: ", { hour: 22, minute: 16, date: [26, 8, 2026] }, "Ana"],
    ["[9:05, 26-8-26] Ana: ", { hour: 9, minute: 5, date: [26, 8, 26] }, "Ana"],
    ["[٢٢:١٦, ٢٦/٨/٢٠٢٦] Ana: ", { hour: 22, minute: 16, date: [26, 8, 2026] }, "Ana"],
  ])("%s", (raw, time, sender) => {
    expect(readHeader(raw)).toMatchObject({ time, sender });
  });

  it.each([
    ["[22:16, 3/8/2023] +506 8888 7777: ", "+506 8888 7777"],
    ["[22:16, 3/8/2023] Ana: la: buena: ", "Ana: la: buena"],
    ["[22:16, 3/8/2023] [x] y] z: ", "[x] y] z"],
    ["[22:16, 3/8/2023] \u202a~Ana\u202c: ", "~Ana"],
    ["[22:16, 3/8/2023] : ", ""],
  ])("%s is of %s", (raw, sender) => {
    expect(readHeader(raw)?.sender).toBe(sender);
  });

  it.each(["", "Ana: ", "[] Ana: ", "22:16, 3/8/2023 Ana: "])("%j is none", (raw) => {
    expect(readHeader(raw)).toBeUndefined();
  });

  it("is read whatever a sender calls himself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (name) => {
        expect(readHeader(`[22:16, 3/8/2023] ${name}: `)?.time).toEqual({
          hour: 22,
          minute: 16,
          date: [3, 8, 2023],
        });
      }),
    );
  });
});

describe("a time as drawn", () => {
  it.each(["25:10", "10:61", "13:00 AM", "", "ayer", "8888-7777", "3/8/2023"])(
    "%j is none",
    (raw) => {
      expect(readDrawnTime(raw)).toBeUndefined();
    },
  );

  it("may be a clock alone, with words before it", () => {
    expect(readDrawnTime("Editado 7:05 p. m.")).toEqual({ hour: 19, minute: 5 });
    expect(readDrawnTime("22h16")).toEqual({ hour: 22, minute: 16 });
  });

  it("reads every minute of the day in both clocks", () => {
    fc.assert(
      fc.property(fc.nat(23), fc.nat(59), (hour, minute) => {
        const minutes = String(minute).padStart(2, "0");
        const half = hour < 12 ? "AM" : "PM";
        expect(readDrawnTime(`${hour}:${minutes}`)).toEqual({ hour, minute });
        expect(readDrawnTime(`${hour % 12 || 12}:${minutes}\u202f${half}`)).toEqual({
          hour,
          minute,
        });
      }),
    );
  });

  it("never fails", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (raw) => void readDrawnTime(raw)));
  });
});
