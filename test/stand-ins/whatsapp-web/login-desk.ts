import { randomBytes, randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";

export interface LoginOptions {
  /** How long after the page the code appears; about 6 s at WhatsApp. */
  readonly qrDelayMs: number;
  /** How long one code is good; at WhatsApp 60 s for the first, then 20 s. */
  readonly qrRotateMs: number;
  /** Seen in 2026: the code as a link, or with the address of a help page at its end. */
  readonly refForm: "plain" | "link" | "with-help";
}

/** What a tab that is not signed in shows. */
export type LoginView =
  | { readonly kind: "waiting" }
  | { readonly kind: "qr"; readonly ref: string }
  | { readonly kind: "expired" }
  | { readonly kind: "pairing"; readonly code: string };

/** After five codes that nobody scanned the page stops and asks for a click. */
const CODES_BEFORE_PAUSE = 5;
/** Neither 0, 1, I, L, O nor U, as WhatsApp's codes have it. */
const LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Hands out sign-in codes to tabs, and sessions to those whose code was scanned on the phone. */
export function createLoginDesk(times: LoginOptions) {
  const sessions = new Set<string>();
  /** Of the device that asks to be linked: the same as long as it lives, only the reference changes. */
  const keys = [1, 2, 3].map(() => randomBytes(32).toString("base64"));
  const tabs = new Map<string, { view: LoginView; timer: NodeJS.Timeout; shown: number }>();
  const events = new EventEmitter<{ view: [string, LoginView]; linked: [string, string] }>();

  function show(tab: string, view: LoginView): void {
    const entry = tabs.get(tab);
    if (entry === undefined) return;
    entry.view = view;
    events.emit("view", tab, view);
  }

  function rotate(tab: string): void {
    const entry = tabs.get(tab);
    if (entry === undefined) return;
    if (entry.shown >= CODES_BEFORE_PAUSE) {
      show(tab, { kind: "expired" });
      return;
    }
    entry.shown += 1;
    show(tab, { kind: "qr", ref: newReference(keys, times.refForm) });
    entry.timer = setTimeout(() => rotate(tab), times.qrRotateMs);
  }

  function begin(tab: string, delayMs: number): void {
    clearTimeout(tabs.get(tab)?.timer);
    const timer = setTimeout(() => rotate(tab), delayMs);
    tabs.set(tab, { view: { kind: "waiting" }, timer, shown: 0 });
    show(tab, { kind: "waiting" });
  }

  function leave(tab: string): void {
    clearTimeout(tabs.get(tab)?.timer);
    tabs.delete(tab);
  }

  function link(tab: string): string {
    const session = randomUUID();
    sessions.add(session);
    leave(tab);
    events.emit("linked", tab, session);
    return session;
  }

  return {
    events,
    begin: (tab: string) => begin(tab, times.qrDelayMs),
    reload: (tab: string) => begin(tab, 0),
    leave,
    viewOf: (tab: string): LoginView | undefined => tabs.get(tab)?.view,
    isSignedIn: (session: string): boolean => sessions.has(session),
    /** Makes a session without a scan, for tests that begin signed in. */
    grant(session: string): void {
      sessions.add(session);
    },
    requestPairing(tab: string): void {
      clearTimeout(tabs.get(tab)?.timer);
      const letters = Array.from(randomBytes(8), (byte) => LETTERS[byte % LETTERS.length]).join("");
      show(tab, { kind: "pairing", code: `${letters.slice(0, 4)}-${letters.slice(4)}` });
    },
    /** Scans the code that the newest tab shows. */
    scan(ref?: string): void {
      const found = [...tabs].findLast(
        ([, { view }]) => view.kind === "qr" && (ref === undefined || view.ref === ref),
      );
      if (found === undefined) throw new Error("no page shows a code that is good");
      link(found[0]);
    },
    enterPairingCode(code: string): void {
      const wanted = code.replace("-", "").toUpperCase();
      const found = [...tabs].find(
        ([, { view }]) => view.kind === "pairing" && view.code.replace("-", "") === wanted,
      );
      if (found === undefined) throw new Error("no page shows this pairing code");
      link(found[0]);
    },
    logOut(): void {
      sessions.clear();
    },
    shown: (): readonly LoginView[] => [...tabs.values()].map(({ view }) => view),
    close(): void {
      for (const { timer } of tabs.values()) clearTimeout(timer);
      tabs.clear();
    },
  };
}

export type LoginDesk = ReturnType<typeof createLoginDesk>;

/** `ref,noise key,identity key,adv secret,platform`, as the page's `data-ref`. */
function newReference(keys: readonly string[], form: LoginOptions["refForm"]): string {
  const ref = `2@${randomBytes(78).toString("base64url")},${keys.join(",")},1`;
  if (form === "link") return `https://wa.me/settings/linked_devices#${ref}`;
  return form === "with-help" ? `${ref},https://faq.whatsapp.com/r/ld` : ref;
}
