import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEventDecoder } from "./event-decoder.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (text: string) => createEventDecoder().push(encode(text));

describe("createEventDecoder", () => {
  it("returns the data of whole events, whatever else their lines say", () => {
    expect(decode(': hello\nevent: a\nid: 1\ndata: {"x":1}\n\ndata:[DONE]\r\n\r\n')).toEqual([
      '{"x":1}',
      "[DONE]",
    ]);
  });

  it("joins the lines of one event, and returns none for an event without data", () => {
    expect(decode("data: a\ndata: b\n\nevent: ping\n\n")).toEqual(["a\nb"]);
  });

  it("keeps back an event that the stream broke off", () => {
    expect(decode("data: whole\n\ndata: half\n")).toEqual(["whole"]);
  });

  it("returns the same however the bytes were cut, also within a character", () => {
    const text = fc.string({ unit: "grapheme" }).map((value) => value.replace(/[\r\n]/g, ""));
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 8 }),
        fc.constantFrom("\n", "\r\n"),
        fc.array(fc.nat(400), { maxLength: 12 }),
        (texts, newline, cuts) => {
          const bytes = encode(texts.map((value) => `data: ${value}${newline}${newline}`).join(""));
          const places = [0, ...cuts.filter((cut) => cut < bytes.length), bytes.length];
          places.sort((a, b) => a - b);
          const decoder = createEventDecoder();
          const events = places
            .slice(1)
            .flatMap((end, at) => decoder.push(bytes.subarray(places[at], end)));
          expect(events).toEqual(texts);
        },
      ),
    );
  });
});
