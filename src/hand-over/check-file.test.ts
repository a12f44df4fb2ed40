import { describe, expect, it } from "vitest";
import { checkFile, MAX_FILE_BYTES } from "./check-file.ts";

const base64 = (bytes: string | Buffer) =>
  Buffer.from(bytes as string, "latin1").toString("base64");

describe("a file that a person sends along", () => {
  it("is what its bytes say, and gets the ending of that", () => {
    const pdf = { fileName: "../../factura.exe", contentBase64: base64("%PDF-1.7 x") };
    expect(checkFile(pdf)).toMatchObject({
      fileName: "factura.exe.pdf",
      mimeType: "application/pdf",
      sizeBytes: 10,
    });
    expect(checkFile({ ...pdf, fileName: "Bases.PDF" }).fileName).toBe("Bases.PDF");
    expect(checkFile({ ...pdf, fileName: "..\\a\r\nb" }).fileName).toBe("ab.pdf");
    expect(checkFile({ ...pdf, fileName: "///" }).fileName).toBe("archivo.pdf");
  });

  it.each([
    ["a page", "<html><script>alert(1)</script>"],
    ["a drawing that runs scripts", "<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>"],
    ["a program", "MZ\u0090\u0000"],
    ["an archive of anything", "PK\u0003\u0004hola"],
    ["nothing", ""],
    ["text", "hola"],
  ])("is refused when it is %s, whatever its name", (_, bytes) => {
    const given = { fileName: "foto.png", contentBase64: base64(bytes) };
    expect(() => checkFile(given)).toThrow("The file is refused");
  });

  it("is refused when it is too large, or not base64", () => {
    const large = Buffer.concat([Buffer.from("%PDF-"), Buffer.alloc(MAX_FILE_BYTES)]);
    const given = { fileName: "a.pdf", contentBase64: large.toString("base64") };
    expect(() => checkFile(given)).toThrow("at most");
    expect(() => checkFile({ fileName: "a.pdf", contentBase64: "%PDF" })).toThrow("not base64");
  });
});
