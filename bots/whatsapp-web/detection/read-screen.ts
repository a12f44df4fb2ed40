import { type Found, type FoundItem, itemsOf } from "./found.ts";
import type { Collected, Scope } from "./in-page/collected.ts";
import type { SelectorPack, WordKey } from "./pack-schema.ts";
import type { Banner, Popup, ScreenReading } from "./page-reader.ts";
import type { PhraseBook } from "./phrase-book.ts";

/** A page of text only says what it has to say at its beginning. */
const MAX_WORDS = 4000;

export function screenScope({ screen, conversation }: SelectorPack): Scope {
  return {
    root: ["html"],
    items: ["body"],
    limit: 1,
    probes: {
      main: { selectors: screen.main },
      loading: { selectors: screen.loading },
      progress: { selectors: screen.progress },
      linking: { selectors: screen.linking },
      qr: { selectors: screen.qr },
      qrOverlay: { selectors: screen.qrOverlay },
      pairingCode: { selectors: screen.pairingCode, text: true },
      modal: { selectors: screen.modal, text: true, isOutermost: true, max: 6 },
      mediaPreview: { selectors: screen.mediaPreview },
      phoneOffline: { selectors: screen.phoneOffline },
      computerOffline: { selectors: screen.computerOffline },
      bannerArea: { selectors: screen.bannerArea, text: true, max: 3 },
      restricted: { selectors: screen.restricted },
      footer: { selectors: conversation.footer, text: true, max: 2 },
      composer: {
        selectors: conversation.footer.map((footer) => `${footer} [contenteditable='true']`),
      },
      drawn: {
        selectors: [
          "#app > *",
          "body:not(:has(#app)) :is(img, svg, canvas, video, button, input, [role])",
        ],
      },
      // Words of people are on the page as soon as the chats are: they are not looked at.
      words: {
        selectors: ["html:not(:has(#pane-side)):not(:has(#main)) > body > *"],
        text: true,
        max: 5,
      },
    },
  };
}

/** From what is certain to what is not: nothing is concluded from absence, so the end is "unknown". */
export function readScreen(
  collected: Collected,
  pack: SelectorPack,
  phrases: PhraseBook,
): ScreenReading {
  const [body] = itemsOf(collected, "screen");
  // What Chromium draws in the place of a page that it could not load.
  if (collected.page.url.startsWith("chrome-error:")) {
    const code = /\b(?:ERR|DNS_PROBE)_[A-Z_]+\b/.exec(body === undefined ? "" : textOf(body))?.[0];
    const why = code === undefined ? "" : ` (${code})`;
    return { kind: "unreachable", evidence: `the browser could not load the page${why}` };
  }
  if (body === undefined) return { kind: "unknown", isBlank: true, evidence: "the page is empty" };
  if (body.first("main") !== undefined) return readMain(body, pack, phrases);
  const words = wholePage(body, phrases);
  if (words !== undefined) return words;
  const pairing = readPairingCode(body.first("pairingCode"));
  if (pairing !== undefined) return pairing;
  const qr = readQr(body);
  if (qr !== undefined) return qr;
  if (body.first("linking") !== undefined) {
    const isAfter = /[?&]post_logout=1\b/.test(collected.page.url);
    return {
      kind: "logged-out",
      evidence: isAfter
        ? "the linking page, after a log-out"
        : "the linking page, which has no code yet",
    };
  }
  if (body.first("loading") !== undefined) {
    const percent = percentOf(body.first("progress"));
    return {
      kind: "loading",
      evidence: "the loading screen",
      ...(percent === undefined ? {} : { percent }),
    };
  }
  const isDrawn = body.first("drawn") !== undefined || textOf(body).trim() !== "";
  return isDrawn
    ? { kind: "unknown", evidence: "nothing on the page is known" }
    : { kind: "unknown", isBlank: true, evidence: "the page is blank" };
}

function textOf(body: FoundItem): string {
  return body
    .all("words")
    .map(({ text }) => text)
    .join("\n")
    .slice(0, MAX_WORDS);
}

function readMain(body: FoundItem, pack: SelectorPack, phrases: PhraseBook): ScreenReading {
  const modals = body.first("mediaPreview") === undefined ? body.all("modal") : [];
  const said = (key: WordKey) => modals.some(({ text }) => phrases.contains(key, text));
  if (said("conflict")) return conflict();
  if (said("databaseError")) {
    return { kind: "database-error", evidence: "a dialog: a database error occurred" };
  }
  if (said("updateBrowser")) return { kind: "update-needed", evidence: "a dialog asks to update" };
  const banner = bannerOf(body, phrases);
  const popup = popupOf(modals, phrases);
  return {
    kind: "main",
    evidence: popup === undefined ? "the chats" : `the chats, under a dialog (${popup.kind})`,
    pack: pack.name,
    ...(banner === undefined ? {} : { banner }),
    ...(popup === undefined ? {} : { popup }),
  };
}

function conflict(): ScreenReading {
  const evidence = "WhatsApp is open in another window";
  return { kind: "conflict", evidence, popup: { kind: "conflict", dismissal: "button", evidence } };
}

/** Pages of text only, without any mark. */
function wholePage(body: FoundItem, phrases: PhraseBook): ScreenReading | undefined {
  const text = textOf(body);
  if (phrases.contains("conflict", text)) return conflict();
  if (phrases.contains("databaseError", text)) {
    return { kind: "database-error", evidence: "the page says: a database error occurred" };
  }
  const isLinking = body.first("qr") !== undefined || body.first("pairingCode") !== undefined;
  if (!isLinking && phrases.contains("updateBrowser", text)) {
    return { kind: "update-needed", evidence: "the page asks to update the browser or itself" };
  }
  return undefined;
}

function readPairingCode(found: Found | undefined): ScreenReading | undefined {
  const drawn = found?.attribute("data-link-code") ?? found?.text ?? "";
  const code = drawn.replace(/[\s,-]/g, "");
  if (!/^[0-9A-Za-z]{8}$/.test(code)) return undefined;
  return { kind: "pairing-code", code: code.toUpperCase(), evidence: "a pairing code is shown" };
}

function readQr(body: FoundItem): ScreenReading | undefined {
  const qr = body.first("qr");
  if (qr === undefined) return undefined;
  const ref = qr.attribute("data-ref");
  const isExpired = body.first("qrOverlay") !== undefined;
  return {
    kind: "qr",
    isExpired,
    evidence: isExpired ? "a QR code that has expired" : "a QR code",
    // A scanner takes at most 4,296 characters (ISO/IEC 18004, version 40-L).
    ...(!isExpired && ref !== undefined && ref !== "" && ref.length <= 4296 ? { ref } : {}),
  };
}

function bannerOf(body: FoundItem, phrases: PhraseBook): Banner | undefined {
  const said = (key: WordKey) =>
    body.all("bannerArea").some(({ text }) => phrases.contains(key, text.slice(0, 500)));
  if (body.first("computerOffline") !== undefined || said("computerOffline")) {
    return "computer-offline";
  }
  return body.first("phoneOffline") !== undefined || said("phoneOffline")
    ? "phone-offline"
    : undefined;
}

/** A dialog without a known word in it may be one that a click of ours opened: it is named, not judged. */
function popupOf(modals: readonly Found[], phrases: PhraseBook): Popup | undefined {
  const [modal] = modals;
  if (modal === undefined) return undefined;
  const kinds = [
    ["whats-new", "whatsNew"],
    ["invalid-number", "invalidNumber"],
  ] as const;
  for (const [kind, key] of kinds) {
    if (modals.some(({ text }) => phrases.contains(key, text))) {
      return { kind, dismissal: "button", evidence: `a dialog with the words of "${key}"` };
    }
  }
  const canClose = modals.some(({ text }) => phrases.contains("close", text));
  return canClose
    ? { kind: "notice", dismissal: "button", evidence: "a dialog that can be closed" }
    : { kind: "unknown", dismissal: "escape", evidence: "a dialog without known words" };
}

function percentOf(found: Found | undefined): number | undefined {
  const value = Number(found?.attribute("value"));
  const max = Number(found?.attribute("max") ?? 1);
  const percent = Math.round((value / max) * 100);
  return percent >= 0 && percent <= 100 ? percent : undefined;
}

/** Only where the compose box would be: people may write the same words in a message. */
export function readRestriction(collected: Collected, phrases: PhraseBook): boolean {
  const [body] = itemsOf(collected, "screen");
  if (body === undefined) return false;
  if (body.first("restricted") !== undefined) return true;
  return (
    body.first("composer") === undefined &&
    body.all("footer").some(({ text }) => phrases.contains("restricted", text.slice(0, 500)))
  );
}
