import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PregoneroError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { createLogger } from "./logger.ts";

const TOKEN = "7654321098:AAF3kq0ZzQmXw1vB7uYdLkPnT5sRjHcEgWo";

function logged(write: (logger: Logger) => void, format: "json" | "text" = "json"): string {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  write(createLogger({ level: "info", format, destination }));
  return lines.join("");
}

describe("redaction", () => {
  it.each([
    ["a token in a URL", `https://api.telegram.org/bot${TOKEN}/sendMessage failed`, TOKEN],
    ["a short token in a URL", "http://127.0.0.1:8081/bot1:geheim/getMe", "geheim"],
    ["a token by itself", `token ${TOKEN} refused`, TOKEN],
    ["a password in a database URL", "postgres://pregonero:geheim@db:5432/x", "geheim"],
    ["an API key", "401 for sk-proj-abcdefghijkl", "abcdefghijkl"],
    ["a bearer header", "authorization: Bearer abc.def-ghi", "abc.def-ghi"],
    ["a secret in a query", "GET /x?a=1&secret=geheim&b=2", "geheim"],
    ["a telephone number", "call +506 8888-1234 now", "8888"],
    ["a WhatsApp address", "from 50688881234@s.whatsapp.net", "50688881234"],
    ["an e-mail address", "by ana.perez@example.org", "ana.perez"],
  ])("hides %s, in fields, in errors and in their causes", (_what, text, hidden) => {
    const output = logged((logger) => {
      logger.info("happened", { url: text });
      logger.error("failed", {
        error: new PregoneroError("x", text, { cause: new Error(text) }),
        nested: { deep: [text] },
      });
    });
    expect(output).not.toContain(hidden);
    expect(output).toContain('"event":"failed"');
  });

  it.each(["text", "question", "phone", "displayName", "chatKey", "token", "secrets"])(
    "hides whatever stands in a field named %s",
    (name) => {
      expect(logged((logger) => logger.warn("x", { [name]: "geheim" }))).not.toContain("geheim");
      expect(logged((logger) => logger.warn("x", { [name]: { a: "geheim" } }))).not.toContain(
        "geheim",
      );
    },
  );

  it("keeps ids, figures and codes", () => {
    const fields = {
      messageId: "0190a1b2-c3d4-7890-8123-456789abcdef",
      parts: 3,
      code: "lease-lost",
    };
    expect(JSON.parse(logged((logger) => logger.info("turn-ended", fields)))).toMatchObject(fields);
  });

  it("says of an error its name, code, reason and stack", () => {
    const error = new PregoneroError("lease-lost", "The lease is gone.");
    const line = JSON.parse(logged((logger) => logger.error("turn-failed", { error })));
    expect(line.error).toMatchObject({
      name: "PregoneroError",
      code: "lease-lost",
      reason: "The lease is gone.",
    });
    expect(line.error.stack).toMatch(/logger\.test/);
  });

  it("any field gives one parsable line, even a circular one", () => {
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    expect(JSON.parse(logged((logger) => logger.warn("x", circular)))).toMatchObject({
      event: "x",
    });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), (fields) => {
        const output = logged((logger) => logger.warn("x", fields));
        expect(output.trimEnd().split("\n")).toHaveLength(1);
        JSON.parse(output);
      }),
      { numRuns: 200 },
    );
  });
});

describe("levels and formats", () => {
  it("says what happened before with what", () => {
    const line = logged((logger) => logger.warn("bot-paused", { botId: "7", seconds: 3 }));
    expect(Object.keys(JSON.parse(line))).toEqual(["level", "time", "event", "botId", "seconds"]);
  });

  it("leaves out what is below the level", () => {
    expect(logged((logger) => logger.debug("unseen"))).toBe("");
  });

  it("writes for people one line per event, with the stack below", () => {
    const output = logged((logger) => {
      logger.info("edition-ingested", { pages: 12 });
      logger.error("failed", { error: new Error("no") });
    }, "text");
    expect(output).toMatch(/^\d\d:\d\d:\d\d info {2}edition-ingested pages=12\n/);
    expect(output).toMatch(/error failed error=\{"name":"Error","reason":"no"\} \n {4}at /);
  });

  it("lets no logged value move the reader's cursor", () => {
    expect(logged((logger) => logger.info("x", { name: "a\u001b[2Jb" }), "text")).not.toContain(
      "\u001b",
    );
  });
});
