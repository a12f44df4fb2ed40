/** Text from outside, for between a prompt's fences: it can neither close nor open one. */
export function inert(text: string): string {
  return text.replace(/</g, "‹").replace(/>/g, "›").replace(/"/g, "”");
}
