// Small helpers to build the page; whatever people wrote goes in as text, never as HTML.

/** An element with properties (className, type, …), "aria-…"/"data-…" attributes and children (nodes or text). */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.includes("-") || name === "role") node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Chinese first, English small beside it. */
export function both(zh, en) {
  const pair = document.createDocumentFragment();
  pair.append(zh, " ", el("span", { className: "en", lang: "en" }, en));
  return pair;
}

export function button(className, onclick, ...children) {
  return el("button", { type: "button", className, onclick }, ...children);
}

/** Put `node` in the place of `old`; whoever had the keyboard focus inside keeps it as near as can be. */
export function replaceKeepingFocus(old, node) {
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  const alike = held?.classList.contains("key") ? ".key" : "button, a";
  const at = held ? [...old.querySelectorAll(alike)].indexOf(held) : -1;
  old.replaceWith(node);
  if (!held) return;
  const left = node.querySelectorAll(alike);
  const next = left[Math.max(0, Math.min(at, left.length - 1))] ?? node.closest("[role=log]");
  next.focus({ preventScroll: true });
}

const heard = document.getElementById("heard");
let waiting = [];

/** Say it to screen readers; several things in one breath, so that seven phones do not talk at once. */
export function announce(text) {
  if (!waiting.length) {
    setTimeout(() => {
      heard.textContent = waiting.slice(-4).join("; ");
      waiting = [];
    }, 400);
  }
  waiting.push(text);
}
