/** Which gazette and day a prompt is to be run on: where one comes from its calendar. */
export interface PromptsSearch {
  readonly source?: string | undefined;
  readonly date?: string | undefined;
}

export function readPromptsSearch(search: Readonly<Record<string, unknown>>): PromptsSearch {
  return {
    ...matching(search, "source", /^[a-z0-9]+(-[a-z0-9]+)*$/),
    ...matching(search, "date", /^20\d{2}-\d{2}-\d{2}$/),
  };
}

/** The run that stands beside it. */
export interface RunSearch {
  readonly with?: string | undefined;
}

export function readRunSearch(search: Readonly<Record<string, unknown>>): RunSearch {
  return matching(search, "with", UUID);
}

/** The publication that is open. */
export interface PublishingSearch {
  readonly publication?: string | undefined;
}

export function readPublishingSearch(search: Readonly<Record<string, unknown>>): PublishingSearch {
  return matching(search, "publication", UUID);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function matching(search: Readonly<Record<string, unknown>>, name: string, pattern: RegExp) {
  const value = search[name];
  return typeof value === "string" && pattern.test(value) ? { [name]: value } : {};
}
