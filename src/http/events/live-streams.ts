import type { Response } from "express";
import type { Clock } from "../../core/clock.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { StreamHolder, StreamStanding } from "../../core/events.ts";
import type { Logger } from "../../core/logger.ts";
import type { Metrics } from "../../core/metrics.ts";
import type { EventFollower, EventHub, ToldEvent } from "../../events/event-hub.ts";
import { mayBeTold, type StreamReader } from "./audience.ts";

export interface LiveStreamPorts {
  readonly hub: EventHub;
  readonly standing: StreamStanding;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface StreamRequest {
  readonly holder: StreamHolder;
  readonly reader: StreamReader;
  /** Undefined: every kind. */
  readonly kinds: ReadonlySet<string> | undefined;
  /** The last event that was read; undefined: none, and nothing of the past is told. */
  readonly after: number | undefined;
}

export interface LiveStreams {
  /** Sends the headers, then events until either side ends it. Throws `too-many-streams` (429, 503) before that. */
  open(request: StreamRequest, response: Response): void;
  close(): void;
}

/** Of this process: about 20 kB each. */
const MAX_STREAMS = 5_000;
const MAX_PER_TENANT = 1_000;
/** Of one session or key: a person's tabs, a program's workers. */
const MAX_PER_HOLDER = 20;
/** Shorter than the 60 s after which usual proxies cut a silent connection. */
const HEARTBEAT_MS = 20_000;
/** How long somebody who was signed out, disabled or given another role still reads, at most, and twice that. */
const RECHECK_MS = 2_000;
/** A reader in arrears with more than this is cut off; it comes back, and reads on after its last event. */
const MAX_BUFFERED_BYTES = 256 * 1024;
/** How long the past waits for a slow reader to take what was sent. */
const DRAIN_MS = 15_000;

interface Stream extends StreamRequest {
  readonly response: Response;
  readonly follower: EventFollower;
}

/** Open event streams of a process: who holds them, whether they still may, and that nobody hoards them. */
export function createLiveStreams(ports: LiveStreamPorts): LiveStreams {
  const streams = new Set<Stream>();
  const counts = new Map<string, number>();
  let timers: readonly NodeJS.Timeout[] = [];

  function end(stream: Stream): void {
    if (!streams.delete(stream)) return;
    ports.hub.leave(stream.follower);
    for (const key of countedAs(stream.holder)) change(counts, key, -1);
    ports.metrics.gauge("event_streams_open", streams.size);
    stream.response.end();
    if (streams.size > 0) return;
    for (const timer of timers) clearInterval(timer);
    timers = [];
  }

  function keepTime(): void {
    if (timers.length > 0) return;
    const heartbeat = setInterval(() => beat(streams, ports.hub.position()), HEARTBEAT_MS);
    let isChecking = false;
    const recheck = setInterval(() => {
      if (isChecking) return;
      isChecking = true;
      void endRevoked(ports, streams, end).finally(() => {
        isChecking = false;
      });
    }, RECHECK_MS);
    timers = [heartbeat.unref(), recheck.unref()];
  }

  return {
    open(request, response) {
      const keys = countedAs(request.holder);
      requireRoom(streams.size, keys, counts);
      const stream: Stream = { ...request, response, follower: followerOf(request, response) };
      streams.add(stream);
      for (const key of keys) change(counts, key, 1);
      ports.metrics.gauge("event_streams_open", streams.size);
      response.once("close", () => end(stream));
      sendHeaders(response);
      keepTime();
      void tellPast(ports, stream, end);
    },
    close() {
      for (const stream of [...streams]) end(stream);
    },
  };
}

async function tellPast(
  { hub, logger }: LiveStreamPorts,
  stream: Stream,
  end: (stream: Stream) => void,
): Promise<void> {
  const { response, follower, after } = stream;
  try {
    const told = await hub.follow(follower, {
      after,
      isOpen: () => !response.writableEnded && !response.destroyed,
      drained: () => drained(response),
    });
    if (told.kind === "reset") {
      write(response, controlFrame("reset", told.position, { reason: "too-old" }));
    }
    write(response, controlFrame("ready", told.position, {}));
  } catch (error) {
    // The reader comes back after its `retry`, and reads on from its last event.
    logger.warn("event-stream-ended", { error });
    end(stream);
  }
}

function followerOf({ holder, reader, kinds }: StreamRequest, response: Response): EventFollower {
  return {
    tenantId: holder.tenantId,
    tell({ event, frame }: ToldEvent) {
      if ((kinds?.has(event.kind) ?? true) && mayBeTold(event, reader)) write(response, frame);
    },
  };
}

/** Whoever may not any more, or may something else, is cut off: coming back, they are asked who they are. */
async function endRevoked(
  { standing, clock, logger }: LiveStreamPorts,
  streams: ReadonlySet<Stream>,
  end: (stream: Stream) => void,
): Promise<void> {
  const byHolder = new Map<string, Stream[]>();
  for (const stream of streams) {
    const key = countedAs(stream.holder).join(" ");
    const same = byHolder.get(key);
    if (same === undefined) byHolder.set(key, [stream]);
    else same.push(stream);
  }
  const groups = [...byHolder.values()];
  try {
    const holders = groups.flatMap(([first]) => (first === undefined ? [] : [first.holder]));
    const roles = await standing.rolesOf(holders, clock.now());
    groups.forEach((group, at) => {
      const now = roles[at];
      for (const stream of group) if (!isSame(stream.reader.roles, now)) end(stream);
    });
  } catch (error) {
    // Fails closed: who cannot be asked about is not told anything more.
    logger.warn("event-streams-unchecked", { error });
    for (const stream of [...streams]) end(stream);
  }
}

function isSame(before: readonly string[], now: readonly string[] | undefined): boolean {
  return now?.length === before.length && before.every((role) => now.includes(role));
}

/** Heartbeats also carry how far everything is read, so that a reader of rare kinds does not fall behind the log. */
function beat(streams: ReadonlySet<Stream>, position: number): void {
  for (const { response } of streams) write(response, `: still here\nid: ${position}\n\n`);
}

function countedAs(holder: StreamHolder): readonly [tenant: string, holder: string] {
  return [
    `tenant ${holder.tenantId}`,
    holder.kind === "person" ? `session ${holder.sessionId}` : `key ${holder.keyId}`,
  ];
}

function change(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

function requireRoom(
  open: number,
  [tenant, holder]: readonly [tenant: string, holder: string],
  counts: ReadonlyMap<string, number>,
): void {
  if ((counts.get(holder) ?? 0) >= MAX_PER_HOLDER) throw tooMany(429, "for one session or key");
  if ((counts.get(tenant) ?? 0) >= MAX_PER_TENANT) throw tooMany(429, "for one tenant");
  if (open >= MAX_STREAMS) throw tooMany(503, "in this process");
}

function tooMany(status: 429 | 503, where: string): PregoneroError {
  return new PregoneroError(
    "too-many-streams",
    `Too many event streams are open ${where}. Close one and try again.`,
    { status, retry: { afterMs: 10_000 } },
  );
}

function sendHeaders(response: Response): void {
  response.writeHead(200, {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    // nginx would hold events back until its buffer is full.
    "X-Accel-Buffering": "no",
  });
  // A stream stays open for hours: the way through the routes, and the headers as the eighty pieces that they were made
  // of, are a fifth of what it holds.
  response.req.next = undefined;
  response.flushHeaders();
  // Pages that were cut off together do not come back in the same instant.
  response.write(`retry: ${1_500 + Math.floor(Math.random() * 2_500)}\n\n`);
}

function controlFrame(event: string, position: number, data: object): string {
  return `id: ${position}\nevent: ${event}\ndata: ${JSON.stringify({ position, ...data })}\n\n`;
}

function write(response: Response, text: string): void {
  if (response.writableEnded || response.destroyed) return;
  response.write(text);
  if (response.writableLength > MAX_BUFFERED_BYTES) response.destroy();
}

/** Resolves when what was written has left, or the stream is over; a reader that takes nothing is cut off. */
function drained(response: Response): Promise<void> {
  if (!response.writableNeedDrain || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const cut = setTimeout(() => response.destroy(), DRAIN_MS);
    const done = () => {
      clearTimeout(cut);
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });
}
