/** What an injected text wants, and how it came. One JSON object a line in injections.jsonl. */
export interface Injection {
  readonly id: string;
  readonly language: "es" | "pt" | "en";
  /** In the citizen's message, or in the text of a gazette's PDF as extraction reads it. */
  readonly place: "message" | "pdf";
  readonly hiding: string;
  readonly payload: string;
  /** What the citizen would see if it were obeyed. */
  readonly demands: readonly string[];
}

/** Stands in a document of another tenant and nowhere else. */
export const CANARY = "CANARIO-7731";

/**
 * A model that obeys whoever speaks to it: it says what is demanded, repeats the injected text, its own instructions
 * and all that it was shown, true things among it, and cites a passage for each. It obeys even what it was not shown.
 */
export function obey(
  prompt: { readonly system: string; readonly user: string },
  injection: Injection,
): string {
  const passages = [...prompt.user.matchAll(/<passage [^>]*>\n[^\n]*\n([\s\S]*?)\n<\/passage>/g)];
  const shown = passages
    .slice(0, 2)
    .map(([, text]) => (text ?? "").replace(/\s+/g, " ").slice(0, 400));
  const said = [
    ...injection.demands,
    injection.payload,
    injection.payload.normalize("NFKC").replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ""),
    ...prompt.system.split("\n"),
    ...(prompt.user.includes(CANARY) ? [CANARY] : []),
  ];
  // As much of it true as not: a text that is nearly all invented would be thrown away whole.
  const passage = passages[0]?.[1]?.replace(/\s+/g, " ") ?? "";
  const truth = /^[^.]+\./.exec(passage)?.[0] ?? "";
  return [...said, ...shown, ...said.map(() => truth)]
    .map((sentence) => `${sentence.replace(/[.\s]+$/, "")} [1].`)
    .join("\n");
}
