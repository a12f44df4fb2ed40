/** One server-sent event. */
export interface ReadEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

export interface EventReader {
  /** The next event of this name, among those that nobody has taken yet. Waits at most 10 s. */
  next(event: string): Promise<ReadEvent>;
  /** Names of all events so far, in order. */
  readonly names: readonly string[];
  /** Resolves when the stream has ended, from whichever side. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Reads server-sent events as the HTML standard parses them, comments dropped. */
export function readEvents(url: string, headers: Record<string, string>): EventReader {
  const stop = new AbortController();
  const taken: ReadEvent[] = [];
  const names: string[] = [];
  let notify = () => {};

  const ended = (async () => {
    const response = await fetch(url, { headers, signal: stop.signal });
    if (!response.ok || response.body === null)
      throw new Error(`the stream says ${response.status}`);
    let buffer = "";
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      buffer += text;
      const blocks = buffer.split("\n\n");
      buffer = blocks.pop() ?? "";
      const told = blocks.map(parseBlock).filter((one) => one.event !== "");
      taken.push(...told);
      names.push(...told.map(({ event }) => event));
      notify();
    }
  })().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });

  return {
    names,
    async next(event) {
      const deadline = AbortSignal.timeout(30_000);
      for (;;) {
        const index = taken.findIndex((one) => one.event === event);
        if (index >= 0) return taken.splice(index, 1)[0] as ReadEvent;
        await new Promise<void>((resolve, reject) => {
          notify = resolve;
          deadline.addEventListener("abort", () => reject(new Error(`no "${event}" within 30 s`)));
          ended.catch(reject);
        });
      }
    },
    ended,
    close: () => stop.abort(),
  };
}

function parseBlock(block: string): ReadEvent {
  const fields = new Map(
    block
      .split("\n")
      .filter((line) => !line.startsWith(":") && line.includes(": "))
      .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
  );
  return {
    id: fields.get("id") ?? "",
    event: fields.get("event") ?? "",
    data: fields.get("data") ?? "",
  };
}
