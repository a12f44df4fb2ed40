import type { MediaInput } from "./media.ts";
import type { Ack, Message, TickTimes } from "./model.ts";
import type { World } from "./world.ts";

export interface Submission {
  readonly id: string;
  readonly chat: string;
  readonly text: string;
  readonly quote?: string | undefined;
  readonly media: readonly MediaInput[];
}

export interface SendFault {
  /** Jid or name; any chat when absent. */
  readonly chat?: string;
  readonly skip?: number;
  /** 1 when absent. */
  readonly times?: number;
  /**
   * `fail`: shown with `message-fail`; `stay-pending`: the clock stays, nothing is accepted;
   * `accept-and-crash`: accepted, and the page hangs before it shows a tick;
   * `crash-before`: the page hangs and nothing was accepted.
   */
  readonly effect: "fail" | "stay-pending" | "accept-and-crash" | "crash-before";
}

const ORDER: readonly Ack[] = ["failed", "pending", "sent", "delivered", "read"];

/** Takes what the page sends, and lets its ticks grow. */
export function createSending(ports: {
  readonly world: World;
  readonly tickTimes: () => TickTimes;
  readonly crashPages: () => void;
}) {
  const { world } = ports;
  const accepted: string[] = [];
  const listeners = new Set<(message: Message) => void>();
  const timers = new Set<NodeJS.Timeout>();
  let faults: { fault: SendFault; skip: number; left: number }[] = [];

  function takeFault(chat: string): SendFault["effect"] | undefined {
    for (const entry of faults) {
      if (entry.fault.chat !== undefined && world.findChat(entry.fault.chat).jid !== chat) continue;
      if (entry.skip > 0) entry.skip -= 1;
      else if (entry.left > 0) {
        entry.left -= 1;
        return entry.fault.effect;
      }
    }
    return undefined;
  }

  /** Ticks never go back. */
  function tick(id: string, ack: Ack): void {
    const message = world.find(id);
    if (message === undefined) throw new Error(`there is no message ${id}`);
    if (ORDER.indexOf(ack) > ORDER.indexOf(message.ack) || ack === "failed") {
      world.change(id, { ack });
    }
  }

  function tickLater(id: string, ack: Ack, afterMs: number | undefined): void {
    if (afterMs === undefined) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      tick(id, ack);
    }, afterMs);
    timers.add(timer);
  }

  function accept(submission: Submission): void {
    if (world.find(submission.id) !== undefined) return;
    const chat = world.findChat(submission.chat);
    const effect = takeFault(chat.jid);
    if (effect === "crash-before") {
      ports.crashPages();
      return;
    }
    const isTaken = effect === undefined || effect === "accept-and-crash";
    const message = world.addOwn({ ...submission, ack: effect === "fail" ? "failed" : "pending" });
    if (effect === "accept-and-crash") ports.crashPages();
    if (!isTaken) return;
    const { sentMs, deliveredMs, readMs } = ports.tickTimes();
    tickLater(message.id, "sent", sentMs);
    tickLater(message.id, "delivered", deliveredMs);
    tickLater(message.id, "read", readMs);
    accepted.push(message.id);
    for (const listener of listeners) listener(message);
  }

  return {
    accept,
    tick,
    failNext: (fault: SendFault) => {
      faults.push({ fault, skip: fault.skip ?? 0, left: fault.times ?? 1 });
    },
    clearFaults: () => {
      faults = [];
    },
    /** In the order of acceptance, as they are now. */
    sent: (chat?: string): readonly Message[] => {
      const jid = chat === undefined ? undefined : world.findChat(chat).jid;
      return accepted
        .map((id) => world.find(id))
        .filter((message) => message !== undefined)
        .filter((message) => jid === undefined || message.chat === jid);
    },
    onSent: (listener: (message: Message) => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

export type Sending = ReturnType<typeof createSending>;
