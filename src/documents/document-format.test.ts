import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutSections } from "./cut-sections.ts";
import { formatOf } from "./document-format.ts";
import { cleanFileName } from "./file-name.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");

describe("formatOf", () => {
  it.each([
    ["%PDF-1.7", "a.PDF", "pdf"],
    ["PK\x03\x04…", "a.docx", "docx"],
    ["# Hola", "a.md", "markdown"],
    ["hola", "a.txt", "text"],
    ["<p>", "a.htm", "html"],
  ])("takes %j named %s as %s", (head, name, format) => {
    expect(formatOf(bytes(head), name)).toBe(format);
  });

  it.each([
    ["MZ\0\0", "a.pdf"],
    ["MZ\0\0", "a.txt"],
    ["%PDF-1.7", "a.txt"],
    ["<svg onload=alert(1)>", "a.svg"],
    ["hola", "a.exe"],
    ["hola", "a"],
    ["PK\x03\x04", "a.zip"],
    ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.docx"],
    ["", "a.txt"],
  ])("refuses %j named %s", (head, name) => {
    expect(() => formatOf(bytes(head), name)).toThrow(/taken/);
  });

  it("goes by the media type where the name says nothing", () => {
    expect(formatOf(bytes("<p>"), "reglamento", "text/html; charset=utf-8")).toBe("html");
    expect(formatOf(bytes("<p>"), "reglamento.aspx", "text/html")).toBe("html");
    expect(() => formatOf(bytes("<p>"), "reglamento", "application/pdf")).toThrow();
  });
});

describe("cleanFileName", () => {
  it.each([
    ["../../etc/passwd", "passwd"],
    ["..\\..\\boot.ini", "boot.ini"],
    ["%2e%2e%2f%2e%2e%2fetc%2fpasswd", "passwd"],
    ["a\r\nSet-Cookie: x=1.pdf", "a__Set-Cookie_ x_1.pdf"],
    ['"; rm -rf ~.pdf', "__ rm -rf _.pdf"],
    [".htaccess", "htaccess"],
    ["", "document"],
    ["%E0%A4%A", "_E0_A4_A"],
    ["ordenanza 5 (2).docx", "ordenanza 5 (2).docx"],
  ])("makes %j into %j", (given, clean) => {
    expect(cleanFileName(given)).toBe(clean);
  });

  it("is never a path, and keeps its ending when it is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff), { maxLength: 300 }), (codes) => {
        const given = String.fromCharCode(...codes);
        const clean = cleanFileName(given);
        expect(clean).toMatch(/^[^/\\]{1,120}$/);
        expect(clean.startsWith(".")).toBe(false);
      }),
    );
    expect(cleanFileName(`${"a".repeat(300)}.pdf`)).toMatch(/^a{116}\.pdf$/);
  });
});

describe("cutSections", () => {
  it("keeps every word in order, in passages that are not too long", () => {
    const word = fc.stringMatching(/^[a-z]{1,12}[.;]?$/);
    const paragraph = fc.array(word, { minLength: 1, maxLength: 600 }).map((all) => all.join(" "));
    fc.assert(
      fc.property(fc.array(paragraph, { minLength: 1, maxLength: 6 }), (paragraphs) => {
        const { acts, pages } = cutSections([{ headings: ["A", "B"], paragraphs }]);
        const passages = acts.flatMap((act) => act.passages);
        const words = (texts: readonly string[]) => texts.join(" ").split(/\s+/);
        expect(words(passages.map(({ text }) => text))).toEqual(words(paragraphs));
        expect(Math.max(...passages.map(({ text }) => text.length))).toBeLessThanOrEqual(1_800);
        expect(pages).toHaveLength(1);
      }),
      { numRuns: 50 },
    );
  });
});
