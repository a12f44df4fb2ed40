import { describe, expect, it } from "vitest";
import { makeTextPdf } from "../__fixtures__/make-pdf.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import type { PdfChild } from "./pdf-child.ts";
import { createReadingChildren } from "./reading-children.ts";

const signal = new AbortController().signal;
/** Enough that a child that runs from the sources, with the compiler in it, is always kept. */
const WIDE_LIMITS = { ...DEFAULT_LIMITS, maxMemoryMiB: 4_096 };
const oneLine = (text: string) => makeTextPdf([[{ x: 100, y: 700, text }]]);

async function read(child: PdfChild) {
  const report = await child.run(
    { kind: "extract", maxCharacters: 100_000 },
    { maxSeconds: 60, signal },
  );
  const pages = report.kind === "extracted" ? report.pages : [];
  return { processId: child.processId, text: pages.map((page) => page.lines[0]?.text).join() };
}

describe("children that read text layers", { timeout: 120_000 }, () => {
  it("read one document after another in one process, each its own", async () => {
    const children = createReadingChildren(WIDE_LIMITS);
    const first = await children.use(oneLine("Aviso de la primera"), signal, read);
    const second = await children.use(oneLine("Edicto de la segunda"), signal, read);
    expect(second.processId).toBe(first.processId);
    expect([first.text, second.text]).toEqual(["Aviso de la primera", "Edicto de la segunda"]);
  });

  it("are two processes for two documents at the same time", async () => {
    const children = createReadingChildren(WIDE_LIMITS);
    const both = await Promise.all(
      ["Aviso uno", "Aviso dos"].map((text) => children.use(oneLine(text), signal, read)),
    );
    expect(both.map(({ text }) => text)).toEqual(["Aviso uno", "Aviso dos"]);
    expect(new Set(both.map(({ processId }) => processId)).size).toBe(2);
  });

  it.each([
    [
      "a PDF that cannot be opened",
      (children: ReturnType<typeof createReadingChildren>) =>
        children.use(Buffer.from("%PDF-1.7\n"), signal, read),
    ],
    [
      "a task that failed",
      (children: ReturnType<typeof createReadingChildren>) =>
        children.use(oneLine("Aviso"), signal, () => Promise.reject(new Error("planted"))),
    ],
  ])("end with %s: the next document has a new one", async (_name, fail) => {
    const children = createReadingChildren(WIDE_LIMITS);
    const before = await children.use(oneLine("Antes"), signal, read);
    await expect(fail(children)).rejects.toThrow();
    const after = await children.use(oneLine("Después"), signal, read);
    expect(after.text).toBe("Después");
    expect(after.processId).not.toBe(before.processId);
  });

  it("are replaced when they have kept much of their memory limit", async () => {
    // Node and pdfjs alone are more than a quarter of this limit.
    const children = createReadingChildren({ ...DEFAULT_LIMITS, maxMemoryMiB: 320 });
    const first = await children.use(oneLine("Antes"), signal, read);
    const second = await children.use(oneLine("Después"), signal, read);
    expect(second.text).toBe("Después");
    expect(second.processId).not.toBe(first.processId);
  });
});
