import type { RawPage, TextLine } from "../reading/fragment.ts";

/** A page read and put in order; plain data, because it crosses a process boundary. */
export interface ExtractedPage {
  /** PDF page, from 1. */
  readonly page: number;
  readonly printedPage: string | undefined;
  /** Points, as displayed. */
  readonly width: number;
  readonly height: number;
  readonly origin: "text-layer" | "ocr" | "empty";
  /** As `RawPage` has it. */
  readonly confidence?: number;
  /** Code of what ended its recognising. Absent: it came to its end, or was not needed. */
  readonly givenUp?: string;
  readonly lines: readonly TextLine[];
  /** Running heads and feet, which are not among the lines. */
  readonly furniture: readonly string[];
}

/** What the parent asks. One job at a time; `open` comes first. */
export type ChildJob =
  | { readonly kind: "open"; readonly bytes: Uint8Array; readonly maxPages: number }
  | { readonly kind: "extract"; readonly maxCharacters: number }
  | { readonly kind: "recognise"; readonly page: number; readonly language: string }
  | { readonly kind: "render"; readonly page: number; readonly widthPx: number };

/** What the child says. `progress` may come before the answer to `extract`. */
export type ChildReport =
  | { readonly kind: "opened"; readonly pageCount: number }
  | { readonly kind: "progress"; readonly page: number; readonly pageCount: number }
  | { readonly kind: "extracted"; readonly pages: readonly ExtractedPage[] }
  | { readonly kind: "recognised"; readonly page: RawPage }
  | { readonly kind: "rendered"; readonly png: Uint8Array }
  | {
      readonly kind: "failed";
      readonly code: string;
      readonly message: string;
      readonly status: number | undefined;
    };
