import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ContactImports, ExportedContact, ImportedContact } from "../core/contact-import.ts";
import { asId } from "../core/ids.ts";
import { toCsv } from "./export-file.ts";
import { createContactImporter, type ImportOptions } from "./import-file.ts";

const TENANT = asId<never>("tenant");
const NOW = new Date("2026-11-21T12:00:00Z");
const OPTIONS: ImportOptions = { isDryRun: false, skipsInvalid: false, country: undefined };
const HEADING = "phone,name,tags,consent,consent_at,consent_evidence,field:barrio";
const GOOD = "+506 8888 7777,Ana,vip|prensa,granted,2026-03-01,acta 12,Otoya";

/** What a file with these bytes comes to, in chunks of a size; what was taken is kept in memory. */
async function importBytes(
  bytes: string | Buffer,
  options: Partial<ImportOptions> = {},
  chunkBytes = 7,
) {
  const taken: ImportedContact[] = [];
  const aside: ImportedContact[] = [];
  const closed: string[] = [];
  const imports: Omit<ContactImports, "list"> = {
    begin: async () => "import",
    putAside: async (_, __, contacts) => void aside.push(...contacts),
    decide: async () => {},
    close: async (_, __, state) => void closed.push(state),
    takeNext: async () => {
      taken.push(...aside.splice(0));
      return { created: taken.length, updated: 0, skipped: 0, isDone: true };
    },
    findLeft: async () => undefined,
  };
  const importer = createContactImporter({
    files: { findConflicts: async () => [] },
    imports,
    clock: { now: () => NOW },
  });
  const report = await importer.importFile(
    TENANT,
    inChunks(Buffer.from(bytes as string), chunkBytes),
    { ...OPTIONS, ...options },
    { actor: "test" },
    new AbortController().signal,
  );
  return { report, taken, closed };
}

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size)
    yield bytes.subarray(start, start + size);
}

const lines = (...all: string[]) => `${all.join("\r\n")}\r\n`;

describe("a file of contacts", () => {
  it("is taken with comma, semicolon or tab, in UTF-8 with and without mark, UTF-16 and Windows-1252", async () => {
    const text = lines(HEADING, GOOD.replace("Ana", "José Núñez"));
    const kinds: readonly (string | Buffer)[] = [
      text,
      `\uFEFF${text}`,
      text.replaceAll(",", ";"),
      text.replaceAll(",", "\t"),
      Buffer.from(text, "latin1"),
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]),
    ];
    // However the network cuts it: within the mark, within a letter, within an end of line.
    const sizes = [1, 2, 3, 64 * 1024];
    for (const [bytes, size] of kinds.flatMap((kind) => sizes.map((of) => [kind, of] as const))) {
      const { report, taken } = await importBytes(bytes, {}, size);
      expect(report).toMatchObject({ lines: 1, created: 1, badLineCount: 0 });
      expect(taken).toEqual([
        {
          line: 2,
          identifiers: [{ kind: "phone", value: "+50688887777" }],
          name: "José Núñez",
          language: undefined,
          tags: ["vip", "prensa"],
          fields: { barrio: "Otoya" },
          consent: { state: "granted", evidence: "acta 12", givenAt: new Date("2026-03-01") },
        },
      ]);
    }
  });

  it("has cells with quotes, commas and lines in them, and its lines are still counted", async () => {
    const text = lines(
      HEADING,
      '+50688887777,"Ana ""la de\r\nOtoya"", hija",,unknown,,,',
      "oops,Eva,,unknown,,,",
    );
    const { report, taken } = await importBytes(text, { skipsInvalid: true });
    expect(taken.map(({ name }) => name)).toEqual(['Ana "la de\nOtoya", hija']);
    expect(report.badLines).toMatchObject([{ line: 4, column: "phone", rule: "phone-malformed" }]);
  });

  it("with one bad line changes nothing, unless it is told to skip", async () => {
    const text = lines(
      HEADING,
      GOOD,
      "88887777,Eva,,granted,2026-03-01,acta,",
      GOOD.replace("7777", "7778"),
    );
    const refused = await importBytes(text);
    expect(refused).toMatchObject({
      taken: [],
      closed: ["refused"],
      report: { created: 0, skipped: 1, badLineCount: 1 },
    });
    const skipping = await importBytes(text, { skipsInvalid: true });
    expect(skipping.report).toMatchObject({ lines: 3, created: 2, skipped: 1 });
    const national = await importBytes(text, { country: "CR" });
    expect(national.report.badLines).toMatchObject([
      { line: 3, rule: "repeated", column: "phone" },
    ]);
  });

  it("has at most fifty fields of one's own, each with a name", async () => {
    const own = (count: number) =>
      Array.from({ length: count }, (_, index) => `field:f${index}`).join(",");
    const heading = (count: number) => lines(`phone,consent,${own(count)}`, "");
    expect((await importBytes(heading(50))).report.badLines).toEqual([]);
    expect((await importBytes(heading(51))).report.badLines).toMatchObject([
      { line: 1, rule: "too-many-fields" },
    ]);
    // A thousand bad columns are one file's fault: said, and not one by one without an end.
    const unknown = lines(`phone,consent${",?".repeat(4_000)}`, "");
    expect((await importBytes(unknown)).report.badLines.length).toBeLessThanOrEqual(1_000);
  });

  it("names line, column and rule of everything that is wrong, and nothing that stands there", async () => {
    const text = lines(
      HEADING,
      ",Ana,,unknown,,,",
      "+50688887771,Ana,<b>,maybe,,,",
      "+50688887772,Ana,,granted,2026-03-01,,",
      "+50688887773,Ana,,refused,ayer,,",
      "+50688887774,Ana,,granted,2099-01-01,acta,",
      "+50688887775,Ana",
      '+50688887776,"Ana,,unknown,,,',
      GOOD,
    );
    const { report } = await importBytes(text);
    expect(report.badLines.map(({ line, column, rule }) => [line, column, rule])).toEqual([
      [2, undefined, "identifier-missing"],
      [3, "tags", "tag-malformed"],
      [3, "consent", "consent-unknown"],
      [4, "consent_evidence", "evidence-missing"],
      [5, "consent_at", "date-malformed"],
      [6, "consent_at", "date-malformed"],
      [7, undefined, "cell-count"],
      [8, undefined, "quote-not-closed"],
    ]);
    expect(JSON.stringify(report)).not.toContain("5068888777");
    expect((await importBytes(text, { skipsInvalid: true })).taken).toEqual([]);
  });

  it("without a column for consent or identifiers, or with unknown ones, is refused at its heading", async () => {
    const rules = async (heading: string) =>
      (await importBytes(lines(heading, GOOD))).report.badLines.map(({ rule }) => rule);
    expect(await rules("phone,name")).toEqual(["consent-missing"]);
    expect(await rules("name,consent")).toEqual(["identifier-missing"]);
    expect(await rules("phone,consent,favourite")).toEqual(["unknown-column"]);
    expect(await rules("phone,consent,phone")).toEqual(["repeated-column"]);
    expect(
      await rules(
        "teléfono,Nombre,Etiquetas,Consentimiento,fecha_consentimiento,evidencia consentimiento,campo:barrio",
      ),
    ).toEqual([]);
    expect((await importBytes("")).report.badLines).toMatchObject([{ rule: "empty" }]);
  });

  it("with letters that are written otherwise than those before them names these lines", async () => {
    const [first, second] = [GOOD.replace("Ana", "José"), GOOD.replace("7777", "7778")];
    const bytes = Buffer.concat([
      Buffer.from(lines(HEADING, first)),
      Buffer.from(lines(second.replace("Ana", "Núñez")), "latin1"),
    ]);
    for (const size of [1, 5]) {
      const { report, taken } = await importBytes(bytes, { skipsInvalid: true }, size);
      expect(report.badLines).toMatchObject([{ line: 3, rule: "unreadable-characters" }]);
      expect(taken.map(({ name }) => name)).toEqual(["José"]);
    }
  });

  it("names the line on which somebody stood first, among thousands", async () => {
    const phone = (at: number) => `+5068${String(at).padStart(7, "0")},,,unknown,,,`;
    const rows = Array.from({ length: 6_000 }, (_, at) => phone(at));
    const { report } = await importBytes(
      lines(HEADING, ...rows, phone(17), phone(5_999)),
      {},
      9_999,
    );
    expect(report.badLines).toMatchObject([
      { line: 6_002, rule: "repeated", message: expect.stringContaining("Line 19 ") },
      { line: 6_003, rule: "repeated", message: expect.stringContaining("Line 6001 ") },
    ]);
    expect(report).toMatchObject({ lines: 6_002, skipped: 2, created: 0 });
  });

  it("says in a dry run what is bad, and writes nothing", async () => {
    const { report, taken } = await importBytes(lines(HEADING, GOOD), { isDryRun: true });
    expect(taken).toEqual([]);
    expect(report).toMatchObject({ isDryRun: true, lines: 1, badLineCount: 0 });
  });

  it("never makes it fail, whatever is in it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: "binary" })), async (rows) => {
        const { report } = await importBytes(`${HEADING}\n${rows.join("\n")}`);
        expect(report.created).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});

describe("an exported file", () => {
  const contact = (name: string): ExportedContact => ({
    contactId: asId("c"),
    name,
    tags: ["vip"],
    consent: "granted",
    consentAt: new Date("2026-03-01T00:00:00Z"),
    // A consent is never recorded with a blank in place of where it can be looked up.
    consentEvidence: name.trim() === "" ? "acta" : name,
    isBlocked: false,
    isAllowed: false,
    source: "import",
    createdAt: NOW,
    lastSeenAt: undefined,
    revision: 1,
    phone: "+50688887777",
    telegram: undefined,
    language: "es",
    fields: { barrio: name },
  });

  async function csv(...names: string[]): Promise<string> {
    const batches = (async function* () {
      yield names.map(contact);
    })();
    let text = "";
    for await (const chunk of toCsv(batches, ["barrio"])) text += chunk;
    return text;
  }

  it("has no cell that a spreadsheet computes", async () => {
    const formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x"];
    const text = await csv(...formulas);
    const cells = (parse(text, { bom: true }) as string[][]).slice(1).flat();
    expect(cells.filter((cell) => cell.startsWith("'"))).toHaveLength(formulas.length * 4);
    expect(cells.filter((cell) => /^[=+\-@\t\r＝＋－＠]/.test(cell))).toEqual([]);
    expect(text.split("\r\n").filter((line) => !/^\uFEFF?("|$)/.test(line))).toEqual([]);
  });

  it("is taken by an import as it was", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 50 }), async (name) => {
        const { report, taken } = await importBytes(await csv(name));
        expect(report.badLines).toEqual([]);
        expect(taken[0]?.name ?? "").toBe(
          name
            .replace(/\r\n?/g, "\n")
            .trim()
            .replace(/^'(?=[=+\-@＝＋－＠])/, ""),
        );
        expect(taken[0]?.identifiers).toEqual([{ kind: "phone", value: "+50688887777" }]);
      }),
      { numRuns: 100 },
    );
  });
});
