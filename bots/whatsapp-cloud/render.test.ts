import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Button, Reply, Span } from "../../src/core/message.ts";
import { textReply } from "../../src/core/message.ts";
import { replies } from "../conformance/replies.ts";
import { toTypedText } from "../whatsapp-text/typed-text.ts";
import { type CloudPart, MAX_INTERACTIVE_LENGTH, MAX_TEXT_LENGTH, render } from "./render.ts";

const typedOf = (part: CloudPart | undefined) =>
  part?.kind === "text" || part?.kind === "choices" ? toTypedText(part) : undefined;
const withButtons = (text: string, buttons: readonly Button[]): Reply => ({
  ...(textReply(text) as Extract<Reply, { kind: "text" }>),
  buttons,
});
const labels = (...names: readonly string[]) =>
  names.map((label, index) => ({ label, data: `choice-${index}` }));

describe("length", () => {
  it("keeps every part below the Cloud API's limits, signs and addresses included", () => {
    fc.assert(
      fc.property(replies, (reply) => {
        for (const part of render(reply)) {
          const text = typedOf(part) ?? "";
          const limit = part.kind === "choices" ? MAX_INTERACTIVE_LENGTH : MAX_TEXT_LENGTH;
          expect(text.length).toBeLessThanOrEqual(limit);
          expect(text.trim()).not.toBe("");
        }
      }),
      { numRuns: 300 },
    );
  });

  it("gives the buttons the end of a long text, and says every word once", () => {
    const text = "La municipalidad acuerda publicar lo siguiente.\n".repeat(120).trim();
    const parts = render(withButtons(text, labels("Sí", "No")));
    expect(parts.map(({ kind }) => kind)).toEqual(["text", "text", "choices"]);
    const said = parts.map((part) => typedOf(part)).join("\n");
    expect(said.replace(/\s+/g, " ")).toBe(text.replace(/\s+/g, " "));
  });

  it("never cuts inside an address that fits as a whole", () => {
    const url = `https://gaceta.example.org/${"x".repeat(700)}`;
    const spans: Span[] = [
      { text: "a ".repeat(1_800) },
      { text: "aquí", url },
      { text: "b ".repeat(900) },
    ];
    const parts = render({ kind: "text", paragraphs: [spans] });
    expect(parts.some((part) => typedOf(part)?.includes(url))).toBe(true);
  });

  it("puts a caption that is too long into a text of its own", () => {
    const caption = "Sus datos. ".repeat(120);
    const document = {
      fileName: "datos.json",
      mimeType: "application/json",
      contentBase64: "e30=",
    };
    const parts = render({ kind: "document", ...document, caption });
    expect(parts.map(({ kind }) => kind)).toEqual(["document", "text"]);
    expect(render({ kind: "document", ...document, caption: "Sus datos" })).toHaveLength(1);
  });
});

describe("choices", () => {
  const choicesOf = (buttons: readonly Button[]) => {
    const part = render(withButtons("¿Cuál?", buttons)).at(-1);
    return part?.kind === "choices" ? part.choices : [];
  };

  it("keeps up to three short labels as they are", () => {
    expect(choicesOf(labels("Sí", "No"))).toEqual([
      { id: "choice-0", title: "Sí" },
      { id: "choice-1", title: "No" },
    ]);
  });

  it("cuts a row's title at a word and says the whole label below", () => {
    const [choice] = choicesOf(labels("Solicitud de concesión de Moba", "b", "c", "d"));
    expect(choice).toEqual({
      id: "choice-0",
      title: "Solicitud de concesión…",
      description: "Solicitud de concesión de Moba",
    });
  });

  it("leaves out what the Cloud API would refuse the whole message for", () => {
    const repeated = [...labels("Sí"), ...labels("Sí"), { label: " ", data: "x" }];
    expect(choicesOf(repeated)).toEqual([{ id: "choice-0", title: "Sí" }]);
    const sameTitle = choicesOf([
      { label: "Sí", data: "a" },
      { label: "Sí", data: "b" },
    ]);
    expect(sameTitle.map(({ title }) => title)).toEqual(["Sí", "Sí (2)"]);
    expect(choicesOf(labels(...Array.from({ length: 14 }, (_, n) => `Fuente ${n}`)))).toHaveLength(
      10,
    );
  });

  it("never exceeds a title's or a description's length", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme", maxLength: 120 }), { maxLength: 14 }),
        (names) => {
          const choices = choicesOf(labels(...names));
          for (const { title, description } of choices) {
            expect(title.length).toBeLessThanOrEqual(24);
            expect(title.isWellFormed()).toBe(true);
            expect(description?.length ?? 0).toBeLessThanOrEqual(72);
          }
          expect(new Set(choices.map(({ title }) => title)).size).toBe(choices.length);
        },
      ),
    );
  });
});

it("fills a template with one line each, and never with nothing", () => {
  const [part] = render({
    kind: "template",
    name: "nuevo_aviso",
    language: "es",
    parameters: ["Ana\nMaría", "", "x".repeat(2_000)],
    text: "Hay un aviso.",
  });
  expect(part).toMatchObject({ kind: "template", name: "nuevo_aviso", language: "es" });
  const parameters = part?.kind === "template" ? part.parameters : [];
  expect(parameters.slice(0, 2)).toEqual(["Ana María", "-"]);
  expect(parameters[2]).toHaveLength(1024);
});
