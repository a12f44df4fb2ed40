import { z } from "zod";
import type { AssistantDraft } from "../core/assistant.ts";
import { PregoneroError } from "../core/errors.ts";
import { assistantDraft, assistantName } from "./draft-schema.ts";

const shape = z.strictObject({ name: assistantName, draft: assistantDraft });

/** Also of what did not come over HTTP, where each field is named. Throws `assistant-invalid` (400). */
export function readDraft(given: { readonly name: string; readonly draft: AssistantDraft }) {
  const read = shape.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const field = issue?.path.slice(-1).join("") ?? "";
  throw new PregoneroError(
    "assistant-invalid",
    `The assistant's ${field}: ${issue?.message ?? "it is not valid"}.`,
    { status: 400 },
  );
}
