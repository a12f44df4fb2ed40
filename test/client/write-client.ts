import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";
import {
  apiDocument,
  CLIENT_FOLDER,
  headed,
  onceOperations,
  withoutRefusals,
} from "./client-files.ts";

/** `npm run client`: writes the generated part of the client. */
const document = apiDocument();
const file = ts.factory.createTypeReferenceNode("Blob");
const types = await openapiTS(withoutRefusals(document) as Parameters<typeof openapiTS>[0], {
  alphabetize: true,
  // What has a default may be left out of a request.
  defaultNonNullable: false,
  immutable: true,
  emptyObjectsUnknown: true,
  transform: (schema) => (schema.format === "binary" ? file : undefined),
});
const once = onceOperations(document)
  .map((operation) => `  ${JSON.stringify(operation)},\n`)
  .join("");

mkdirSync(CLIENT_FOLDER, { recursive: true });
const files = {
  "schema.d.ts": astToString(types),
  "once-operations.ts": `/** Calls that take an Idempotency-Key. */\nexport const ONCE_OPERATIONS: ReadonlySet<string> = new Set([\n${once}]);\n`,
};
for (const [name, text] of Object.entries(files)) {
  writeFileSync(path.join(CLIENT_FOLDER, name), headed(document, text));
  process.stdout.write(`client/generated/${name}: ${text.split("\n").length} lines\n`);
}
