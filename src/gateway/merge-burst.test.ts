import { describe, expect, it } from "vitest";
import { message } from "../../test/line/tenant-line.ts";
import type { DueMessage, Follower } from "../core/ledgers.ts";
import type { IncomingContent, IncomingMessage } from "../core/message.ts";
import { mergeBurst } from "./merge-burst.ts";

const text = (said: string): IncomingContent => ({ kind: "text", text: said });
const isCommand = (said: string) => said === "BAJA";

function burst(first: IncomingMessage, ...others: readonly IncomingMessage[]): DueMessage {
  const followers = others.map(
    (other): Follower => ({ messageId: other.updateKey as never, message: other }),
  );
  return { message: first, followers } as unknown as DueMessage;
}

function merged(...said: readonly IncomingMessage[]) {
  const [first, ...others] = said;
  if (first === undefined) throw new Error("nothing was said");
  const { message: whole, followers } = mergeBurst(burst(first, ...others), isCommand);
  return { content: whole.content, with: followers.map(({ messageId }) => messageId) };
}

describe("a burst as one message", () => {
  it("has the texts one below the other, and the first message's everything else", () => {
    const first = message("1", "7", text("Buenas"));
    const due = burst(
      first,
      message("2", "7", text("¿cuánto es")),
      message("3", "7", text("la multa?")),
    );
    const { message: whole, followers } = mergeBurst(due, isCommand);
    expect(whole).toEqual({ ...first, content: text("Buenas\n¿cuánto es\nla multa?") });
    expect(followers).toEqual(due.followers);
  });

  it("is left as it is when alone", () => {
    const first = message("1", "7", text("Buenas"));
    expect(mergeBurst(burst(first), isCommand)).toEqual({ message: first, followers: [] });
  });

  it.each<[string, IncomingMessage]>([
    ["a command", message("2", "7", text("BAJA"))],
    ["a photo", message("2", "7", { kind: "media", media: "photo" })],
    ["another person", { ...message("2", "7", text("hola")), sender: { key: "8" } }],
    ["talk among people", { ...message("2", "7", text("hola")), isAddressed: false }],
    ["a text that makes it too long", message("2", "7", text("a".repeat(4_000)))],
  ])("ends before %s", (_, other) => {
    const seen = merged(message("1", "7", text("Buenas")), other, message("3", "7", text("más")));
    expect(seen).toEqual({ content: text("Buenas"), with: [] });
  });

  it("is never more than a command that comes first", () => {
    const seen = merged(message("1", "7", text("BAJA")), message("2", "7", text("gracias")));
    expect(seen).toEqual({ content: text("BAJA"), with: [] });
  });
});
