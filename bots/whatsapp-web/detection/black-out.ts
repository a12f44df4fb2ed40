/**
 * Hides every text, name, picture and code, and leaves the layout: for screenshots that are shown to operators. Text is
 * drawn in no colour on a bar; what a style sheet draws (placeholders, counters) goes with it.
 */
export function blackOut(): string {
  return `
*, *::before, *::after {
  color: transparent !important;
  -webkit-text-fill-color: transparent !important;
  text-shadow: none !important;
  caret-color: transparent !important;
}
*::before, *::after { content: "" !important; background-image: none !important; }
*::placeholder { opacity: 0 !important; }
span, p, strong, em, del, code, pre, h1, h2, h3, li, a, label, input, textarea, [contenteditable] {
  background-color: rgba(90, 90, 90, 0.35) !important;
  border-radius: 3px !important;
}
img, video, canvas, image, picture, object, embed, iframe, [style*="background-image"] {
  visibility: hidden !important;
  background-image: none !important;
}
`;
}
