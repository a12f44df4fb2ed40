/** A message as the test sent it, and the parts that answer it, in order. */
export interface ExpectedMessage {
  readonly chatId: number;
  readonly text: string;
  readonly parts: readonly string[];
}

export interface Verdict {
  /** Messages without an inbox row, without an answer, or whose part neither arrived nor is `unknown`. */
  readonly lost: number;
  /** Parts that arrived more than once, and messages stored or answered more than once. */
  readonly doubled: number;
  /** Parts of which we do not know whether they arrived, and say so. */
  readonly unknown: number;
  /** Chats in which parts arrived in another order than the messages were written, and nothing says so. */
  readonly disordered: number;
  /**
   * Parts that came late and out of order, after the ledger had given them up as `unknown`: a process that stood
   * still inside its call finished it when it went on. No gateway can fence a network that takes no token.
   */
  readonly late: number;
}

export interface ArrivedPart {
  readonly chatId: number;
  readonly text: string;
  /** The ledger says, or said before the network's answer came after all, that it does not know of this part. */
  readonly wasUnknown: boolean;
}

export interface Evidence {
  readonly expected: readonly ExpectedMessage[];
  /** What the network accepted, oldest first. */
  readonly arrived: readonly ArrivedPart[];
  /** Rows of the ledgers, counted. */
  readonly inboxAnswered: number;
  readonly inboxRows: number;
  readonly outboxRows: number;
  readonly outboxSent: number;
  readonly outboxUnknown: number;
}

/** Compares what was asked, what the network saw and what the ledgers say. */
export function judge(evidence: Evidence): Verdict {
  const { expected, arrived } = evidence;
  const partCount = expected.reduce((sum, message) => sum + message.parts.length, 0);
  const countOf = (part: string) => arrived.filter(({ text }) => text === part).length;
  const counts = expected.flatMap((message) => message.parts.map(countOf));
  const missing = counts.filter((count) => count === 0).length;
  const repeated = counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0);
  return {
    lost:
      Math.max(0, expected.length - evidence.inboxAnswered) +
      Math.max(0, partCount - evidence.outboxSent - evidence.outboxUnknown) +
      Math.max(0, missing - evidence.outboxUnknown),
    doubled:
      repeated +
      Math.max(0, evidence.inboxRows - expected.length) +
      Math.max(0, evidence.outboxRows - partCount),
    unknown: evidence.outboxUnknown,
    ...judgeOrder(expected, arrived),
  };
}

function judgeOrder(
  expected: Evidence["expected"],
  arrived: Evidence["arrived"],
): Pick<Verdict, "disordered" | "late"> {
  let disordered = 0;
  let late = 0;
  for (const chatId of new Set(expected.map((message) => message.chatId))) {
    const order = expected
      .filter((message) => message.chatId === chatId)
      .flatMap(({ parts }) => parts);
    let furthest = -1;
    let isDisordered = false;
    for (const part of arrived.filter((candidate) => candidate.chatId === chatId)) {
      const position = order.indexOf(part.text);
      if (position > furthest) furthest = position;
      else if (part.wasUnknown) late += 1;
      else isDisordered = true;
    }
    if (isDisordered) disordered += 1;
  }
  return { disordered, late };
}
