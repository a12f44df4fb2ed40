import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Span } from "../../src/core/message.ts";
import { toMarkedText, withoutAddresses } from "./marked-text.ts";
import { toTypedText } from "./typed-text.ts";

const typed = (...spans: readonly Span[]) => toTypedText(toMarkedText([spans]));
/** Look-alikes as they are typed. */
const quoted = (text: string) => text.replace(/[∗ˍ∼ˋ]/g, "$&\u2060");

describe("signs", () => {
  it("are put around words, not around the blanks beside them", () => {
    expect(
      typed(
        { text: "Según " },
        { text: " La Gaceta ", style: "bold" },
        { text: ", " },
        { text: "artículo 3", style: "italic" },
        { text: " y " },
        { text: "art. 4", style: "code" },
      ),
    ).toBe("Según  *La Gaceta* , _artículo 3_ y ```art. 4```");
  });

  it("end with their line and begin again on the next", () => {
    expect(typed({ text: " uno \ndos ", style: "bold" }, { text: "tres" })).toBe(
      " *uno* \n*dos* tres",
    );
  });

  it("are left out beside a word, where WhatsApp would show them", () => {
    expect(typed({ text: "Decreto", style: "bold" }, { text: "s" })).toBe("Decretos");
    expect(typed({ text: "re" }, { text: "forma", style: "bold" })).toBe("reforma");
    expect(typed({ text: "𝒜" }, { text: "forma", style: "bold" })).toBe("𝒜forma");
  });

  it("of the text itself are replaced where they would format, and nowhere else", () => {
    expect(typed({ text: "*no* _es_ ~nada~ `x`" })).toBe(quoted("∗no∗ ˍesˍ ∼nada∼ ˋxˋ"));
    expect(typed({ text: "3 * 4 = 12, a_b_c, 1*2*3, ~" })).toBe("3 * 4 = 12, a_b_c, 1*2*3, ~");
    expect(typed({ text: "a*b", style: "bold" })).toBe(quoted("*a∗b*"));
  });

  it("of two stretches do not meet and format what is between", () => {
    expect(typed({ text: "*uno " }, { text: "dos", style: "italic" }, { text: " tres*" })).toBe(
      quoted("∗uno _dos_ tres∗"),
    );
    expect(typed({ text: "a *" }, { text: "b", style: "bold" }, { text: "* c" })).toBe(
      quoted("a ∗*b*∗ c"),
    );
  });

  it("begin no list and no quotation", () => {
    expect(typed({ text: "- uno\n1. dos\n> tres\n- no" })).toBe(
      "-\u2060 uno\n1.\u2060 dos\n>\u2060 tres\n-\u2060 no",
    );
  });
});

describe("addresses", () => {
  const url = "https://gaceta.example.org/a_b_";

  it("are printed behind their words, apart from what follows", () => {
    expect(typed({ text: "[1] La Gaceta", url }, { text: ", p. 3" })).toBe(
      `[1] La Gaceta ${url}, p. 3`,
    );
    expect(typed({ text: "Lea:", url }, { text: "hoy" })).toBe(`Lea: ${url} hoy`);
    expect(typed({ text: "[" }, { text: "1 ", url }, { text: "]." })).toBe(`[1 ${url} ].`);
  });

  it("are printed once, at the last place that links to them", () => {
    const text = toMarkedText([
      [{ text: "Rige el lunes " }, { text: "[1]", url }, { text: ". Y " }, { text: "[1]", url }],
      [],
      [{ text: "[1] La Gaceta, p. 10", url }],
    ]);
    expect(toTypedText(text)).toBe(`Rige el lunes [1]. Y [1]\n\n[1] La Gaceta, p. 10 ${url}`);
    expect(withoutAddresses(text)).toBe("Rige el lunes [1]. Y [1]\n\n[1] La Gaceta, p. 10");
  });

  it("that are their own words stay as they are, without signs", () => {
    expect(typed({ text: url, url, style: "bold" }, { text: "hoy" })).toBe(`${url} hoy`);
  });

  it("that are none of the web, or have no words, or no end, are dropped", () => {
    for (const other of ["javascript:alert(1)", "/chat", "no", "file:///etc/passwd"]) {
      expect(typed({ text: "aquí", url: other })).toBe("aquí");
    }
    expect(typed({ text: "aquí", url: `https://example.org/${"á".repeat(400)}` })).toBe("aquí");
    expect(typed({ text: " ", url })).toBe(" ");
  });
});

it("turns control characters and lone surrogates into something that can be sent", () => {
  expect(typed({ text: "a\u0000b\ud800c\r\nd" })).toBe("a b\ufffdc\nd");
});

it("never formats a text that has no style, whatever its signs", () => {
  const pieces = fc.constantFrom("*", "_", "~", "`", "```", "a", "ñ", " ", "\n", ".", "(");
  const texts = fc.array(pieces, { maxLength: 40 }).map((each) => each.join(""));
  /** WhatsApp's rule: a pair on one line that touches words inside and none outside. */
  const formatted = /(?<![\p{L}\p{N}])([*_~`])(?=\S)[^\n]*?\S\1(?![\p{L}\p{N}])/u;
  fc.assert(
    fc.property(fc.array(texts, { maxLength: 4 }), (each) => {
      const text = typed(...each.map((words) => ({ text: words })));
      expect(text).not.toMatch(formatted);
    }),
    { numRuns: 300 },
  );
});
