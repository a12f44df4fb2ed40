/** Which month of a gazette's calendar is shown, and which day of it is open. */
export interface DaySearch {
  readonly month?: string | undefined;
  readonly date?: string | undefined;
}

export function readDay(search: Readonly<Record<string, unknown>>): DaySearch {
  return { ...matching(search, "month", /^20\d{2}-\d{2}$/), ...matching(search, "date", DAY) };
}

/** Which page of a document is shown. */
export interface PageSearch {
  readonly page?: number | undefined;
}

export function readPage({ page }: Readonly<Record<string, unknown>>): PageSearch {
  return Number.isInteger(page) && Number(page) > 0 ? { page: Number(page) } : {};
}

const DAY = /^20\d{2}-\d{2}-\d{2}$/;

function matching(search: Readonly<Record<string, unknown>>, name: string, pattern: RegExp) {
  const value = search[name];
  return typeof value === "string" && pattern.test(value) ? { [name]: value } : {};
}
