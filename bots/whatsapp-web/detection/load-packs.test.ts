import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silentLogger } from "../../../src/core/logger.ts";
import { loadPacks } from "./load-packs.ts";
import { createPhraseBook } from "./phrase-book.ts";

let directory: string;
const refused: string[] = [];
const logger = {
  ...silentLogger,
  warn: (_event: string, fields?: { readonly [name: string]: unknown }) =>
    void refused.push(String(fields?.reason)),
};
const read = async (file: string) =>
  JSON.parse(await readFile(new URL(`../packs/${file}`, import.meta.url), "utf8"));
const write = (file: string, content: unknown) =>
  writeFile(
    path.join(directory, file),
    typeof content === "string" ? content : JSON.stringify(content),
  );

beforeEach(async () => {
  refused.length = 0;
  directory = await mkdtemp(path.join(tmpdir(), "pregonero-packs-"));
});
afterEach(() => rm(directory, { recursive: true }));

describe("selector packs", () => {
  it("are shipped for three eras, the newest first", async () => {
    const packs = await loadPacks({ logger });
    expect(packs.map(({ era }) => era)).toEqual(["d", "c", "b"]);
    expect(packs[0]?.name).toMatch(/^d\/20/);
  });

  it("of a folder replace the shipped ones of their era, and add eras", async () => {
    const pack = await read("era-d.json");
    await write("era-d.json", { ...pack, version: "mended" });
    await write("era-e.json", { ...pack, era: "e" });
    const packs = await loadPacks({ directory, logger });
    expect(packs.map(({ name }) => name).slice(0, 2)).toEqual([`e/${pack.version}`, "d/mended"]);
    expect(refused).toEqual([]);
  });

  it.each([
    ["no JSON", "{", /era-d\.json is not used: it is no JSON/],
    ["a selector that is none", { list: { row: ["[role='row'"] } }, /list\.row\.0: has a bracket/],
    ["a field too many", { colour: "red" }, /Unrecognized key: "colour"/],
    ["an era that is none", { era: "D 2" }, /era: /],
  ])(
    "with %s are refused in one sentence, and the shipped ones stay",
    async (_name, part, reason) => {
      const pack = await read("era-d.json");
      const broken =
        typeof part === "string"
          ? part
          : {
              ...pack,
              ...part,
              ...("list" in part ? { list: { ...pack.list, ...part.list } } : {}),
            };
      await write("era-d.json", broken);
      let counted = 0;
      const packs = await loadPacks({ directory, logger, onRefused: () => void counted++ });
      expect(counted).toBe(1);
      expect(packs.map(({ era }) => era)).toEqual(["d", "c", "b"]);
      expect(packs[0]?.version).toBe(pack.version);
      expect(refused).toEqual([expect.stringMatching(reason)]);
    },
  );

  it("of a folder that is not there are missed in one sentence", async () => {
    await loadPacks({ directory: path.join(directory, "none"), logger });
    expect(refused).toEqual([expect.stringMatching(/cannot be read/)]);
  });

  it("may bring words of their own, and words.json those of all", async () => {
    const { words, version } = await read("words.json");
    await write("words.json", { version, words: { ...words, you: { other: ["Ye"] } } });
    const [pack] = await loadPacks({ directory, logger });
    if (pack === undefined) throw new Error("no pack");
    expect(createPhraseBook(pack.words).is("you", "YE")).toBe(true);
    expect(createPhraseBook(pack.words).is("you", "You")).toBe(false);
  });

  it("speak of elements in every language", async () => {
    const [pack] = await loadPacks({ logger });
    expect(pack?.elements.send).toEqual(
      expect.arrayContaining([
        "#main footer [aria-label='Send' i]",
        "#main footer [aria-label='Invia' i]",
      ]),
    );
    expect(JSON.stringify(pack?.elements)).not.toMatch(/\{[a-z]/i);
  });
});

describe("the words of the packs", () => {
  it.each([
    [" Sent ", "sent"],
    [" Entregado ", "delivered"],
    [" Consegnato ", "delivered"],
    [" Lida ", "read"],
    ["Leído", "read"],
    ["In attesa", "pending"],
    ["Mensaje no enviado", "failed"],
    ["Ready", undefined],
    ["", undefined],
  ])("say of the tick %j: %s", async (label, tick) => {
    const [pack] = await loadPacks({ logger });
    if (pack === undefined) throw new Error("no pack");
    expect(createPhraseBook(pack.words).tick(label)).toBe(tick);
  });

  it("are found as whole words, without case and accents", async () => {
    const [pack] = await loadPacks({ logger });
    if (pack === undefined) throw new Error("no pack");
    const phrases = createPhraseBook(pack.words);
    expect(phrases.contains("unread", "1.227 MENSAGENS NAO LIDAS")).toBe(true);
    expect(phrases.contains("edited", "Uneditedly")).toBe(false);
    expect(phrases.media("Foto.pdf")).toBeUndefined();
    expect(phrases.media("Reproducir mensaje de voz")).toBe("voice");
    expect(phrases.is("deleted", "Se eliminó este mensaje.")).toBe(true);
  });
});
