import { newKey, POST } from "../api/api.ts";

/** A stretch of a reply. Its text may come from a stranger: it becomes text nodes, and its address a checked link. */
export interface Span {
  readonly text: string;
  readonly style?: "bold" | "italic" | "code";
  readonly url?: string;
}

export interface Reply {
  readonly kind: string;
  readonly paragraphs?: readonly (readonly Span[])[];
}

/** As the stream of a web chat tells it (`docs/web-chat.md`). */
interface Entry {
  readonly part: Reply;
  readonly answer?: { readonly messageId: string };
}

type Language = "es" | "en" | "pt";

/** A turn has 45 seconds. */
const ANSWER_MS = 55_000;
/** What is no answer of the gazette's (a greeting, a refusal) says not that it is whole: nothing comes after it. */
const QUIET_MS = 4_000;

/** Writes to a web chat as a visitor does, and resolves with everything that is said to it. */
export async function askBot(
  botKey: string,
  text: string,
  language: Language,
): Promise<readonly Reply[]> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  // Its page gives whoever opens it the cookie that a conversation is known by.
  await fetch(`/chat/${encodeURIComponent(botKey)}`, { signal });
  const chat = listen(botKey, signal);
  try {
    await chat.ready;
    const { data } = await POST("/api/v1/chat/{botKey}/messages", {
      params: { path: { botKey } },
      body: { clientMessageId: newUuid(), text, language },
    });
    return await chat.answerTo(data.messageId);
  } finally {
    chat.close();
  }
}

/** What was said before the stream is `ready` is of earlier questions. */
function listen(botKey: string, signal: AbortSignal) {
  const said: Entry[] = [];
  let isReady = false;
  let changed = () => {};
  const source = new EventSource(`/api/v1/chat/${encodeURIComponent(botKey)}/events`);
  const gone = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    source.addEventListener("error", () => {
      // After a cut the browser comes back by itself; after a refusal it does not.
      if (source.readyState === EventSource.CLOSED) reject(new Error("The chat refused us."));
    });
  });
  const ready = new Promise<void>((resolve) => {
    source.addEventListener("ready", () => {
      isReady = true;
      resolve();
    });
  });
  source.addEventListener("entry", (event) => {
    const entry = JSON.parse(event.data) as Entry;
    if (!isReady || entry.part.kind === "visitor") return;
    said.push(entry);
    changed();
  });
  return {
    ready: Promise.race([ready, gone]),
    answerTo(messageId: string): Promise<readonly Reply[]> {
      const whole = new Promise<readonly Reply[]>((resolve) => {
        let quiet: ReturnType<typeof setTimeout> | undefined;
        const end = () => resolve(said.map(({ part }) => part));
        changed = () => {
          clearTimeout(quiet);
          if (said.some(({ answer }) => answer?.messageId === messageId)) end();
          else if (said.length > 0) quiet = setTimeout(end, QUIET_MS);
        };
        changed();
      });
      return Promise.race([whole, gone]);
    },
    close: () => source.close(),
  };
}

/** Of version 4. Not randomUUID, which a page over http lacks. */
function newUuid(): string {
  const hex = newKey();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** The path of a page of a gazette, which opens here; undefined for any other address. */
export function pagePathOf(url: string | undefined): string | undefined {
  const address = addressOf(url);
  if (address === undefined || !/^\/gazettes\/[^/]+\/[^/]+\/pages\/\d+$/.test(address.pathname)) {
    return undefined;
  }
  return address.pathname + address.search;
}

/** An http(s) address, or a path of this host; undefined for anything else. */
export function addressOf(url: string | undefined): URL | undefined {
  if (url === undefined || url === "" || !URL.canParse(url, location.origin)) return undefined;
  const address = new URL(url, location.origin);
  return /^https?:$/.test(address.protocol) ? address : undefined;
}

/** The first page that is cited. */
export function firstPageOf(replies: readonly Reply[]): string | undefined {
  for (const { paragraphs = [] } of replies) {
    for (const { url } of paragraphs.flat()) {
      const path = pagePathOf(url);
      if (path !== undefined) return path;
    }
  }
  return undefined;
}
