import { icon, testid } from "./icons.js";
import { ask } from "./link.js";
import { qrCanvas } from "./qr-canvas.js";
import { set, state } from "./state.js";
import { h } from "./vdom.js";

export function loadingScreen({ settings, texts }) {
  return h(
    "div",
    {
      class: "startup",
      id: settings.era === "C" ? "initial_startup" : undefined,
      ...testid(settings, "wa-web-loading-screen"),
    },
    h("div", { class: "startup-logo" }, icon(settings, "wa-square-icon", "chat")),
    h(
      "div",
      { class: "startup-bar", ...testid(settings, "startup-progress") },
      h("progress", { value: String(state.progress), max: "100", dir: "ltr" }),
    ),
    h("div", { class: "startup-title" }, `${texts.startup}`),
    h(
      "div",
      { class: "startup-text" },
      state.progress > 0 ? `${texts.loading} [${state.progress}%]` : texts.encryptedShort,
    ),
  );
}

/** The page of who is not signed in: the hint comes first, the code seconds later. */
export function loginPage(view) {
  const { settings, texts } = view;
  const { login } = state;
  const inside =
    login.kind === "pairing"
      ? codeScreen(login.code, view)
      : state.isPhoneForm
        ? phoneForm(view)
        : scanScreen(view);
  return h(
    "div",
    { class: "landing-wrapper" },
    h(
      "div",
      { class: "landing-header" },
      icon(settings, "wa-wordmark", "chat"),
      h("span", {}, "WhatsApp Web"),
    ),
    h("div", { class: "landing-window" }, inside),
    h("div", { class: "landing-footer" }, texts.encryptedShort),
  );
}

function scanScreen(view) {
  const { settings, texts } = view;
  return h(
    "div",
    { class: "landing-main", ...testid(settings, "link-device-qrcode-screen") },
    h(
      "div",
      { class: "landing-text" },
      h("div", { class: "landing-title" }, texts.scanTitle),
      h(
        "ol",
        {},
        texts.scanSteps.map((step) => h("li", {}, step)),
      ),
      h(
        "div",
        { ...testid(settings, "link-device-qrcode-alt-linking-help"), class: "landing-help" },
        h("a", { href: "#", role: "button" }, texts.altHelp),
      ),
      h(
        "div",
        { ...testid(settings, "link-device-qrcode-alt-linking-hint"), class: "landing-hint" },
        h(
          "span",
          {
            role: "button",
            tabindex: "0",
            class: "x1hql6x6 alt-link",
            on: { click: () => set({ isPhoneForm: true }) },
          },
          texts.usePhone,
        ),
      ),
    ),
    h("div", { class: "landing-code" }, code(view)),
  );
}

function code({ settings, texts }) {
  const { login } = state;
  if (login.kind === "waiting")
    return h("div", { class: "qr-frame" }, h("div", { class: "spinner" }));
  const isExpired = login.kind === "expired";
  const isCovered = isExpired || !state.isConnected;
  const ref = isExpired ? state.lastRef : login.ref;
  state.lastRef = ref;
  return h(
    "div",
    {
      class: "_akau qr-frame",
      "data-ref": ref,
      ...testid(settings, "link-device-qr-code"),
    },
    h("div", { key: "canvas", node: qrCanvas(ref, texts.scanLabel, isCovered) }),
    h("span", { class: "qr-logo" }, icon(settings, "wa-square-icon", "chat")),
    !state.isConnected && overlay(settings, "offline", "alert", texts.computerOffline),
    state.isConnected &&
      isExpired &&
      overlay(settings, "expired", "reload", texts.reloadCode, () => ask("reload-code")),
  );
}

/** Lies on the code while it is of no use. */
function overlay(settings, id, drawing, label, act) {
  const name = settings.era === "C" ? "refresh-large" : "wds-ic-refresh";
  return h(
    "button",
    {
      type: "button",
      class: "qr-reload",
      "aria-label": label,
      ...testid(settings, `link-device-qr-code-${id}`),
      on: { click: act },
    },
    icon(settings, drawing === "reload" ? name : "alert-computer", drawing),
    h("div", {}, label),
  );
}

function phoneForm(view) {
  const { settings, texts } = view;
  return h(
    "div",
    { class: "landing-main column", ...testid(settings, "link-device-phone-number-screen") },
    h("div", { class: "landing-title" }, texts.phoneTitle),
    h(
      "form",
      {
        on: {
          submit: (event) => {
            event.preventDefault();
            void ask("pairing-code", { phone: event.target.querySelector("input").value });
          },
        },
      },
      h("input", {
        type: "text",
        "aria-label": texts.phoneLabel,
        value: "+34 ",
        class: "phone-input",
        ...testid(settings, "link-device-phone-number-input"),
      }),
      h(
        "button",
        { type: "submit", class: "primary", ...testid(settings, "link-device-phone-number-next") },
        texts.next,
      ),
    ),
    backToCode(view),
  );
}

function codeScreen(pairingCode, view) {
  const { settings, texts } = view;
  const letters = [...pairingCode];
  return h(
    "div",
    { class: "landing-main column", ...testid(settings, "link-device-phone-number-code-screen") },
    h("div", { class: "landing-title" }, texts.codeTitle),
    h(
      "div",
      { id: "link-device-phone-number-code-screen-instructions", class: "landing-hint" },
      texts.codeText,
    ),
    h(
      "div",
      {
        "aria-details": "link-device-phone-number-code-screen-instructions",
        "data-link-code": letters.filter((letter) => letter !== "-").join(","),
        class: "pairing-code",
        ...testid(settings, "link-device-phone-number-code-screen-code"),
      },
      letters.map((letter) => h("span", {}, letter)),
    ),
    backToCode(view),
  );
}

function backToCode({ texts }) {
  const back = () => {
    set({ isPhoneForm: false });
    void ask("reload-code");
  };
  return h(
    "span",
    { role: "button", tabindex: "0", class: "alt-link", on: { click: back } },
    texts.useCode,
  );
}

/** In place of everything else: the browser is too old, or the page must be updated. */
export function textPage({ texts }, text) {
  return h(
    "div",
    { class: "landing-wrapper" },
    h(
      "div",
      { class: "landing-window" },
      h(
        "div",
        { class: "landing-main column" },
        h("div", { class: "landing-title" }, texts.updatePage),
        h("p", {}, text),
      ),
    ),
  );
}
