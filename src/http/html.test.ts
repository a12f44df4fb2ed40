import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { html } from "./html.ts";

describe("html", () => {
  it("escapes every value, in text and in attributes, alone and in lists", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const { markup } = html`<a title="${value}">${[value, value]}</a>`;
        expect(markup.replace(/^<a title="|">|<\/a>$/g, "")).not.toMatch(/[<>"']/);
      }),
    );
  });

  it("keeps markup that was made here, and leaves out what is absent", () => {
    expect(html`<p>${html`<b>${"<"}</b>`}${undefined}${false}${0}</p>`.markup).toBe(
      "<p><b>&lt;</b>0</p>",
    );
  });
});
