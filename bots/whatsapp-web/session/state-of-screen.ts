import type { ScreenReading } from "../detection/page-reader.ts";
import {
  HOUR_MS,
  leave,
  type Reduced,
  restart,
  type Said,
  type SessionEffect,
  type SessionEvent,
  type SessionModel,
  say,
} from "./session-model.ts";

export const CODE_ATTEMPTS = 5;
/** A cold profile with many chats took over 60 s (reference, 1.1). */
export const COLD_START_MS = 90_000;
/** The other window belongs to a person: it is left alone for this long, and so often a day at most. */
const CONFLICT_PATIENCE_MS = 15 * 60_000;
const MOST_TAKE_OVERS_PER_DAY = 3;
/** A page between two screens shows nothing that we know for a moment. */
const STRANGE_FOR_MS = 20_000;
const RELOAD_EVERY_MS = 10 * 60_000;
/** A network that comes back is noticed so soon. */
const TRY_AGAIN_EVERY_MS = 10_000;

type Look = Extract<SessionEvent, { kind: "looked" }>;

/** What follows from what the page shows. */
export function onLook(model: SessionModel, look: Look): Reduced {
  const { screen, atMs } = look;
  if (screen.kind === "unknown" && screen.isBlank) return onBlank(model, look);
  const { blankSinceMs: _blank, ...drawn } = model;
  if (screen.kind === "main") return onMain(drawn, look);
  const isDetached = model.isAttached && screen.kind !== "unknown";
  const before: SessionEffect[] = isDetached ? ["detach"] : [];
  const seen = isDetached ? { ...drawn, isAttached: false } : drawn;
  const reduced = onOtherScreen(seen, look, atMs);
  return { model: reduced.model, effects: [...before, ...reduced.effects] };
}

function withoutStrangeness({ strangeSinceMs: _strange, ...model }: SessionModel): SessionModel {
  return model;
}

function onOtherScreen(model: SessionModel, look: Look, atMs: number): Reduced {
  const { screen } = look;
  switch (screen.kind) {
    case "main":
      return { model, effects: [] };
    case "loading":
      if (atMs - model.loadedAtMs > COLD_START_MS) {
        return restart(
          model,
          atMs,
          `The page was loading for more than ${COLD_START_MS / 1_000} s.`,
        );
      }
      return {
        model: say(withoutStrangeness(model), atMs, {
          state: "connecting",
          evidence: screen.evidence,
        }),
        effects: ["withdraw-code"],
      };
    case "qr":
    case "pairing-code":
      return onCode(withoutStrangeness(model), look);
    case "conflict":
      return onConflict(withoutStrangeness(model), look);
    case "logged-out":
      return {
        model: {
          ...say(withoutStrangeness(model), atMs, {
            state: "logged-out",
            evidence: screen.evidence,
            action: "Link the account again: scan the code that follows.",
          }),
          wasSignedIn: false,
          loadedAtMs: atMs,
        },
        effects: [],
      };
    case "update-needed":
      return onStrange(model, look, {
        state: "degraded",
        evidence: screen.evidence,
        action: "Update Chromium: WhatsApp Web refuses this one.",
      });
    case "database-error":
      return restart(model, atMs, screen.evidence);
    case "unreachable":
      return onUnreachable(withoutStrangeness(model), look);
    case "unknown":
      return onUnknown(model, look);
    default:
      return screen satisfies never;
  }
}

function onCode(model: SessionModel, look: Look): Reduced {
  const { screen, atMs } = look;
  const codesShown = model.codesShown + (look.isNewCode ? 1 : 0);
  if (codesShown > CODE_ATTEMPTS) {
    return leave({ ...model, codesShown: 0, wasSignedIn: false }, atMs, {
      state: "parked",
      evidence: `${CODE_ATTEMPTS} codes were shown and none was scanned.`,
      action: "Resume the session when somebody is there to scan.",
    });
  }
  // Codes take their time: only a page that never shows one is out of order.
  const said = say(model, atMs, {
    state: "waiting-for-scan",
    evidence: `${model.wasSignedIn ? "The account was logged out. " : ""}${screen.evidence}`,
    action: "Scan the code with the phone: WhatsApp, Linked devices.",
  });
  const isExpired = screen.kind === "qr" && screen.isExpired;
  const hasCode =
    screen.kind === "pairing-code" || (screen.kind === "qr" && screen.ref !== undefined);
  const next = { ...said, codesShown, loadedAtMs: atMs, fruitlessStarts: 0 };
  if (isExpired) return { model: next, effects: ["withdraw-code", "renew-code"] };
  return { model: next, effects: hasCode ? ["publish-code"] : ["withdraw-code"] };
}

function onConflict(model: SessionModel, look: Look): Reduced {
  const { atMs, screen } = look;
  const recent = model.takeOvers.filter((at) => at > atMs - 24 * HOUR_MS);
  const said = say(model, atMs, {
    state: "conflict",
    evidence: screen.evidence,
    action: "Close WhatsApp Web in the other browser, or take the account back here (use-here).",
  });
  const isDue = model.state === "conflict" && atMs - model.sinceMs >= CONFLICT_PATIENCE_MS;
  if (!isDue || recent.length >= MOST_TAKE_OVERS_PER_DAY) {
    return { model: { ...said, takeOvers: recent }, effects: [] };
  }
  return {
    model: { ...said, takeOvers: [...recent, atMs], sinceMs: atMs, loadedAtMs: atMs },
    effects: ["take-over"],
  };
}

/** Keeps what was known for a while; then says it, and loads the page anew now and then. */
function onStrange(model: SessionModel, look: Look, said: Said): Reduced {
  const { atMs } = look;
  const strangeSinceMs = model.strangeSinceMs ?? atMs;
  const strange = { ...model, strangeSinceMs };
  if (atMs - strangeSinceMs < STRANGE_FOR_MS) return { model: strange, effects: [] };
  const told = say(strange, atMs, said);
  if (atMs - (model.reloadedAtMs ?? strangeSinceMs) < RELOAD_EVERY_MS) {
    return { model: told, effects: [] };
  }
  return { model: { ...told, reloadedAtMs: atMs, loadedAtMs: atMs }, effects: ["reload"] };
}

/** The page died, and nobody need look at it: it is loaded anew, and when that was tried lately, in another browser. */
function onBlank(model: SessionModel, look: Look): Reduced {
  const { atMs } = look;
  const isCold = !model.isAttached && model.loadedAtMs !== model.reloadedAtMs;
  if (isCold && atMs - model.loadedAtMs < COLD_START_MS) return { model, effects: [] };
  const blankSinceMs = model.blankSinceMs ?? atMs;
  if (atMs - blankSinceMs < STRANGE_FOR_MS) {
    return { model: { ...model, blankSinceMs }, effects: [] };
  }
  const evidence = `The page was blank for ${STRANGE_FOR_MS / 1_000} s.`;
  if (model.reloadedAtMs !== undefined && atMs - model.reloadedAtMs < RELOAD_EVERY_MS) {
    return restart(model, atMs, evidence);
  }
  const { blankSinceMs: _blank, ...rest } = withoutStrangeness(model);
  const said = say(rest, atMs, { state: "connecting", evidence: `${evidence} It is loaded anew.` });
  return {
    model: { ...said, isAttached: false, reloadedAtMs: atMs, loadedAtMs: atMs },
    effects: model.isAttached ? ["detach", "reload"] : ["reload"],
  };
}

/** The browser is sound: only the page is asked for again, as often as it takes. */
function onUnreachable(model: SessionModel, { screen, atMs }: Look): Reduced {
  const said = say(model, atMs, {
    state: "degraded",
    evidence: screen.evidence,
    action: "Check this machine's connection to the internet, and WHATSAPP_WEB_URL if it is set.",
  });
  if (atMs - model.loadedAtMs < TRY_AGAIN_EVERY_MS) return { model: said, effects: [] };
  return { model: { ...said, loadedAtMs: atMs }, effects: ["reload"] };
}

function onUnknown(model: SessionModel, look: Look): Reduced {
  const isYoung = look.atMs - model.loadedAtMs < COLD_START_MS;
  if (isYoung && !model.isAttached) return { model, effects: [] };
  return onStrange(model, look, {
    state: "needs-adapter",
    evidence: look.screen.evidence,
    action: "WhatsApp Web has changed: load a newer selector pack, or take the Cloud API.",
  });
}

function onMain(model: SessionModel, look: Look): Reduced {
  const { screen, atMs } = look;
  if (screen.kind !== "main") return { model, effects: [] };
  const signedIn = { ...model, wasSignedIn: true, codesShown: 0 };
  if (look.unreadable.length > 0) {
    return onStrange({ ...signedIn, ...strangeSince(model, atMs) }, look, {
      state: "needs-adapter",
      evidence: `The page is signed in and cannot be read: ${look.unreadable.join("; ")}.`,
      action: "WhatsApp Web has changed: load a newer selector pack, or take the Cloud API.",
    });
  }
  const said = say(withoutStrangeness(signedIn), atMs, stateOfMain(screen, look.isRestricted));
  const effects: SessionEffect[] = model.state === "waiting-for-scan" ? ["withdraw-code"] : [];
  if (screen.popup !== undefined && screen.popup.dismissal !== "none") effects.push("dismiss");
  if (!model.isAttached) effects.push("attach");
  return { model: { ...said, fruitlessStarts: 0 }, effects };
}

function strangeSince(model: SessionModel, atMs: number): { readonly strangeSinceMs: number } {
  return { strangeSinceMs: model.strangeSinceMs ?? atMs };
}

function stateOfMain(
  screen: Extract<ScreenReading, { kind: "main" }>,
  isRestricted: boolean,
): Said {
  if (isRestricted) {
    return {
      state: "restricted",
      evidence: "WhatsApp says that this account is restricted.",
      action: "Wait until WhatsApp lifts it; what is queued is kept. Consider the Cloud API.",
    };
  }
  if (screen.banner === "phone-offline") {
    return {
      state: "degraded",
      evidence: "The page says that the phone is not connected.",
      action: "Bring the phone online: WhatsApp logs linked devices out when it stays away.",
    };
  }
  if (screen.banner === "computer-offline") {
    return {
      state: "degraded",
      evidence: "The page says that this computer is not connected.",
      action: "Check this machine's connection to the internet.",
    };
  }
  if (screen.popup?.dismissal === "none") {
    return {
      state: "degraded",
      evidence: "A dialog covers the chats.",
      action: "A window lies over the page that the session cannot close: look at a screenshot.",
    };
  }
  return { state: "ready", evidence: screen.evidence };
}
