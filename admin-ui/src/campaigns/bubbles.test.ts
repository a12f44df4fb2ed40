import { describe, expect, it } from "vitest";
import { render as renderTelegram } from "../../../bots/telegram/render.ts";
import { render as renderCloud } from "../../../bots/whatsapp-cloud/render.ts";
import { render as renderWeb } from "../../../bots/whatsapp-web/render.ts";
import { placesOf, toBubble } from "./bubbles.ts";

const reply = {
  kind: "text",
  paragraphs: [
    [{ text: "Hola, " }, { text: "mañana", style: "bold" }, { text: " no hay agua." }],
    [{ text: "De 8 a 12", style: "italic" }],
  ],
} as const;

describe("a preview's message", () => {
  it.each([
    ["telegram", renderTelegram(reply)],
    ["whatsapp-web", renderWeb(reply)],
    ["whatsapp-cloud", renderCloud(reply)],
    ["web-chat", [{ kind: "text", paragraphs: reply.paragraphs }]],
  ])("shows of %s the styles as a citizen sees them", (channel, parts) => {
    const [part] = parts;
    const { runs } = toBubble(channel, { ...part });
    expect(runs.find(({ style }) => style === "bold")?.text).toBe("mañana");
    expect(runs.find(({ style }) => style === "italic")?.text).toBe("De 8 a 12");
    expect(runs.map(({ text }) => text).join("")).toContain("Hola, mañana no hay agua.");
  });

  it("shows a file with its caption, and a template with its parameters", () => {
    const file = { kind: "document", fileName: "aviso.pdf", caption: "Lea esto" };
    expect(toBubble("telegram", file)).toMatchObject({
      fileName: "aviso.pdf",
      length: 8,
      limit: 1024,
    });
    const template = { kind: "template", name: "corte", parameters: ["Ana"] };
    expect(toBubble("whatsapp-cloud", template).runs[1]?.text).toContain("Ana");
  });

  it("names each place of a text once, without braces that are meant as such", () => {
    expect(placesOf("{Nombre|vecina}, {fecha} y {nombre}: {{así}}")).toEqual(["nombre", "fecha"]);
  });
});
