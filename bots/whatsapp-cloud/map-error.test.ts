import { describe, expect, it } from "vitest";
import type { GraphError } from "./graph-client.ts";
import { toPregoneroError, toSendOutcome } from "./map-error.ts";

const graph = (error: Partial<GraphError>) => ({
  kind: "error" as const,
  error: {
    status: 400,
    code: undefined,
    subcode: undefined,
    isTransient: false,
    details: "details",
    retryAfterMs: undefined,
    ...error,
  },
});
const outcome = (error: Partial<GraphError>) => toSendOutcome(graph(error));

describe("an error of the Cloud API", () => {
  it("of throughput makes the whole bot wait, of a pair its chat alone, for six seconds at least", () => {
    expect(outcome({ status: 429, code: 130429 })).toMatchObject({
      scope: "bot",
      retry: { afterMs: 1_000 },
    });
    expect(outcome({ status: 429, code: 131056 })).toMatchObject({
      scope: "chat",
      retry: { afterMs: 6_000 },
    });
    expect(outcome({ status: 500, code: 130429 })).toMatchObject({ kind: "refused", scope: "bot" });
  });

  it("waits as long as Graph asks when that is longer", () => {
    expect(outcome({ code: 4, retryAfterMs: 300_000 })).toMatchObject({
      retry: { afterMs: 300_000 },
    });
    expect(outcome({ code: 131056, retryAfterMs: 10 })).toMatchObject({
      retry: { afterMs: 6_000 },
    });
  });

  it.each([
    [131047, "outside-window"],
    [131049, "marketing-limited"],
    [131050, "marketing-opted-out"],
    [131030, "recipient-not-allowed"],
    [131021, "recipient-is-sender"],
    [131051, "unsupported-type"],
    [131053, "media-refused"],
    [132000, "template-parameters"],
    [132001, "template-unknown"],
    [132015, "template-paused"],
    [100, "bad-request"],
    [99_999, "graph-99999"],
  ])("%i is refused for good: %s", (code, reason) => {
    expect(outcome({ code })).toEqual({
      kind: "refused",
      reason,
      retry: "never",
      detail: { graphCode: code },
    });
  });

  it("131026 means that this person cannot be reached any more", () => {
    expect(outcome({ code: 131026 })).toMatchObject({ contactLost: true, retry: "never" });
  });

  it.each([
    [190, undefined, 401],
    [0, undefined, 401],
    [10, undefined, 403],
    [205, undefined, 403],
    [368, undefined, 403],
    [3, undefined, 500],
    [131031, undefined, 403],
    [131042, undefined, 400],
    [133010, undefined, 400],
    [100, 33, 400],
  ])("%i (subcode %s) needs a person, whatever the status", (code, subcode, status) => {
    expect(outcome({ code, subcode, status })).toMatchObject({
      kind: "refused",
      retry: "never",
      scope: "bot",
      needsAuth: true,
    });
  });

  it.each([[1], [2], [131000], [131016], [133004], [undefined]])(
    "%s with 5xx may have been carried out: unknown",
    (code) => {
      expect(outcome({ status: 500, code })).toMatchObject({ kind: "unknown" });
    },
  );

  it("of a proxy, or one that Graph calls passing, may be tried again", () => {
    expect(outcome({ status: 403 })).toMatchObject({ reason: "http-403", retry: "backoff" });
    expect(outcome({ status: 400, code: 2, isTransient: true })).toMatchObject({
      retry: "backoff",
    });
    expect(outcome({ status: 429 })).toMatchObject({ scope: "bot", retry: { afterMs: 5_000 } });
    expect(outcome({ status: 200 })).toMatchObject({ kind: "unknown" });
  });
});

it("a call that was not written is refused, one that was is unknown", () => {
  const cut = { kind: "no-answer" as const, reason: "und-err-socket" };
  expect(toSendOutcome({ ...cut, written: false })).toMatchObject({
    kind: "refused",
    retry: "backoff",
  });
  expect(toSendOutcome({ ...cut, written: true })).toMatchObject({ kind: "unknown" });
});

it("names the credentials, the network or Graph as what failed", () => {
  const codes = [
    toPregoneroError(graph({ status: 401, code: 190 }), "x"),
    toPregoneroError(graph({ status: 502 }), "x"),
    toPregoneroError({ kind: "no-answer", written: false, reason: "econnrefused" }, "x"),
    toPregoneroError(graph({ status: 429, code: 80007 }), "x"),
    toPregoneroError(graph({ status: 500, code: 2 }), "x"),
  ].map(({ code, retry }) => [code, retry]);
  expect(codes).toEqual([
    ["bad-credentials", "never"],
    ["graph-unreachable", "backoff"],
    ["graph-unreachable", "backoff"],
    ["graph-rate-limited", { afterMs: 60_000 }],
    ["graph-refused", "backoff"],
  ]);
});
