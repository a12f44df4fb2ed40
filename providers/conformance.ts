import { describe, expect, it } from "vitest";
import type { LanguageModel, ModelRequest } from "../src/core/language-model.ts";
import type { LlmFault } from "../test/stand-ins/llm/llm-fault.ts";
import { type LlmProtocol, startLlmStandIn } from "../test/stand-ins/llm/llm-stand-in.ts";
import { FAULT_CASES } from "./conformance-cases.ts";

const REQUEST: ModelRequest = {
  messages: [
    { role: "system", text: "Answer." },
    { role: "user", text: "¿Quién solicita XARDIC?" },
  ],
  maxOutputTokens: 100,
  temperature: 0.1,
  language: "es",
};

/** A PNG of one pixel. */
const PICTURE = {
  mediaType: "image/png",
  bytes: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=",
    "base64",
  ),
} as const;

const TEXT = "Moba Sociedad Anónima solicita XARDIC 🇨🇷 [1].";

/** An adapter, and the protocol that it speaks. */
export interface ModelSubject {
  readonly protocol: LlmProtocol;
  /** The adapter for a server at `baseUrl`, which the stand-in gives as the vendor's SDK takes it. */
  create(at: { readonly baseUrl: string; readonly apiKey: string }): LanguageModel;
}

const API_KEY = "key-of-the-stand-in";
/** No answer to hold: what a server may send of one before it is given up, with what lies in the sockets. */
const MOST_BYTES_TAKEN = 25_000_000;

/**
 * The contract of `LanguageModel`, run by every provider against the stand-in of its protocol: 120 tokens read,
 * 20 of them cached, 40 written; and every fault of the switchboard.
 */
export function describeLanguageModel(name: string, subject: ModelSubject): void {
  describe(`${name} as a LanguageModel`, () => {
    it("returns the whole text, its pieces in order, and the usage as counted", async () => {
      await using at = await open(subject);
      const pieces: string[] = [];
      const reply = await at.model.generate(REQUEST, {
        signal: AbortSignal.timeout(5_000),
        onText: (piece) => pieces.push(piece),
      });
      expect(reply).toMatchObject({
        text: TEXT,
        model: at.model.name,
        usage: { input: 120, cachedInput: 20, output: 40 },
        finish: "stop",
      });
      expect(pieces.join("")).toBe(TEXT);
      expect(pieces.length).toBeGreaterThan(1);
    });

    it("keeps its key out of what it is called and out of its errors", async () => {
      await using at = await open(subject, "another key");
      const error: unknown = await at.model
        .generate(REQUEST, { signal: AbortSignal.timeout(5_000) })
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "model-bad-key", retry: "never" });
      expect(`${at.model.name} ${error instanceof Error ? error.message : ""}`).not.toContain(
        API_KEY,
      );
    });

    it("says when the answer was cut for length", async () => {
      await using at = await open(subject);
      at.standIn.failNext({ kind: "length" });
      const reply = await at.model.generate(REQUEST, { signal: AbortSignal.timeout(5_000) });
      expect(reply).toMatchObject({ finish: "length", text: TEXT });
    });

    it("shows pictures the vendor's way, before the text that asks about them", async () => {
      await using at = await open(subject);
      const messages = [
        { role: "system", text: "Read." },
        { role: "user", text: "¿Qué dice?", images: [PICTURE, PICTURE] },
      ] as const;
      // A picture in any other form is refused by the stand-in, as the vendor would.
      const reply = await at.model.generate(
        { ...REQUEST, messages },
        { signal: AbortSignal.timeout(5_000) },
      );
      expect(reply.text).toBe(TEXT);
      const sent = JSON.stringify(at.standIn.calls[0]?.body);
      const [before = "", between, after = ""] = sent.split(
        Buffer.from(PICTURE.bytes).toString("base64"),
      );
      expect(between).toBeDefined();
      expect(before).toContain("image/png");
      expect(after).toContain("¿Qué dice?");
    });

    it("waits for a slow answer as long as its signal does", async () => {
      await using at = await open(subject);
      at.standIn.failNext({ kind: "slow", firstMs: 50, betweenMs: 5 });
      const reply = await at.model.generate(REQUEST, { signal: AbortSignal.timeout(10_000) });
      expect(reply.text).toBe(TEXT);
    });

    describeFaults(subject);
    describeAborts(subject);
  });
}

function describeFaults(subject: ModelSubject): void {
  for (const [what, { fault, code, retry, only }] of Object.entries(FAULT_CASES)) {
    if (only !== undefined && !only.includes(subject.protocol)) continue;
    it(`rejects with ${code} on ${what}, after one call`, async () => {
      await using at = await open(subject);
      at.standIn.failNext(fault);
      await expect(
        at.model.generate(REQUEST, { signal: AbortSignal.timeout(10_000) }),
      ).rejects.toMatchObject({ name: "PregoneroError", code, retry });
      expect(at.standIn.calls).toHaveLength(1);
    });
  }

  it("gives up a body without measure before it has read it", async () => {
    await using at = await open(subject);
    at.standIn.failNext({ kind: "huge-body" });
    await expect(
      at.model.generate(REQUEST, { signal: AbortSignal.timeout(60_000) }),
    ).rejects.toMatchObject({ code: "model-unavailable", retry: "backoff" });
    expect(at.standIn.sentBytes()).toBeLessThan(MOST_BYTES_TAKEN);
    expect(at.standIn.calls).toHaveLength(1);
  });
}

function describeAborts(subject: ModelSubject): void {
  const silent: readonly LlmFault[] = [
    { kind: "black-hole" },
    { kind: "slow-first-token", firstMs: 60_000 },
  ];
  for (const fault of silent) {
    it(`rejects with the signal's reason when aborted during a ${fault.kind}`, async () => {
      await using at = await open(subject);
      at.standIn.failNext(fault);
      const abort = new AbortController();
      const reason = new Error("enough");
      const outcome = at.model.generate(REQUEST, { signal: abort.signal });
      // Awaited below; a rejection before that is not unhandled.
      outcome.catch(() => undefined);
      await at.standIn.received(1);
      abort.abort(reason);
      await expect(outcome).rejects.toBe(reason);
    });
  }

  it("rejects with the signal's reason when aborted during a stall", async () => {
    await using at = await open(subject);
    at.standIn.failNext({ kind: "stall" });
    const abort = new AbortController();
    const reason = new Error("enough");
    await expect(
      at.model.generate(REQUEST, { signal: abort.signal, onText: () => abort.abort(reason) }),
    ).rejects.toBe(reason);
  });

  it("makes no call when already aborted", async () => {
    await using at = await open(subject);
    const reason = new Error("too late");
    await expect(at.model.generate(REQUEST, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    expect(at.standIn.calls).toHaveLength(0);
  });
}

async function open(subject: ModelSubject, apiKey = API_KEY) {
  const standIn = await startLlmStandIn({ protocol: subject.protocol, text: TEXT, apiKey });
  return {
    standIn,
    model: subject.create({ baseUrl: standIn.baseUrl, apiKey: API_KEY }),
    [Symbol.asyncDispose]: () => standIn.close(),
  };
}
