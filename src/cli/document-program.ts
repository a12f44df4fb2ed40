import { type Command, Option } from "commander";
import { LANGUAGES, type Language } from "../core/language.ts";
import {
  addDocumentCommand,
  listDocumentsCommand,
  reindexDocumentCommand,
  removeDocumentCommand,
} from "./document.ts";
import type { CommandContext, CommandPorts, Output } from "./ports.ts";

type Run = (
  command: string,
  work: (ports: CommandPorts, context: CommandContext) => Promise<number>,
) => Promise<void>;

/** `document …`: the tenant's own documents, beside the gazettes. */
export function addDocuments(program: Command, run: Run, out: Output): void {
  const document = program
    .command("document")
    .description("documents of your own that answers come from");
  document
    .command("list")
    .description("each with the state of its newest version")
    .action(() =>
      run("document list", (ports, context) => listDocumentsCommand(ports, context, out)),
    );
  document
    .command("add")
    .description("a PDF, DOCX, HTML, Markdown or text file, or an address")
    .argument("<file-or-url>")
    .option("--title <text>", "as answers cite it (default: the file's name)")
    .option("--public", "citations link to its pages, for whoever has the address")
    .addOption(new Option("--language <code>").choices([...LANGUAGES]).default("es"))
    .action(
      (
        location: string,
        {
          title,
          language,
          public: isPublic = false,
        }: {
          readonly title?: string;
          readonly language: Language;
          readonly public?: boolean;
        },
      ) =>
        run("document add", (ports, context) =>
          addDocumentCommand(ports, { location, title, language, isPublic }, context, out),
        ),
    );
  document
    .command("remove")
    .description("for good: its passages, vectors, statistics and files")
    .argument("<id>")
    .action((id: string) =>
      run("document remove", (ports, context) =>
        removeDocumentCommand(ports, { id }, context, out),
      ),
    );
  document
    .command("reindex")
    .description("read its current version anew")
    .argument("<id>")
    .action((id: string) =>
      run("document reindex", (ports, context) =>
        reindexDocumentCommand(ports, { id }, context, out),
      ),
    );
}
