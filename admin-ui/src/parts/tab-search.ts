/** Which part of a view is shown: in the address, so that it can be linked to. */
export interface TabSearch {
  readonly tab?: string | undefined;
}

export function readTab(search: Readonly<Record<string, unknown>>): TabSearch {
  return typeof search.tab === "string" ? { tab: search.tab } : {};
}
