/** The JSON object that a model wrote, which it may have fenced or introduced. Undefined when there is none. */
export function readJsonObject(text: string): unknown {
  const object = /\{[\s\S]*\}/.exec(text)?.[0];
  if (object === undefined) return undefined;
  try {
    return JSON.parse(object);
  } catch {
    return undefined;
  }
}
