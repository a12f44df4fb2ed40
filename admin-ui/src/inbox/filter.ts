/** Which conversations the list shows; in the address, so that a filtered list can be kept and sent. */
export const VIEWS = [
  "open",
  "mine",
  "unassigned",
  "waiting",
  "unread",
  "trouble",
  "closed",
  "all",
] as const;
export type View = (typeof VIEWS)[number];

export const CHANNELS = ["web-chat", "telegram", "whatsapp-web", "whatsapp-cloud"] as const;
export type ChannelName = (typeof CHANNELS)[number];

export interface InboxFilter {
  readonly view?: View | undefined;
  readonly channel?: ChannelName | undefined;
  readonly q?: string | undefined;
}

/** Reads what stands in the address; what is unknown is left out. */
export function readFilter(search: Readonly<Record<string, unknown>>): InboxFilter {
  const view = VIEWS.find((each) => each === search.view);
  const channel = CHANNELS.find((each) => each === search.channel);
  const q = typeof search.q === "string" && search.q !== "" ? search.q : undefined;
  return {
    ...(view !== undefined && { view }),
    ...(channel !== undefined && { channel }),
    ...(q !== undefined && { q }),
  };
}

/** As the API asks for it. */
export function toQuery({ view = "all", channel, q }: InboxFilter) {
  return {
    ...(channel !== undefined && { channel }),
    ...(q !== undefined && { q }),
    ...VIEW_QUERIES[view],
  };
}

const VIEW_QUERIES = {
  open: { state: "open" },
  mine: { assignee: "me" },
  unassigned: { assignee: "nobody" },
  waiting: { state: "waiting-for-person" },
  unread: { unread: "true" },
  trouble: { trouble: "true" },
  closed: { state: "closed" },
  all: {},
} as const satisfies Record<View, object>;
