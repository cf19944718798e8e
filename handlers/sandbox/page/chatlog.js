// The scrolling list of bubbles of one phone: messages come, change and go, and the reader's place is kept.
import { bubble, gist } from "./bubble.js";
import { el, replaceKeepingFocus } from "./dom.js";
import { dayName } from "./time.js";

const NEAR = 80; // pixels from the end that still count as "reading the newest"

export class ChatLog {
  /** `actions`: what bubbles can do (press, edit, reply, start, command, zoom). */
  constructor(log, latest, actions) {
    this.log = log;
    this.latest = latest;
    this.actions = { ...actions, said: (message) => this.said(message) };
    this.messages = new Map(); // "chat:id" -> {chat, message}
    this.bubbles = new Map(); // bubble key -> {row, keys of its messages}
    this.day = "";
    this.following = false; // whether what is being put shall be scrolled to
    latest.addEventListener("click", () => this.toEnd());
    this.wasAtEnd = true;
    log.addEventListener("scroll", () => {
      this.wasAtEnd = this.atEnd();
      latest.hidden = this.wasAtEnd;
    });
    new ResizeObserver(() => this.wasAtEnd && this.toEnd()).observe(log);
  }

  atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.wasAtEnd = true;
    this.latest.hidden = true;
  }

  said({ chat, reply_to: reply }) {
    const id = typeof reply === "object" ? reply.message_id : reply;
    const told = this.messages.get(`${chat}:${id}`);
    return told ? gist(told.message) : gist(typeof reply === "object" ? reply : {}) || "…";
  }

  put(chat, message) {
    const key = `${chat}:${message.message_id}`;
    const known = this.messages.has(key);
    this.messages.set(key, { chat, message: { ...message, chat } });
    const album = message.media_group_id ? `${chat}:album:${message.media_group_id}` : key;
    this.following ||= this.wasAtEnd || !(known || message.from_bot);
    const held = this.bubbles.get(album);
    if (held) {
      if (!held.keys.includes(key)) held.keys.push(key);
      this.redraw(album);
    } else if (!known) {
      this.markDay(message.date);
      const row = bubble([this.messages.get(key).message], chat, this.actions);
      this.bubbles.set(album, { row, keys: [key] });
      this.log.append(row);
    }
  }

  /** After one or many messages were put: go to the end where the reader was there, or offer the way. */
  settle() {
    if (this.following) this.toEnd();
    else this.latest.hidden = this.atEnd();
    this.following = false;
  }

  remove(chat, messageId) {
    const key = `${chat}:${messageId}`;
    this.messages.delete(key);
    for (const [name, held] of this.bubbles) {
      if (!held.keys.includes(key)) continue;
      held.keys = held.keys.filter((other) => other !== key);
      if (held.keys.length) {
        this.redraw(name);
      } else {
        if (held.row.contains(document.activeElement)) this.log.focus({ preventScroll: true });
        held.row.remove();
        this.bubbles.delete(name);
      }
    }
  }

  redraw(name) {
    const held = this.bubbles.get(name);
    const told = held.keys.map((key) => this.messages.get(key));
    const row = bubble(told.map(({ message }) => message), told[0].chat, this.actions);
    replaceKeepingFocus(held.row, row);
    held.row = row;
  }

  markDay(date) {
    const day = dayName(date);
    if (day === this.day) return;
    this.day = day;
    this.log.append(el("p", { className: "day-mark" }, day));
  }
}
