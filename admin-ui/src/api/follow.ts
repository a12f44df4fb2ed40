import type { LiveEvent } from "../../../client/index.ts";
import { events, isProblem, onReach } from "./api.ts";

/** A proxy that is restarted is back before anybody has to be told. */
const SAY_AWAY_AFTER_MS = 3_000;
const COME_BACK_AFTER_MS = 5_000;

/** Follows what happens in the tenant that one acts in, until the returned function is called. */
export function followTenant(reader: {
  told(event: LiveEvent): void;
  /** More was missed than is kept: everything on the page is to be read again. */
  missed(): void;
  standing(isAway: boolean): void;
}): () => void {
  const stop = new AbortController();
  let away: ReturnType<typeof setTimeout> | undefined;

  onReach((isReached) => {
    if (!isReached) {
      away ??= setTimeout(() => reader.standing(true), SAY_AWAY_AFTER_MS);
      return;
    }
    clearTimeout(away);
    away = undefined;
    reader.standing(false);
  });

  async function follow(): Promise<void> {
    for await (const event of events({ signal: stop.signal })) {
      if (event.kind === "reset") reader.missed();
      else if (event.kind !== "ready") reader.told(event);
    }
  }

  void (async () => {
    while (!stop.signal.aborted) {
      try {
        await follow();
      } catch (error) {
        // Of a role that is told nothing, and of a session that is over, which leads to the sign-in page by itself.
        if (isProblem(error) && (error.status === 401 || error.status === 403)) return;
      }
      await new Promise((resolve) => setTimeout(resolve, COME_BACK_AFTER_MS));
    }
  })();
  return () => {
    stop.abort();
    clearTimeout(away);
    onReach(undefined);
  };
}
