import { randomBytes } from "node:crypto";
import type { Page } from "playwright-core";
import { z } from "zod";
import { observeSource } from "./in-page/observe.ts";
import type { SelectorPack } from "./pack-schema.ts";
import { guarded } from "./page-calls.ts";
import type { PageChange } from "./page-reader.ts";

/** A drawing of the page is many mutations; what they changed is read once. */
const COALESCE_MS = 50;
const HEARTBEAT_MS = 5000;

const changeSchema = z.union([
  z.object({
    kind: z.literal("changed"),
    areas: z
      .array(z.enum(["chats", "conversation", "screen"]))
      .min(1)
      .max(3),
  }),
  z.object({ kind: z.literal("heartbeat"), isVisible: z.boolean() }),
]);

/**
 * Installs the observer in the page and in every page that is loaded into the tab later. The page could call the
 * function that reports to us: what it says is parsed, and says no more than that something changed.
 */
export async function watchPage(
  page: Page,
  packs: readonly SelectorPack[],
  onChange: (change: PageChange) => void,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const binding = `on${randomBytes(8).toString("hex")}`;
  const request = {
    binding,
    chats: [...new Set(packs.flatMap(({ list }) => list.root))].join(", "),
    conversation: [...new Set(packs.flatMap(({ conversation }) => conversation.root))].join(", "),
    coalesceMs: COALESCE_MS,
    heartbeatMs: HEARTBEAT_MS,
  };
  const start = `${observeSource}(${JSON.stringify(request)})`;
  const onLoaded = () => {
    if (!signal.aborted) onChange({ kind: "navigated" });
  };
  // Its answer tells the observer whether anybody still listens.
  await guarded(
    page.exposeBinding(binding, (source, said: unknown) => {
      if (signal.aborted || source.frame !== page.mainFrame()) return false;
      const change = changeSchema.safeParse(said);
      if (change.success) onChange(change.data);
      return true;
    }),
    signal,
  );
  await guarded(page.addInitScript(start), signal);
  page.on("domcontentloaded", onLoaded);
  signal.addEventListener("abort", () => page.off("domcontentloaded", onLoaded), { once: true });
  await guarded(page.evaluate(start), signal);
}
