// Whether an answer helped: two buttons under it, that stay pressed, and a line for what was missing.

import { element } from "./message-view.js";

/** As the server takes it. */
const MAX_COMMENT = 500;
const SVG = "http://www.w3.org/2000/svg";
const THUMBS = ["up", "down"];
/** Drawn, not an emoji: not every machine has a font for those. */
const THUMB_UP =
  "M7 10v10H4V10zM7 10l4-7c1.5 0 2.5 1 2.5 2.5V9h5a2 2 0 0 1 2 2.3l-1.2 7a2 2 0 0 1-2 1.7H7";

/** `answer` is `{ messageId, vote }`, as the chat's log has it. */
export function feedbackView({ botKey, answer, texts, expired }) {
  const box = element("div", "feedback");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", texts.helped);
  const said = element("span", "said");
  said.setAttribute("role", "status");
  const form = commentForm(texts, (comment) => judge("down", comment));
  let vote = answer.vote ?? "none";
  let isSending = false;

  const buttons = THUMBS.map((name) => {
    const button = element("button");
    button.type = "button";
    button.setAttribute("aria-label", name === "up" ? texts.helpful : texts.unhelpful);
    button.append(thumb(name));
    button.addEventListener("click", () => judge(vote === name ? "none" : name));
    return [name, button];
  });

  function show() {
    for (const [name, button] of buttons) {
      button.setAttribute("aria-pressed", String(vote === name));
    }
  }

  async function judge(next, comment) {
    // A button that is disabled would lose the keyboard's place.
    if (isSending) return;
    isSending = true;
    said.textContent = "";
    const outcome = await send(botKey, answer.messageId, { vote: next, comment });
    isSending = false;
    if (outcome === "expired") expired();
    if (outcome !== "kept") {
      said.textContent = outcome === "gone" ? texts.judgementGone : texts.judgementFailed;
      return;
    }
    vote = next;
    answer.vote = next === "none" ? undefined : next;
    show();
    said.textContent = wordsFor(next, comment, texts);
    const hadFocus = form.contains(document.activeElement);
    form.hidden = next !== "down" || comment !== undefined;
    if (hadFocus && form.hidden) buttons.find(([name]) => name === "down")?.[1].focus();
  }

  show();
  form.hidden = true;
  box.append(...buttons.map(([, button]) => button), said, form);
  return box;
}

function thumb(name) {
  const svg = document.createElementNS(SVG, "svg");
  const drawn = { viewBox: "0 0 24 24", width: "20", height: "20", "aria-hidden": "true" };
  for (const [key, value] of Object.entries(drawn)) svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  const line = { d: THUMB_UP, fill: "none", stroke: "currentColor", "stroke-width": "1.8" };
  for (const [key, value] of Object.entries(line)) path.setAttribute(key, value);
  path.setAttribute("stroke-linejoin", "round");
  if (name === "down") path.setAttribute("transform", "rotate(180 12 12)");
  svg.append(path);
  return svg;
}

function wordsFor(vote, comment, texts) {
  if (vote === "none") return texts.judgementTaken;
  if (comment !== undefined) return texts.commentKept;
  return vote === "up" ? texts.judgedUp : texts.judgedDown;
}

function commentForm(texts, submit) {
  const form = element("form", "comment");
  const label = element("label");
  const input = element("input");
  input.maxLength = MAX_COMMENT;
  input.autocomplete = "off";
  label.append(element("span", undefined, texts.whatWasMissing), input);
  const button = element("button", undefined, texts.send);
  button.type = "submit";
  form.append(label, button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const comment = input.value.trim();
    if (comment !== "") void submit(comment);
  });
  return form;
}

/** `kept`, `gone` (there is no such answer any more), `expired`, or `failed`. */
async function send(botKey, messageId, judgement) {
  const path = `/api/v1/chat/${encodeURIComponent(botKey)}/messages/${messageId}/feedback`;
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(judgement),
      signal: AbortSignal.timeout(15_000),
    });
    if (response.ok) return "kept";
    if (response.status === 401) return "expired";
    return response.status === 404 ? "gone" : "failed";
  } catch {
    return "failed";
  }
}
