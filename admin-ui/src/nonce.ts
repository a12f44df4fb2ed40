/**
 * Of the style elements that components write, as the Content-Security-Policy of this page names it. Empty on the
 * contributors' server, which has none. Browsers show it as a property of the script alone, never as an attribute.
 */
export const styleNonce: string =
  document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";

// Read by `get-nonce`, with which the drawer's scroll lock writes its style.
Object.assign(globalThis, { __webpack_nonce__: styleNonce });
