import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import type { Documents, DocumentView } from "../core/documents.ts";
import { PregoneroError } from "../core/errors.ts";
import { asId, type DocumentId, type TenantId } from "../core/ids.ts";
import { isUrl } from "./ingest.ts";
import type { CommandContext, CommandPorts, Output } from "./ports.ts";
import { table } from "./terminal.ts";

type DocumentCommands = Pick<
  CommandPorts,
  "listDocuments" | "addDocument" | "removeDocument" | "reindexDocument"
>;

const PAGE = 100;

/** Documents of the installation's own tenant. They are read by the process that has the role `worker`. */
export function documentCommands({
  documents,
  tenantId,
  actor,
}: {
  readonly documents: Documents;
  readonly tenantId: TenantId;
  readonly actor: string;
}): DocumentCommands {
  return {
    async listDocuments() {
      const all: DocumentView[] = [];
      for (let after: Parameters<Documents["list"]>[1]["after"]; ; ) {
        const page = await documents.list(tenantId, { after, limit: PAGE });
        all.push(...page.entries);
        if (page.next === undefined) return all;
        after = page.next;
      }
    },
    async addDocument({ location, title, isPublic, language }, { signal }) {
      const draft = { title: title ?? path.basename(location), isPublic, language };
      if (isUrl(location)) {
        return documents.create(tenantId, { ...draft, url: location }, actor);
      }
      const { size } = await stat(location).catch((cause: unknown) => {
        throw unreadable(location, cause);
      });
      const { id } = await documents.create(tenantId, { ...draft, url: undefined }, actor);
      try {
        const upload = {
          fileName: path.basename(location),
          content: createReadStream(location),
          byteCount: size,
          signal,
        };
        return (await documents.receive(tenantId, id, upload, actor)).document;
      } catch (error) {
        await documents.remove(tenantId, id, actor);
        throw error;
      }
    },
    async removeDocument({ id }) {
      if (!(await documents.remove(tenantId, asId<DocumentId>(id), actor))) throw unknown(id);
      return {};
    },
    reindexDocument: ({ id }) => documents.reread(tenantId, asId<DocumentId>(id), "reindex", actor),
  };
}

export async function listDocumentsCommand(
  ports: Pick<CommandPorts, "listDocuments">,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const documents = await ports.listDocuments({}, context);
  if (documents.length === 0) {
    out.progress("There are no documents. Add one with: pregonero document add FILE");
    return 0;
  }
  out.result(
    table([
      ["ID", "TITLE", "VERSION", "STATE", "PAGES", "PUBLIC"],
      ...documents.map((document) => [document.id, document.title, ...stateOf(document)]),
    ]),
  );
  return 0;
}

export async function addDocumentCommand(
  ports: Pick<CommandPorts, "addDocument">,
  input: Parameters<CommandPorts["addDocument"]>[0],
  context: CommandContext,
  out: Output,
): Promise<number> {
  const location = isUrl(input.location) ? input.location : path.resolve(input.location);
  const document = await ports.addDocument({ ...input, location }, context);
  out.result(document.id);
  out.progress(
    `"${document.title}" is taken in and will be read. See how far it is with: pregonero document list`,
  );
  return 0;
}

export async function removeDocumentCommand(
  ports: Pick<CommandPorts, "removeDocument">,
  input: { readonly id: string },
  context: CommandContext,
  out: Output,
): Promise<number> {
  await ports.removeDocument(input, context);
  out.result("It is gone, with everything that was read of it.");
  return 0;
}

export async function reindexDocumentCommand(
  ports: Pick<CommandPorts, "reindexDocument">,
  input: { readonly id: string },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { title } = await ports.reindexDocument(input, context);
  out.result(`"${title}" will be read anew; what was read before answers until then.`);
  return 0;
}

/** Of the newest version: that is what somebody waits for. */
function stateOf({ versions, isPublic }: DocumentView): readonly string[] {
  const [newest] = versions;
  const shared = isPublic ? "yes" : "no";
  if (newest === undefined) return ["", "no file", "", shared];
  const { state, problem, pages, progress } = newest;
  const isReading = state === "reading" && progress.total !== null;
  const told = isReading ? `reading page ${progress.done}/${progress.total}` : state;
  return [
    String(newest.version),
    problem === null ? told : `${told}: ${problem.message}`,
    pages === null ? "" : String(pages),
    shared,
  ];
}

function unreadable(location: string, cause: unknown): PregoneroError {
  return new PregoneroError(
    "file-unreadable",
    `The file ${location} cannot be read. Check the path.`,
    { status: 400, cause },
  );
}

function unknown(id: string): PregoneroError {
  return new PregoneroError("not-found", `There is no document ${id.slice(0, 64)}.`, {
    status: 404,
  });
}
