// One phone: a person's private chat with the bot, fed by the server's events.
import * as api from "./api.js";
import { gist } from "./bubble.js";
import { ChatLog } from "./chatlog.js";
import { Composer } from "./composer.js";
import { announce, both, button, el, icon } from "./dom.js";
import { AttachSheet } from "./sheet.js";
import { Toasts } from "./toasts.js";

const TYPING_SHOWN = 5000; // milliseconds, as in Telegram
const BLOCKED = 409; // the status by which the server says that this phone has blocked the bot

export class Phone {
  /** `card`: user_id, name, role, role_name, hint. `page`: changed(phone), zoom(url), active() -> phone. */
  constructor(card, page) {
    this.card = card;
    this.page = page;
    this.unread = 0;
    this.element = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.find = (selector) => this.element.querySelector(selector);
    this.dress();
    this.toasts = new Toasts(this.find(".toasts"), (error) => this.refused(error));
    this.log = new ChatLog(this.find(".log"), this.find(".latest"), {
      press: (message, spec, pressed) => this.press(message, spec, pressed),
      edit: (message) => this.composer.edit(message),
      reply: (message) => this.composer.reply(message),
      start: (payload) => this.start(payload),
      command: (text) => this.send({ text }),
      copy: (text) => this.copy(text),
      zoom: page.zoom,
      me: card.user_id,
    });
    this.composer = new Composer(this);
    this.sheet = new AttachSheet(this);
    this.queue = Promise.resolve();
  }

  dress() {
    const { user_id: id, name, role, role_name: roleName, hint } = this.card;
    this.element.id = `phone-${id}`;
    this.element.dataset.role = role;
    this.element.setAttribute("aria-label", `${roleName} ${name}`);
    this.find(".face use").setAttribute("href", `#i-${role}`);
    this.find(".name bdi").textContent = name;
    this.find(".role").textContent = roleName;
    this.find(".hint").textContent = hint;
    this.find(".log").setAttribute("aria-label", `${name}的聊天 chat`);
    this.find(".start").addEventListener("click", () => this.start());
    this.find(".unblock").addEventListener("click", () => this.block(false));
    this.find(".more").addEventListener("click", () => this.toggleMenu());
    this.element.addEventListener("pointerdown", () => this.page.changed(this, true));
    this.element.addEventListener("focusin", () => this.page.changed(this, true));
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.closeAll();
    });
  }

  closeAll() {
    this.sheet.close();
    this.composer.cancel();
    this.toggleMenu(false);
  }

  /** Apply what the server says happened; `live` is false for what was there before the page opened. */
  hear(events, live) {
    for (const event of events) this.hearOne(event, live);
    this.log.settle();
  }

  hearOne(event, live) {
    switch (event.type) {
      case "message":
        this.find(".welcome").hidden = true;
        this.typing(false);
        this.log.put(event.chat_id, event.message);
        this.composer.keyboard(event.reply_keyboard ?? event.message.reply_keyboard);
        if (live && event.message.from_bot) this.tell(event.message);
        break;
      case "edited":
        this.log.put(event.chat_id, { ...event.message, edited: event.message.edited ?? true });
        break;
      case "deleted":
        this.log.remove(event.chat_id, event.message_id);
        break;
      case "toast":
        if (live) this.toasts.answered(event);
        break;
      case "commands":
        this.composer.commands = event.commands;
        break;
      case "typing":
        this.typing(live);
        break;
      default: // a newer server may tell more than this page knows
    }
  }

  tell(message) {
    announce(`${this.card.role_name} ${this.card.name}：${gist(message)}`);
    if (this.page.active() !== this) this.unread += 1;
    this.page.changed(this, false);
  }

  typing(on) {
    clearTimeout(this.typingEnds);
    this.find(".typing").hidden = !on;
    if (on) this.typingEnds = setTimeout(() => this.typing(false), TYPING_SHOWN);
  }

  /** Do it after what was asked before, so that two quick messages stay in order; a refusal is shown, not thrown. */
  then(work) {
    const done = this.queue.then(work).then(
      () => true,
      (error) => {
        this.refused(error);
        return false;
      },
    );
    this.queue = done;
    return done;
  }

  refused(error) {
    this.toasts.show(`没有成功 Not done: ${error.message}`);
    if (error.status === BLOCKED) this.showBlocked(true); // said before this page was opened
  }

  send(what) {
    return this.then(() => api.send(this.card.user_id, what));
  }

  sendFiles(kind, files, caption) {
    return this.then(() => api.sendFiles(this.card.user_id, kind, files, caption));
  }

  start(payload) {
    return this.then(() => api.start(this.card.user_id, payload));
  }

  change(message, text) {
    return this.then(() => api.edit(this.card.user_id, message.chat, message.message_id, text));
  }

  async press(message, spec, pressed) {
    this.toasts.hold(pressed, async () => {
      const { callback_id: id } = await api.press(this.card.user_id, message.chat, message.message_id, spec.data);
      return id;
    });
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.toasts.show(`已复制 Copied: ${text}`);
    } catch {
      this.toasts.show(text); // the browser does not let us: then at least it can be read
    }
  }

  async block(on) {
    if (await this.then(() => api.block(this.card.user_id, on))) this.showBlocked(on);
  }

  showBlocked(on) {
    this.closeAll();
    this.find(".composer").hidden = on;
    this.find(".blocked").hidden = !on;
    this.element.classList.toggle("is-blocked", on);
    this.page.changed(this, false);
  }

  toggleMenu(on = this.find(".menu").hidden) {
    const menu = this.find(".menu");
    menu.hidden = !on;
    this.find(".more").setAttribute("aria-expanded", String(on));
    if (!on) return;
    const blocked = this.element.classList.contains("is-blocked");
    const item = (name, act, ...says) =>
      button("btn quiet", () => (this.toggleMenu(false), this.find(".more").focus(), act()), icon(name), ...says);
    menu.replaceChildren(
      el("p", { className: "menu-hint", dir: "auto" }, this.card.hint),
      item("again", () => this.start(), both("重新开始", "Restart (/start)")),
      blocked
        ? item("check", () => this.block(false), both("解除屏蔽", "Unblock the bot"))
        : item("block", () => this.block(true), both("屏蔽机器人", "Block the bot")),
    );
    menu.querySelector("button").focus();
  }
}
