import { type FieldProblem, problemAt } from "./field-problem.ts";

/** What a form holds, what the server said of it, and who takes what is typed. */
export interface DraftForm<Draft> {
  readonly draft: Draft;
  readonly problems: readonly FieldProblem[];
  readonly onChange: (draft: Draft) => void;
}

type NamesOf<Draft, Held> = {
  [Name in keyof Draft]: [Draft[Name], Held] extends [Held, Draft[Name]] ? Name : never;
}[keyof Draft];

/** One text of a draft, as fields take it; `at`: where the server finds something wrong with it. */
export function textField<Draft>(
  { draft, problems, onChange }: DraftForm<Draft>,
  name: NamesOf<Draft, string>,
  at: string,
) {
  return {
    value: draft[name] as string,
    error: problemAt(problems, at),
    onChange: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) =>
      onChange({ ...draft, [name]: currentTarget.value }),
  };
}

/** One number of a draft, which has to be there; as it is typed, it may be a text. */
export function numberField<Draft>(
  { draft, problems, onChange }: DraftForm<Draft>,
  name: NamesOf<Draft, number | string>,
  at: string,
) {
  return {
    value: draft[name] as number | string,
    error: problemAt(problems, at),
    onChange: (value: number | string) => onChange({ ...draft, [name]: value }),
    required: true,
    withAsterisk: false,
  };
}
