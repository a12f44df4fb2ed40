import type { Language } from "../../core/language.ts";

export interface ExtractProgress {
  readonly step: "read" | "recognise";
  /** Pages done in this step. */
  readonly done: number;
  readonly total: number;
}

export interface ExtractOptions {
  readonly language: Language;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ExtractProgress) => void;
}
