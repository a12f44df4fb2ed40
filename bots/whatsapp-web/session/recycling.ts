/** What a browser with a big account holds after a day; the setting `mostMegabytes` of the bot changes it. */
export const MOST_MEGABYTES = 900;
const OLDEST_MS = 24 * 3_600_000;
const IDLE_MS = 60_000;

/** Why a browser that nobody is talking through is opened anew: it has grown, or is a day old. One English sentence. */
export function reasonToRecycle(browser: {
  readonly nowMs: number;
  readonly openedAtMs: number;
  readonly lastTrafficMs: number;
  readonly megabytes: number;
  readonly mostMegabytes: number;
}): string | undefined {
  const { nowMs, openedAtMs, megabytes, mostMegabytes } = browser;
  if (nowMs - Math.max(browser.lastTrafficMs, openedAtMs) < IDLE_MS) return undefined;
  if (megabytes > mostMegabytes) {
    return `The browser held ${megabytes} MB of ${mostMegabytes}: it is opened anew.`;
  }
  return nowMs - openedAtMs > OLDEST_MS
    ? "The browser was a day old: it is opened anew."
    : undefined;
}
