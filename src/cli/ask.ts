import type { Answer, Citation } from "../core/answer.ts";
import type { AskInput, CommandContext, CommandPorts, Output } from "./ports.ts";

const QUOTE_CHARACTERS = 400;

/** Prints the answer with its citations. Returns the exit code: 0 also when the gazette does not say. */
export async function askCommand(
  ports: Pick<CommandPorts, "ask">,
  input: AskInput & { readonly json: boolean },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { json, ...question } = input;
  const answer = await ports.ask(question, context);
  out.result(json ? JSON.stringify(toJson(answer), null, 2) : describeAnswer(answer));
  return 0;
}

/** The shape that `POST /api/v1/ask` answers with. */
function toJson(answer: Answer) {
  return {
    answer: answer.text,
    abstained: answer.abstained,
    citations: answer.citations.map(({ source, edition, date, page, printedPage, quote, url }) => ({
      source,
      edition,
      date,
      page,
      printedPage: printedPage ?? null,
      quote,
      url,
    })),
    model: answer.model,
    passport: answer.passport,
  };
}

export function describeAnswer(answer: Answer): string {
  return [
    answer.text,
    ...answer.citations.map(describeCitation),
    `${answer.model} · pregonero passport ${answer.passport}`,
  ].join("\n\n");
}

function describeCitation(citation: Citation): string {
  const { number, edition, date, page, printedPage, quote, url } = citation;
  const printed = printedPage === undefined ? "" : `, printed ${printedPage}`;
  const text = quote.replace(/\s+/g, " ");
  const cut = text.length > QUOTE_CHARACTERS ? `${text.slice(0, QUOTE_CHARACTERS)}…` : text;
  return `[${number}] ${edition}, ${date}, PDF page ${page}${printed}\n    «${cut}»\n    ${url}`;
}
