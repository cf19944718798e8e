// Short notices over a chat: the bot's answers to pressed buttons, and what went wrong.
import { both, button, el } from "./dom.js";

const SHOWN = 5000; // milliseconds a notice stays
const PATIENCE = 10000; // milliseconds after which an unanswered button can be pressed again

export class Toasts {
  /** `refused(error)` tells the person that a press did not get through. */
  constructor(place, refused) {
    this.place = place;
    this.refused = refused;
    this.pressed = new Map(); // callback id -> button that waits for its answer
    this.early = new Set(); // answers that overtook the request that told us their id
  }

  /** Mark `key` as busy while `ask()` (-> callback id) waits for the bot's answer. */
  async hold(key, ask) {
    if (key.getAttribute("aria-busy") === "true") return;
    key.setAttribute("aria-busy", "true");
    setTimeout(() => key.removeAttribute("aria-busy"), PATIENCE);
    try {
      const id = await ask();
      if (this.early.delete(id)) key.removeAttribute("aria-busy");
      else this.pressed.set(id, key);
    } catch (error) {
      key.removeAttribute("aria-busy");
      this.refused(error);
    }
  }

  answered({ callback_id: id, text, alert }) {
    const key = this.pressed.get(id);
    if (key) key.removeAttribute("aria-busy");
    else this.early.add(id);
    this.pressed.delete(id);
    if (!text) return;
    if (alert) this.alert(text);
    else this.show(text);
  }

  show(text) {
    const toast = el("p", { className: "toast", dir: "auto" }, text);
    this.place.append(toast);
    setTimeout(() => toast.remove(), SHOWN);
  }

  alert(text) {
    const back = document.activeElement;
    const close = () => {
      box.remove();
      if (back?.isConnected) back.focus();
    };
    const box = el(
      "div",
      { className: "alert", role: "alertdialog", "aria-label": "提示 Notice" },
      el("p", { dir: "auto" }, text),
      button("btn strong", close, both("知道了", "OK")),
    );
    this.place.append(box);
    box.querySelector("button").focus();
  }
}
