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
  /** Chats in which parts arrived in another order than the messages were written. */
  readonly disordered: number;
}

export interface Evidence {
  readonly expected: readonly ExpectedMessage[];
  /** What the network accepted, oldest first. */
  readonly arrived: readonly { readonly chatId: number; readonly text: string }[];
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
    disordered: countDisordered(expected, arrived),
  };
}

function countDisordered(expected: Evidence["expected"], arrived: Evidence["arrived"]): number {
  const chats = new Set(expected.map(({ chatId }) => chatId));
  return [...chats].filter((chatId) => {
    const order = expected
      .filter((message) => message.chatId === chatId)
      .flatMap(({ parts }) => parts);
    const positions = arrived
      .filter((part) => part.chatId === chatId)
      .map(({ text }) => order.indexOf(text));
    return positions.some((position, index) => index > 0 && position < (positions[index - 1] ?? 0));
  }).length;
}
