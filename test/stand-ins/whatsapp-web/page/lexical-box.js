/**
 * A text box like WhatsApp's, which is Lexical: the text lives in the script, the document only shows it.
 * Keys, insertText and paste go through `beforeinput`; whatever else changes the document is undone.
 */
export function createLexicalBox({ attributes, text = "", onText, onEnter, onFiles }) {
  const el = document.createElement("div");
  for (const [name, value] of Object.entries({
    contenteditable: "true",
    role: "textbox",
    spellcheck: "true",
    tabindex: "10",
    "data-lexical-editor": "true",
    class: "x1hx0egp lexical selectable-text copyable-text",
    style: "user-select: text; white-space: pre-wrap; word-break: break-word;",
    ...attributes,
  })) {
    if (value !== undefined) el.setAttribute(name, value);
  }
  let value = text;
  let isComposing = false;

  let lastCaret = text.length;

  const observer = new MutationObserver(() => {
    if (isComposing) return;
    if (shown() === value && el.children.length === value.split("\n").length) return;
    draw(document.activeElement === el ? lastCaret : undefined);
  });

  function draw(caret) {
    const paragraphs = value.split("\n").map((line) => {
      const paragraph = document.createElement("p");
      paragraph.className = "selectable-text copyable-text x15bjb6t x1n2onr6";
      paragraph.dir = "auto";
      if (line === "") {
        paragraph.append(document.createElement("br"));
      } else {
        const span = document.createElement("span");
        span.className = "selectable-text copyable-text";
        span.dataset.lexicalText = "true";
        span.textContent = line;
        paragraph.append(span);
      }
      return paragraph;
    });
    el.replaceChildren(...paragraphs);
    observer.takeRecords();
    if (caret !== undefined) place(caret);
  }

  const shown = () => [...el.children].map((paragraph) => paragraph.textContent).join("\n");

  function place(caret) {
    lastCaret = caret;
    let left = caret;
    for (const paragraph of el.children) {
      const length = paragraph.textContent.length;
      if (left <= length) {
        const node = paragraph.querySelector("span")?.firstChild ?? paragraph;
        getSelection().collapse(node, node === paragraph ? 0 : left);
        return;
      }
      left -= length + 1;
    }
  }

  /** Where the selection begins and ends in the text. */
  function selected() {
    const selection = getSelection();
    if (selection.rangeCount === 0 || !el.contains(selection.anchorNode))
      return [value.length, value.length];
    const range = selection.getRangeAt(0);
    const ends = [
      offset(range.startContainer, range.startOffset),
      offset(range.endContainer, range.endOffset),
    ];
    return ends.sort((a, b) => a - b);
  }

  function offset(node, at) {
    if (node === el) {
      return (
        [...el.children]
          .slice(0, at)
          .reduce((sum, paragraph) => sum + paragraph.textContent.length + 1, 0) -
        (at > 0 && at === el.children.length ? 1 : 0)
      );
    }
    let total = 0;
    for (const paragraph of el.children) {
      if (paragraph.contains(node)) {
        const range = document.createRange();
        range.setStart(paragraph, 0);
        range.setEnd(node, at);
        return total + range.toString().length;
      }
      total += paragraph.textContent.length + 1;
    }
    return value.length;
  }

  function change(next, caret) {
    value = next;
    draw(caret);
    onText(value);
  }

  function insert(piece) {
    const clean = piece.replace(/\r\n?/g, "\n");
    const [from, to] = selected();
    change(value.slice(0, from) + clean + value.slice(to), from + clean.length);
  }

  function remove(direction, unit) {
    let [from, to] = selected();
    if (from === to) {
      const rest = direction < 0 ? value.slice(0, from) : value.slice(to);
      const pattern = {
        character: [/[\s\S]$/u, /^[\s\S]/u],
        word: [/\S*\s*$/u, /^\s*\S*/u],
        line: [/[^\n]*$/, /^[^\n]*/],
      }[unit];
      const length = pattern[direction < 0 ? 0 : 1].exec(rest)?.[0].length ?? 0;
      if (direction < 0) from -= length;
      else to += length;
    }
    change(value.slice(0, from) + value.slice(to), from);
  }

  const DELETIONS = {
    deleteContentBackward: [-1, "character"],
    deleteContentForward: [1, "character"],
    deleteWordBackward: [-1, "word"],
    deleteWordForward: [1, "word"],
    deleteSoftLineBackward: [-1, "line"],
    deleteByCut: [-1, "character"],
  };

  el.addEventListener("beforeinput", (event) => {
    if (event.inputType === "insertCompositionText") return;
    event.preventDefault();
    if (event.inputType === "insertLineBreak" || event.inputType === "insertParagraph")
      insert("\n");
    else if (event.inputType in DELETIONS) remove(...DELETIONS[event.inputType]);
    else if (event.inputType.startsWith("insert") && event.inputType !== "insertFromPaste") {
      insert(event.data ?? event.dataTransfer?.getData("text/plain") ?? "");
    }
  });
  el.addEventListener("compositionstart", () => {
    isComposing = true;
  });
  el.addEventListener("compositionend", () => {
    isComposing = false;
    const text = shown();
    change(text, text.length);
  });
  el.addEventListener("paste", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const files = [...event.clipboardData.files];
    if (files.length > 0) onFiles(files);
    else insert(event.clipboardData.getData("text/plain"));
  });
  el.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    onEnter();
  });

  document.addEventListener("selectionchange", function follow() {
    // The box of a chat that was left.
    if (!el.isConnected) document.removeEventListener("selectionchange", follow);
    else if (el.contains(getSelection().anchorNode)) lastCaret = selected()[1];
  });
  draw();
  observer.observe(el, { childList: true, characterData: true, subtree: true });
  return {
    el,
    text: () => value,
    setText: (next) => change(next, next.length),
  };
}
