import type { DocumentFormat } from "../../core/documents.ts";

/** What stands under one heading, before the next. Plain data, because it crosses a process boundary. */
export interface TextSection {
  /** The headings that it stands under, outermost first, its own last; empty: it stands before the first one. */
  readonly headings: readonly string[];
  /** In reading order; rows of tables with ` | ` between their cells. */
  readonly paragraphs: readonly string[];
}

export type ConvertedFormat = Exclude<DocumentFormat, "pdf">;

export interface ConvertJob {
  readonly format: ConvertedFormat;
  readonly bytes: Uint8Array;
}

export type ConvertReport =
  | { readonly kind: "converted"; readonly sections: readonly TextSection[] }
  | {
      readonly kind: "failed";
      readonly code: string;
      readonly message: string;
      readonly status: number | undefined;
    };
