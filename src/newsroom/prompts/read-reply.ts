import { z } from "zod";
import { readJsonObject } from "../../conversation/read-json-object.ts";
import type { ModelReply } from "../../core/language-model.ts";
import type { Reason } from "../../core/newsroom.ts";

/** A reply longer than this is no digest of anything. */
const MAX_REPLY = 60_000;

const reply = z.object({
  statements: z
    .array(
      z.object({
        text: z.string().max(2_000).default(""),
        cites: z.array(z.int().min(0).max(100_000)).max(50),
      }),
    )
    .max(100),
});

export interface WrittenStatement {
  /** Empty: as what it cites has it. */
  readonly text: string;
  /** From 1; may name what is not there. */
  readonly cites: readonly number[];
}

export type ReadReply =
  | { readonly kind: "read"; readonly statements: readonly WrittenStatement[] }
  | { readonly kind: "junk"; readonly reason: Reason };

/** What a model wrote, as far as it has the form that was asked for. `shown`: how many things it could cite. */
export function readReply({ text, finish }: ModelReply, shown: number): ReadReply {
  if (finish === "length") return junk("cut-off", "The model's reply was cut off before its end.");
  if (text.trim() === "") return junk("empty-reply", "The model wrote nothing.");
  const object = text.length > MAX_REPLY ? undefined : readJsonObject(text);
  const read = reply.safeParse(object);
  if (!read.success) {
    return junk("not-json", "The model's reply is not the JSON object that was asked for.");
  }
  const { statements } = read.data;
  const isCited = (cites: readonly number[]) => cites.some((at) => at >= 1 && at <= shown);
  if (statements.length > 0 && !statements.some(({ cites }) => isCited(cites))) {
    return junk("uncited", "None of the model's statements cites anything that it was shown.");
  }
  return { kind: "read", statements };
}

function junk(code: string, detail: string): ReadReply {
  return { kind: "junk", reason: { code, detail } };
}
