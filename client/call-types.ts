import type { paths } from "./generated/schema.d.ts";

export type Method = "get" | "post" | "put" | "patch" | "delete";

/** Addresses that know this method. */
type PathWith<M extends Method> = {
  [Path in keyof paths]: paths[Path] extends { readonly [Name in M]: object } ? Path : never;
}[keyof paths];

type Operation<Path extends keyof paths, M extends Method> = NonNullable<paths[Path][M]>;

interface Options {
  /** Headers besides those of the description. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Instead of the client's. */
  readonly timeoutMs?: number;
  /** How to read the body; JSON when absent. */
  readonly parseAs?: keyof ParsedAs;
}

interface ParsedAs {
  readonly json: never;
  readonly text: string;
  readonly blob: Blob;
  readonly arrayBuffer: ArrayBuffer;
  readonly stream: ReadableStream<Uint8Array> | null;
}

type RequiredKeys<T> = {
  [Key in keyof T]-?: Record<never, never> extends Pick<T, Key> ? never : Key;
}[keyof T];

type ParamsPart<Op> = Op extends { readonly parameters: infer Params }
  ? RequiredKeys<Params> extends never
    ? { readonly params?: Params }
    : { readonly params: Params }
  : { readonly params?: never };

type BodyPart<Op> = Op extends { readonly requestBody: { readonly content: infer Content } }
  ? { readonly body: Content[keyof Content] }
  : { readonly body?: never };

type InitOf<Op> = ParamsPart<Op> & BodyPart<Op> & Options;

type ContentOf<Success> = Success extends { readonly content: infer Content }
  ? Content[keyof Content]
  : undefined;
type SuccessOf<Op> = Op extends { readonly responses: infer Responses }
  ? ContentOf<Responses[keyof Responses]>
  : never;
type DataOf<Op, Init> = Init extends { readonly parseAs: infer As extends keyof ParsedAs }
  ? As extends "json"
    ? SuccessOf<Op>
    : ParsedAs[As]
  : SuccessOf<Op>;

export interface Answer<Data> {
  /** Undefined for an answer without a body. */
  readonly data: Data;
  /** Its headers say more: ETag, Location, X-Request-Id. Its body is read. */
  readonly response: Response;
}

/** The last argument may be left out where nothing in it is needed. */
export type Call<M extends Method> = <
  Path extends PathWith<M>,
  const Init extends InitOf<Operation<Path, M>>,
>(
  path: Path,
  ...init: RequiredKeys<InitOf<Operation<Path, M>>> extends never ? [Init?] : [Init]
) => Promise<Answer<DataOf<Operation<Path, M>, Init>>>;

type PageAt<Path extends keyof paths> = SuccessOf<Operation<Path, "get">>;

/** Lists by pages: those whose answer has `next`. */
export type ListPath = {
  [Path in PathWith<"get">]: PageAt<Path> extends { readonly next: string | null } ? Path : never;
}[PathWith<"get">];

/** What a page of a list holds. */
export type EntryOf<Path extends ListPath> = {
  [Name in keyof PageAt<Path>]: PageAt<Path>[Name] extends readonly (infer Entry)[] ? Entry : never;
}[keyof PageAt<Path>];

type ListPart<Path extends ListPath> = ParamsPart<Operation<Path, "get">> & {
  readonly signal?: AbortSignal;
};

/** Filters and ids of a list; the cursor is seen to. */
export type ListInit<Path extends ListPath> =
  RequiredKeys<ListPart<Path>> extends never ? [ListPart<Path>?] : [ListPart<Path>];
