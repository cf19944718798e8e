// Telegram's text entities as elements: nested ones nest, overlapping or absurd ones are clipped, unknown ones stay text.
import { button, el } from "./dom.js";

const PLAIN = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

/** `address` if it is a web or mail address, else null: a javascript: link must never become one. */
export function safeAddress(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export function link(address, ...children) {
  const href = safeAddress(address);
  if (!href) return el("span", {}, ...children);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

function wrap(entity, text, inner, onCommand) {
  if (PLAIN[entity.type]) return el(PLAIN[entity.type], {}, inner);
  switch (entity.type) {
    case "text_link":
      return link(entity.url, inner);
    case "url":
      return link(/^[a-z]+:/i.test(text) ? text : `https://${text}`, inner);
    case "email":
      return link(`mailto:${text}`, inner);
    case "bot_command":
      return onCommand ? button("command", () => onCommand(text), inner) : el("b", {}, inner);
    case "spoiler":
      return el("details", { className: "spoiler" }, el("summary", {}, "点开看 show"), inner);
    default:
      return inner; // mention, hashtag, phone_number, …: the text says it already
  }
}

function render(text, from, to, entities, onCommand) {
  const out = document.createDocumentFragment();
  let at = from;
  for (let i = 0; i < entities.length; i += 1) {
    const start = Math.max(entities[i].offset, at);
    const end = Math.min(entities[i].offset + entities[i].length, to);
    if (start >= end) continue; // inside one that was drawn already, or beyond the text
    out.append(text.slice(at, start));
    const inner = render(text, start, end, entities.slice(i + 1), onCommand);
    out.append(wrap(entities[i], text.slice(start, end), inner, onCommand));
    at = end;
  }
  out.append(text.slice(at, to));
  return out;
}

/** `text` with its `entities` (offsets in UTF-16 units, which are JavaScript's own) as a fragment. */
export function richText(text, entities = [], onCommand = null) {
  const sane = entities
    .filter((e) => Number.isInteger(e.offset) && Number.isInteger(e.length) && e.offset >= 0 && e.length > 0)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  return render(text, 0, text.length, sane, onCommand);
}
