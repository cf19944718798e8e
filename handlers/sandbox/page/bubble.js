// One bubble: a message, or the messages of one album, as elements.
import { both, button, el, icon } from "./dom.js";
import { link, richText, safeAddress } from "./entities.js";
import { clockTime } from "./time.js";

function photo(message, actions) {
  const { url, width, height } = message.photo;
  const picture = el("img", { src: url, alt: message.caption || "照片 Photo", loading: "lazy" });
  if (width && height) picture.style.aspectRatio = `${width} / ${height}`; // the place is kept while it loads
  return button("picture", () => actions.zoom(url), picture);
}

function player(tag, kind, media) {
  return el(
    "div",
    { className: "sound" },
    el("p", { className: "kind" }, icon(kind), both(media.zh, media.en), media.duration ? ` ${media.duration}″` : ""),
    el(tag, { src: media.url, controls: true, preload: "metadata" }),
  );
}

function place({ latitude, longitude }) {
  return el(
    "p",
    { className: "place" },
    icon("place"),
    el("span", {}, both("位置", "Location"), el("br"), `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`),
  );
}

function fileLink(document_) {
  const name = document_.file_name || "文件 file";
  return el(
    "a",
    { className: "file", href: document_.url, download: name },
    icon("file"),
    el("bdi", {}, name),
  );
}

/** What a message carries beside its text, or null. */
function media(message, actions) {
  if (message.photo) return photo(message, actions);
  if (message.voice) return player("audio", "voice", { ...message.voice, zh: "语音", en: "Voice" });
  if (message.audio) return player("audio", "voice", { ...message.audio, zh: "录音", en: "Audio" });
  if (message.video) return player("video", "photo", { ...message.video, zh: "视频", en: "Video" });
  if (message.document) return fileLink(message.document);
  if (message.sticker) return el("p", { className: "sticker" }, message.sticker.emoji ?? String(message.sticker));
  if (message.location) return place(message.location);
  if (message.contact) {
    const { first_name: name, phone_number: number } = message.contact;
    return el("p", { className: "place" }, icon("deputy"), el("bdi", {}, `${name} ${number}`));
  }
  return null;
}

/** A t.me link with ?start= opens the bot with that payload, as it would on a real phone. */
function startPayload(address) {
  const url = new URL(address);
  return url.hostname === "t.me" && url.searchParams.has("start") ? url.searchParams.get("start") : null;
}

function key(message, spec, actions) {
  if (spec.copy) return button("key", () => actions.copy(spec.copy), spec.text);
  if (!spec.url) {
    const pressed = button("key", () => actions.press(message, spec, pressed), spec.text);
    return pressed;
  }
  if (!safeAddress(spec.url)) return el("span", { className: "key" }, spec.text);
  const payload = startPayload(spec.url);
  if (payload !== null) return button("key", () => actions.start(payload), spec.text);
  const anchor = link(spec.url, `${spec.text} ↗`);
  anchor.className = "key";
  return anchor;
}

function keys(message, actions) {
  if (!message.inline_keyboard?.length) return null;
  const rows = message.inline_keyboard.map((row) =>
    el("div", { className: "keys-row" }, ...row.map((spec) => key(message, spec, actions))));
  return el("div", { className: "keys", role: "group", "aria-label": "按钮 Buttons" }, ...rows);
}

function quoted(message, actions) {
  if (!message.reply_to) return null;
  const said = actions.said(message);
  return el("p", { className: "quoted", dir: "auto" }, icon("reply"), el("span", {}, said));
}

function sideTool(message, mine, actions) {
  if (!mine) {
    const reply = button("tool side", () => actions.reply(message), icon("reply"));
    reply.setAttribute("aria-label", "回复这条 Reply to this");
    return reply;
  }
  if (!message.text) return null;
  const change = button("tool side", () => actions.edit(message), icon("edit"));
  change.setAttribute("aria-label", "修改这条 Edit this");
  return change;
}

/** What a message says in one line, for quotes, screen readers and the dock. */
export function gist(message) {
  const kinds = { photo: "照片", voice: "语音", audio: "录音", video: "视频", document: "文件", location: "位置" };
  const kind = Object.keys(kinds).find((name) => message[name]);
  const words = message.text || message.caption || message.sticker?.emoji || "";
  return [kind ? `[${kinds[kind]}]` : "", words.slice(0, 80)].filter(Boolean).join(" ");
}

/** In a group: which one, who speaks, and what the group itself did. */
function groupLine(message, chatId) {
  const did = { group_chat_created: "建群", migrate_to_chat_id: "升级为超级群", migrate_from_chat_id: "由普通群升级" };
  return ["群", chatId, message.from?.name ?? "", did[message.service] ?? ""].join(" ").trim();
}

/** The row of one bubble; `messages` are one message or an album's, oldest first. */
export function bubble(messages, chatId, actions) {
  const last = messages[messages.length - 1];
  const spoken = messages.find((message) => message.text || message.caption) ?? last;
  const words = spoken.text ?? spoken.caption ?? "";
  const mine = !last.from_bot && (last.from?.id ?? actions.me) === actions.me;
  const shown = messages.map((message) => media(message, actions)).filter(Boolean);
  const body = el(
    "article",
    { className: "bubble", "aria-label": mine ? "我说 I said" : "对方说 They said" },
    chatId < 0 ? el("p", { className: "group", dir: "auto" }, groupLine(last, chatId)) : null,
    last.forward ? el("p", { className: "forward" }, both("转发的消息", "forwarded")) : null,
    quoted(last, actions),
    shown.length ? el("div", { className: shown.length > 1 ? "media album" : "media" }, ...shown) : null,
    words
      ? el("div", { className: "words", dir: "auto" },
          richText(words, spoken.entities ?? spoken.caption_entities, actions.command))
      : null,
    el("p", { className: "stamp" }, last.edited ? both("已修改", "edited ") : "", clockTime(last.date)),
    keys(last, actions),
  );
  const row = el("div", { className: `row ${mine ? "mine" : "theirs"}` }, body, sideTool(last, mine, actions));
  row.classList.toggle("has-keys", Boolean(last.inline_keyboard?.length));
  return row;
}
