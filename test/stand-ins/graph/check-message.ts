import { GraphRefusal } from "./graph-refusal.ts";
import type { HeldMedia, NumberState, SentMessage } from "./world.ts";

type Json = Readonly<Record<string, unknown>>;
type Content = Pick<SentMessage, "type" | "text" | "choices" | "document" | "template">;

/** Checks the body of POST /messages as the Cloud API does, and reads what the person will see. */
export function readContent(
  body: Json,
  number: NumberState,
  media: ReadonlyMap<string, HeldMedia>,
): Content {
  const type = body.type === undefined ? "text" : String(body.type);
  switch (type) {
    case "text":
      return { ...NOTHING, type, text: bounded(object(body.text, "text").body, "text.body", 4096) };
    case "interactive":
      return readInteractive(object(body.interactive, "interactive"));
    case "document":
      return readDocument(object(body.document, "document"), media);
    case "template":
      return readTemplate(object(body.template, "template"), number);
    default:
      throw new GraphRefusal(131051, `Message type ${type} is not supported`);
  }
}

const NOTHING = { text: "", choices: [], document: undefined, template: undefined } as const;

function readInteractive(interactive: Json): Content {
  const type = String(interactive.type);
  const text = bounded(object(interactive.body, "interactive.body").text, "body.text", 1024);
  const action = object(interactive.action, "interactive.action");
  if (type === "button") {
    const buttons = list(action.buttons, "action.buttons");
    if (buttons.length < 1 || buttons.length > 3) throw invalid("Buttons count: min 1, max 3");
    const choices = buttons.map((button) => {
      const reply = object(object(button, "button").reply, "button.reply");
      return {
        id: bounded(reply.id, "reply.id", 256),
        title: bounded(reply.title, "reply.title", 20),
      };
    });
    return { ...NOTHING, type: "interactive", text, choices: unique(choices) };
  }
  if (type !== "list") throw invalid(`interactive.type ${type} is not supported here`);
  bounded(action.button, "action.button", 20);
  const rows = list(action.sections, "action.sections").flatMap((section) =>
    list(object(section, "section").rows, "section.rows"),
  );
  if (rows.length < 1 || rows.length > 10)
    throw invalid("Total row count exceed max allowed count: 10");
  const choices = rows.map((item) => {
    const row = object(item, "row");
    return {
      id: bounded(row.id, "row.id", 200),
      title: bounded(row.title, "row.title", 24),
      ...(row.description !== undefined && {
        description: bounded(row.description, "row.description", 72),
      }),
    };
  });
  return { ...NOTHING, type: "interactive", text, choices: unique(choices) };
}

function unique<Choice extends { id: string; title: string }>(choices: Choice[]): Choice[] {
  for (const field of ["id", "title"] as const) {
    const values = new Set(choices.map((choice) => choice[field]));
    if (values.size < choices.length) throw invalid(`Duplicated ${field} within the same message`);
  }
  return choices;
}

function readDocument(document: Json, media: ReadonlyMap<string, HeldMedia>): Content {
  const held = media.get(String(document.id));
  if (held === undefined) throw new GraphRefusal(131053, "Media upload error: unknown media id");
  const text =
    document.caption === undefined ? "" : bounded(document.caption, "document.caption", 1024);
  const fileName = bounded(document.filename ?? "document", "document.filename", 240);
  return {
    ...NOTHING,
    type: "document",
    text,
    document: { fileName, mimeType: held.mimeType, bytes: held.bytes },
  };
}

function readTemplate(template: Json, number: NumberState): Content {
  const name = String(template.name);
  const language = String(object(template.language, "template.language").code);
  const approved = number.templates.get(`${name} ${language}`);
  if (approved === undefined) {
    throw new GraphRefusal(
      132001,
      `template name (${name}) does not exist in the translation (${language})`,
    );
  }
  const components =
    template.components === undefined ? [] : list(template.components, "components");
  const parameters = components
    .map((component) => object(component, "component"))
    .filter((component) => component.type === "body")
    .flatMap((component) => list(component.parameters, "parameters"))
    .map((parameter) => object(parameter, "parameter").text);
  const expected = new Set(approved.text.match(/\{\{\d+\}\}/g) ?? []).size;
  if (parameters.length !== expected) {
    throw new GraphRefusal(
      132000,
      `number of localizable_params (${parameters.length}) does not match the expected number of params (${expected})`,
    );
  }
  const words = parameters.map((parameter, index) => {
    const text = bounded(parameter, `parameter ${index + 1}`, 1024);
    if (/[\n\t]| {5}/.test(text)) {
      throw new GraphRefusal(
        132018,
        "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
      );
    }
    return text;
  });
  const text = approved.text.replace(
    /\{\{(\d+)\}\}/g,
    (_, place) => words[Number(place) - 1] ?? "",
  );
  return { ...NOTHING, type: "template", text, template: name };
}

function bounded(value: unknown, name: string, maxLength: number): string {
  if (typeof value !== "string" || value.trim() === "") {
    throw new GraphRefusal(131008, `The parameter ${name} is required.`);
  }
  if (!value.isWellFormed()) throw new GraphRefusal(100, `Param ${name} is not valid UTF-8`);
  if (value.length > maxLength) {
    throw new GraphRefusal(100, `Param ${name} must be at most ${maxLength} characters long.`);
  }
  return value;
}

export function object(value: unknown, name: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new GraphRefusal(131008, `The parameter ${name} is required.`);
  }
  return value as Json;
}

function list(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new GraphRefusal(131008, `The parameter ${name} is required.`);
  return value;
}

function invalid(details: string): GraphRefusal {
  return new GraphRefusal(131009, details);
}
