const COLOURS: Readonly<Record<string, string>> = {
  debug: "\u001b[2m",
  info: "\u001b[36m",
  warn: "\u001b[33m",
  error: "\u001b[31m",
};
const RESET = "\u001b[0m";
/** C0 and C1 controls: a logged value must not move the cursor of whoever reads it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** `13:10:02 info  message-accepted messageId=…`; an error's stack follows on lines of its own. */
export function formatForPeople(line: string, hasColour: boolean): string {
  const { time, level, event, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const stacks: string[] = [];
  const shown = Object.entries(fields).map(([name, value]) => {
    if (typeof value !== "object" || value === null) return `${name}=${String(value)}`;
    const { stack, ...rest } = value as Record<string, unknown>;
    if (typeof stack === "string" && stack !== "") stacks.push(stack);
    return `${name}=${JSON.stringify(rest)}`;
  });
  const name = String(level).padEnd(5);
  const label = hasColour ? `${COLOURS[String(level)] ?? ""}${name}${RESET}` : name;
  const clock = String(time).slice(11, 19);
  const text = [event, ...shown, ...stacks.map((stack) => `\n${stack}`)].join(" ");
  return `${clock} ${label} ${text.replace(CONTROLS, "�")}\n`;
}
