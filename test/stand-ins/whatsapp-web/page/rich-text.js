import { h } from "./vdom.js";

const EMOJI =
  /\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier}|\u200d\p{Extended_Pictographic}\ufe0f?)*|\p{Regional_Indicator}{2}/u;
const LINK = /https?:\/\/[^\s<>"]+/;
const MARKS = [
  [/```([\s\S]+?)```/, "code", "```"],
  [/`([^`\n]+)`/, "code", "`"],
  [/(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\p{L}\p{N}*])/u, "strong", "*"],
  [/(?<![\p{L}\p{N}_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\p{L}\p{N}_])/u, "em", "_"],
  [/(?<![\p{L}\p{N}~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\p{L}\p{N}~])/u, "del", "~"],
];

/** A text as WhatsApp draws it: marks, emoji as pictures, links, mentions, lists and quotes. */
export function richText(message, text, settings) {
  const blocks = toBlocks(text);
  return blocks.map((block, at) => {
    const isLast = at === blocks.length - 1;
    if (block.kind === "list") {
      const items = block.lines.map((line) => h("li", {}, inline(line, message, settings)));
      return h(block.tag, { class: "list", start: block.start }, items);
    }
    if (block.kind === "quote") {
      return h(
        "blockquote",
        { class: "quote-block" },
        inline(block.lines.join("\n"), message, settings),
      );
    }
    if (settings.era === "C" || block.lines.length === 1) {
      return h(
        "span",
        {},
        inline(block.lines.join("\n") + (isLast ? "" : "\n"), message, settings),
      );
    }
    // Each line its own block that ends in a newline besides: innerText would double it.
    return block.lines.map((line, row) => {
      const isEnd = isLast && row === block.lines.length - 1;
      return h("span", { class: "line" }, inline(isEnd ? line : `${line}\n`, message, settings));
    });
  });
}

function toBlocks(text) {
  if (text.includes("```")) return [{ kind: "text", lines: text.split("\n") }];
  const blocks = [];
  for (const line of text.split("\n")) {
    const [kind, tag, content, start] = kindOfLine(line);
    const last = blocks.at(-1);
    if (last !== undefined && last.kind === kind && last.tag === tag) last.lines.push(content);
    else blocks.push({ kind, tag, start, lines: [content] });
  }
  return blocks;
}

function kindOfLine(line) {
  const bullet = /^[-*] (.+)$/.exec(line);
  if (bullet !== null) return ["list", "ul", bullet[1], undefined];
  const number = /^(\d{1,3})\. (.+)$/.exec(line);
  if (number !== null) return ["list", "ol", number[2], number[1]];
  const quote = /^> (.+)$/.exec(line);
  return quote === null
    ? ["text", "span", line, undefined]
    : ["quote", "blockquote", quote[1], undefined];
}

function inline(text, message, settings) {
  let found;
  const consider = (match, draw) => {
    if (match !== null && (found === undefined || match.index < found.match.index))
      found = { match, draw };
  };
  consider(LINK.exec(text), (match) =>
    h(
      "a",
      {
        href: match[0],
        target: "_blank",
        rel: "noopener noreferrer",
        class: "selectable-text copyable-text",
        dir: "auto",
      },
      match[0],
    ),
  );
  for (const { label, jid } of message.mentions) {
    const at = text.indexOf(label);
    if (at >= 0) consider({ index: at, 0: label }, () => mention(label, jid, settings));
  }
  for (const [pattern, tag, mark] of MARKS) {
    consider(pattern.exec(text), (match) =>
      h(
        tag,
        {
          class: "selectable-text copyable-text",
          "data-app-text-template": `${mark}\${appText}${mark}`,
        },
        tag === "code" ? match[1] : inline(match[1], message, settings),
      ),
    );
  }
  consider(EMOJI.exec(text), (match) => emoji(match[0]));
  if (found === undefined) return [text];
  const { match, draw } = found;
  return [
    text.slice(0, match.index),
    draw(match),
    ...inline(text.slice(match.index + match[0].length), message, settings),
  ];
}

function mention(label, jid, settings) {
  const target = settings.era === "C" ? { "data-jid": jid } : { "data-app-text-template": jid };
  return h(
    "span",
    {
      class: "selectable-text copyable-text mention",
      "data-plain-text": label,
      role: "button",
      tabindex: "0",
      ...target,
    },
    label,
  );
}

export function emoji(character) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><text y="16" font-size="16">${character}</text></svg>`;
  return h("img", {
    crossorigin: "anonymous",
    src: `data:image/svg+xml,${encodeURIComponent(svg)}`,
    alt: character,
    draggable: "false",
    class: "b75 emoji wa selectable-text copyable-text",
    "data-plain-text": character,
    tabindex: "-1",
  });
}
