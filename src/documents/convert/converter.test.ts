import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { makeDocx, makeZip } from "../__fixtures__/make-docx.ts";
import type { ConvertedFormat } from "./convert-protocol.ts";
import { createConverter } from "./converter.ts";

const { signal } = new AbortController();
const convert = createConverter();

function read(format: ConvertedFormat, bytes: string | Buffer) {
  return convert({ format, bytes: Buffer.from(bytes as string) }, signal);
}

describe("a document in a process of its own", () => {
  it("is read as DOCX under its headings, articles of a law being sections too", async () => {
    const docx = makeDocx([
      { heading: "Reglamento de parques", level: 1 },
      "Rige en todo el cantón.",
      { heading: "Horarios", level: 2 },
      "Artículo 5.- El parque abre a las seis de la mañana.",
      "Y cierra a las ocho.",
      "Artículo 6.- Los perros van con correa.",
    ]);
    expect(await read("docx", docx)).toEqual([
      { headings: ["Reglamento de parques"], paragraphs: ["Rige en todo el cantón."] },
      {
        headings: ["Reglamento de parques", "Horarios", "Artículo 5"],
        paragraphs: [
          "Artículo 5.- El parque abre a las seis de la mañana.",
          "Y cierra a las ocho.",
        ],
      },
      {
        headings: ["Reglamento de parques", "Horarios", "Artículo 6"],
        paragraphs: ["Artículo 6.- Los perros van con correa."],
      },
    ]);
  });

  it("is read as HTML without code, menus and what nobody sees", async () => {
    const page = `<!doctype html><title>No</title><nav>Menú</nav><h1>Tasas</h1>
      <script>alert("no")</script><p>La tasa es de <b>500</b> colones.</p><style>p{}</style>
      <p hidden>oculto</p><p style="display: none">oculto</p><span style="font-size:0">oculto</span>
      <table><tr><th>Rubro</th><th>Monto</th></tr><tr><td>Basura</td><td>3&nbsp;200</td></tr></table>
      <iframe src="x">no</iframe><p onclick="x()">Fin<br>de la página</p>`;
    expect(await read("html", page)).toEqual([
      {
        headings: ["Tasas"],
        paragraphs: [
          "La tasa es de 500 colones.",
          "Rubro | Monto",
          "Basura | 3 200",
          "Fin",
          "de la página",
        ],
      },
    ]);
  });

  it("is read as Markdown and as text, whatever wrote it", async () => {
    expect(await read("markdown", "# Uno\n\ntexto **fuerte**\n\n## Dos\n\n- a\n- b")).toEqual([
      { headings: ["Uno"], paragraphs: ["texto fuerte"] },
      { headings: ["Uno", "Dos"], paragraphs: ["a", "b"] },
    ]);
    expect(await read("text", Buffer.from("CAP\xcdTULO I\n\nLa canci\xf3n.", "latin1"))).toEqual([
      { headings: ["CAPÍTULO I"], paragraphs: ["La canción."] },
    ]);
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("Año nuevo", "utf16le")]);
    expect(await read("text", wide)).toEqual([{ headings: [], paragraphs: ["Año nuevo"] }]);
  });

  it("is refused when it says that it unpacks to more than a document holds", async () => {
    const bytes = Buffer.from("<x/>");
    const honest = makeZip({ "word/document.xml": { bytes, claimedSize: 900_000_000 } });
    await expect(read("docx", honest)).rejects.toMatchObject({ code: "document-bomb" });
  });

  it("is stopped when it unpacks to more than it said", async () => {
    const bytes = Buffer.alloc(120_000_000, "<a>");
    const packed = deflateRawSync(bytes, { level: 1 });
    const liar = makeZip({
      ...{ "word/document.xml": { bytes, packed, claimedSize: 1_000 } },
    });
    const small = createConverter({ maxSeconds: 60, maxMemoryMiB: 160 });
    await expect(small({ format: "docx", bytes: liar }, signal)).rejects.toMatchObject({
      code: expect.stringMatching(/^document-(bomb|broken)$/),
    });
  });

  it("is refused with one sentence when it is damaged, empty, or takes too long", async () => {
    await expect(read("docx", "PK\x03\x04 and no more")).rejects.toMatchObject({
      code: "document-broken",
    });
    await expect(read("docx", makeZip({ "a.txt": "a" }))).rejects.toMatchObject({
      code: "document-broken",
    });
    await expect(read("html", "<script>1</script>")).rejects.toMatchObject({
      code: "document-no-text",
    });
    const hurried = createConverter({ maxSeconds: 0.001, maxMemoryMiB: 256 });
    await expect(
      hurried({ format: "text", bytes: Buffer.from("a") }, signal),
    ).rejects.toMatchObject({ code: "document-too-slow" });
  });
});
