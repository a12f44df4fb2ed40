/** What one document may cost. Whatever exceeds one of these is refused with a sentence, and nothing is changed. */
export interface ExtractLimits {
  /** Size of the PDF. */
  readonly maxBytes: number;
  readonly maxPages: number;
  /** Of the text layer, all pages together. */
  readonly maxCharacters: number;
  /** For reading the whole text layer. */
  readonly maxSeconds: number;
  /** Resident memory of the child process: what a decompression bomb runs into. */
  readonly maxMemoryMiB: number;
  /** For recognising one scanned page; a page that takes longer is left empty. */
  readonly maxOcrSecondsPerPage: number;
  /** OCR processes at once. Each takes a core and about 550 MiB. */
  readonly ocrProcesses: number;
}

/**
 * The largest edition seen has 381 pages, 4 MB and 900,000 characters and takes 3 s. Memory: pdfjs needs about 200 MiB for
 * it, and a page of 200 dots per inch with the recogniser about 550 MiB.
 */
export const DEFAULT_LIMITS: ExtractLimits = {
  maxBytes: 50 * 1024 * 1024,
  maxPages: 2_000,
  maxCharacters: 20_000_000,
  maxSeconds: 180,
  maxMemoryMiB: 1_024,
  maxOcrSecondsPerPage: 180,
  ocrProcesses: 2,
};
