// Where a person writes: the text field, the reply keyboard above it, the command menu, editing and replying.
import { both, button, el } from "./dom.js";
import { gist } from "./bubble.js";

const TALLEST = 132; // pixels: five lines, then the field scrolls

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.field = phone.find("textarea");
    this.keys = phone.find(".keyboard");
    this.about = phone.find(".about");
    this.slash = phone.find(".slash");
    this.commands = [];
    this.subject = null; // {kind: "edit" | "reply", message}
    this.field.setAttribute("aria-label", `${phone.card.name}写消息 Write a message`);
    this.field.addEventListener("input", () => this.fit());
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    phone.find(".composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    phone.find(".cancel").addEventListener("click", () => this.cancel());
    this.slash.addEventListener("click", () => this.toggleCommands());
  }

  onKey(event) {
    // While an input method composes, Enter picks a Chinese word and must not send (229: older Safari).
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.submit();
  }

  fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight + 2, TALLEST)}px`;
  }

  take() {
    const text = this.field.value;
    this.field.value = "";
    this.fit();
    return text;
  }

  async submit() {
    if (!this.field.value.trim()) {
      this.field.focus();
      return;
    }
    const subject = this.subject;
    const text = this.take();
    this.cancel();
    const done =
      subject?.kind === "edit"
        ? await this.phone.change(subject.message, text)
        : await this.phone.send(
            subject ? { text, reply_to: subject.message.message_id, chat_id: subject.message.chat } : { text });
    if (!done && !this.field.value) {
      this.field.value = text; // nothing that somebody typed is lost to a refusal
      this.fit();
    }
  }

  edit(message) {
    this.concern("edit", message, both("修改：", "Edit"));
    this.field.value = message.text;
    this.fit();
  }

  reply(message) {
    this.concern("reply", message, both("回复：", "Reply"));
  }

  concern(kind, message, label) {
    this.subject = { kind, message };
    this.about.querySelector("strong").replaceChildren(label);
    this.about.querySelector(".about-text").textContent = gist(message);
    this.about.hidden = false;
    this.field.focus();
  }

  cancel() {
    if (this.subject?.kind === "edit") this.take();
    this.subject = null;
    this.about.hidden = true;
  }

  /** Show the bot's reply keyboard, or take it away. */
  keyboard(spec) {
    if (!spec) return;
    this.keys.hidden = spec === "remove";
    if (spec === "remove") {
      this.keys.replaceChildren();
      return;
    }
    const key = (text) =>
      button(
        "key",
        () => {
          this.keys.hidden = Boolean(spec.one_time);
          if (spec.one_time) this.field.focus();
          this.phone.send({ text });
        },
        text,
      );
    this.keys.replaceChildren(
      ...spec.rows.map((row) => el("div", { className: "keys-row" }, ...row.map((text) => key(text)))));
  }

  toggleCommands() {
    const { sheet } = this.phone;
    if (sheet.isOpen(this.slash)) {
      sheet.close();
      return;
    }
    const listed = this.commands.map(({ command, description }) =>
      button(
        "command-item",
        () => {
          sheet.close();
          this.field.focus();
          this.phone.send({ text: `/${command}` });
        },
        el("b", {}, `/${command}`),
        el("span", { dir: "auto" }, description),
      ));
    const none = el("p", {}, both("机器人还没有设置命令。", "The bot has set no commands."));
    sheet.open(this.slash, both("命令", "Commands"), listed.length ? listed : [none]);
  }
}
