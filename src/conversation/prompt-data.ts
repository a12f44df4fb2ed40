import { withoutHiddenText } from "./hidden-text.ts";

/**
 * Text from outside, for between a prompt's fences: it can neither close nor open one, in whatever width the signs
 * are written, and has nothing that a reader would not see.
 */
export function inert(text: string): string {
  return withoutHiddenText(text)
    .replace(/[<\uff1c\ufe64\u276e\u3008\u27e8]/g, "‹")
    .replace(/[>\uff1e\ufe65\u276f\u3009\u27e9]/g, "›")
    .replace(/["\uff02]/g, "”");
}
