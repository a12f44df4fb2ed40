import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RecipientView } from "../core/campaigns.ts";
import { asId } from "../core/ids.ts";
import { readCsv } from "./read-csv.ts";
import { REPORT_HEAD, toReportLines } from "./report-csv.ts";

const CONTACT = "00000000-0000-4000-8000-000000000001";

describe("a list as CSV", () => {
  it("names contacts by id, phone or Telegram id, and fills places with its other columns", () => {
    const text = `\ufeffContacto;Telefono;Telegram;Calle\r\n${CONTACT};;;"Calle ""5"";"\r\n;+506 8888 7777;;\r\n;;4711;Centro\r\n`;
    expect(readCsv(text)).toEqual({
      problems: [],
      lines: [
        {
          line: 2,
          contact: { kind: "contact", contactId: CONTACT },
          variables: { contacto: CONTACT, calle: 'Calle "5";' },
        },
        {
          line: 3,
          contact: { kind: "identifier", identifier: { kind: "phone", value: "+506 8888 7777" } },
          variables: { telefono: "+506 8888 7777" },
        },
        {
          line: 4,
          contact: { kind: "identifier", identifier: { kind: "telegram", value: "4711" } },
          variables: { telegram: "4711", calle: "Centro" },
        },
      ],
    });
  });

  it("says of each line what is wrong with it, by the line's number in the file", () => {
    const text = `contact,calle\nx,Centro\n\n${CONTACT}\n,Centro\n`;
    expect(readCsv(text).problems).toMatchObject([
      { line: 2, problem: "contact must be the id of a contact" },
      {
        line: 4,
        code: "other-width",
        values: { seen: 1, wanted: 2 },
        problem: "it has 1 values for 2 columns",
      },
      { line: 5, problem: "it names nobody: contact, telefono and telegram are empty" },
    ]);
  });

  it.each([
    ["", /no column is named/],
    ["calle\nCentro", /no column is named/],
    ["contact,contact\na,b", /is there twice/],
    ["contact", /no line below/],
    [`contact\n"${CONTACT}`, /quotes do not close/],
  ])("is refused as a whole: %j", (text, problem) => {
    const { lines, problems } = readCsv(text);
    expect(lines).toEqual([]);
    expect(problems[0]?.problem).toMatch(problem);
  });

  it("is read or refused, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const { lines, problems } = readCsv(`contact,calle\n${text}`);
        expect(lines.length + problems.length).toBeGreaterThanOrEqual(0);
        expect(lines.every(({ line }) => line > 1)).toBe(true);
      }),
    );
  });
});

describe("the delivery report as CSV", () => {
  it("holds no formula, whatever a network gave as a reason", () => {
    const recipient: RecipientView = {
      recipientId: CONTACT,
      contactId: asId(CONTACT),
      conversationId: undefined,
      channel: "telegram",
      line: undefined,
      state: "failed",
      reason: '=HYPERLINK("http://x")',
      changedAt: new Date(0),
    };
    expect(REPORT_HEAD).toMatch(/^\ufeffrecipient,contact,/);
    expect(toReportLines([recipient])).toBe(
      `${CONTACT},${CONTACT},,telegram,failed,"'=HYPERLINK(""http://x"")",1970-01-01T00:00:00.000Z\n`,
    );
  });
});
