import { createParser } from "eventsource-parser";
import { PregoneroApiError } from "./api-error.ts";
import type { components } from "./generated/schema.d.ts";
import { wait } from "./wait.ts";

type EventKind = components["schemas"]["EventKind"];

/** `reset`: too much was missed, read the state anew. `ready`: the past is told. */
export interface LiveEvent {
  readonly kind: EventKind | "reset" | "ready";
  /** Grows; `since` takes it. */
  readonly position: number;
  /** Ids and states (docs/events.md): tenantId, at, and what the kind has. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface LiveEventsOptions {
  /** Absent: every kind that the caller may see. */
  readonly kinds?: readonly EventKind[];
  /** Tell what follows this position; absent: only what happens from now on. */
  readonly since?: number;
  /** Ends the reading without an error. */
  readonly signal?: AbortSignal;
}

/** Opens one stream. Throws PregoneroApiError. */
export type OpenStream = (
  query: { readonly kinds?: string; readonly since?: number },
  signal: AbortSignal,
) => Promise<{ readonly response: Response; readonly data: unknown }>;

/** The server sends something every 20 s: a connection that is silent for three times that is dead. */
const SILENCE_MS = 60_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** Sent by itself between events, so that readers of rare kinds do not fall behind the log. */
const HEARTBEAT = /: still here\nid: (\d+)\n\n/;

/**
 * Events as they happen, without end: a connection that breaks is opened anew after the last event that was read, so
 * that none is missed and none comes twice. Ends by `signal`, or by leaving the loop. Throws PregoneroApiError for what
 * coming back does not mend, such as a session that is over or a role that may not.
 */
export async function* followEvents(
  open: OpenStream,
  { kinds, since, signal: ended }: LiveEventsOptions,
): AsyncGenerator<LiveEvent, void, void> {
  const left = new AbortController();
  const signal = ended === undefined ? left.signal : AbortSignal.any([ended, left.signal]);
  const state: Reading = { position: since, retryMs: FIRST_WAIT_MS };
  const query = kinds === undefined ? {} : { kinds: kinds.join(",") };
  let failures = 0;
  try {
    while (!signal.aborted) {
      try {
        const from = state.position === undefined ? {} : { since: state.position };
        const { data } = await open({ ...query, ...from }, signal);
        for await (const event of readStream(data as Body, state, signal)) {
          failures = 0;
          yield event;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!isPassing(error)) throw error;
        failures += 1;
      }
      await wait(waitAfter(failures, state), signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    left.abort();
  }
}

type Body = ReadableStream<Uint8Array> | null;

interface Reading {
  position: number | undefined;
  /** As the server last asked. */
  retryMs: number;
}

function waitAfter(failures: number, { retryMs }: Reading): number {
  return Math.min(retryMs * 2 ** Math.max(0, failures - 1), LONGEST_WAIT_MS);
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof PregoneroApiError)) return true;
  return error.status === 0 || error.status === 429 || error.status >= 500;
}

async function* readStream(
  body: Body,
  state: Reading,
  signal: AbortSignal,
): AsyncGenerator<LiveEvent, void, void> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  const decoder = new TextDecoder();
  const events: LiveEvent[] = [];
  const parser = createParser({
    onEvent({ id, event, data }) {
      if (id === undefined || event === undefined) return;
      events.push({
        kind: event as LiveEvent["kind"],
        position: Number(id),
        data: JSON.parse(data),
      });
    },
    onRetry(ms) {
      state.retryMs = ms;
    },
  });
  try {
    for (;;) {
      const { done, value } = await readInTime(reader, signal);
      if (done) return;
      const text = decoder.decode(value, { stream: true });
      parser.feed(text);
      for (const event of events.splice(0)) {
        state.position = event.position;
        yield event;
      }
      const beat = HEARTBEAT.exec(text)?.[1];
      if (beat !== undefined) state.position = Number(beat);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

async function readInTime(reader: ReadableStreamDefaultReader<Uint8Array>, signal: AbortSignal) {
  const isOver = new AbortController();
  const silence = wait(SILENCE_MS, AbortSignal.any([signal, isOver.signal])).then(() => {
    throw new Error("The stream fell silent.");
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } finally {
    isOver.abort();
    silence.catch(() => {});
  }
}
