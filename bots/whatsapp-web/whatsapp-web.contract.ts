import { describe } from "vitest";
import { describeRender } from "../conformance/rendering.ts";
import { textOf } from "./__fixtures__/plain-text.ts";
import { MAX_TEXT_LENGTH, render } from "./render.ts";

/** What needs no browser; the whole suite: test/browser/whatsapp-web/conformance.test.ts. */
describe("whatsapp-web as a channel that renders", () => {
  describeRender(() => ({ channel: { render }, textOf, maxTextLength: MAX_TEXT_LENGTH }));
});
