import type { ListingBrowser } from "../../src/newsroom/collection/listing-browser.ts";

/** A machine without Chromium: pages are neither opened nor drawn. */
export const NO_BROWSER: ListingBrowser = {
  open: async () => ({
    kind: "failed",
    reason: { code: "browser-missing", detail: "There is no browser here." },
  }),
  draw: async () => undefined,
};
