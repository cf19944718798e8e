// The guided tour: a strip above the phones that points at one or two of them at a time and can be left at any step.
import { announce, both } from "./dom.js";

const SEEN = "xiangyin-sandbox-tour-seen";
const STROKE = 90; // milliseconds between two typed characters
const GREETING = 4000; // milliseconds to wait for the bot's greeting before writing anyway

const part = (name) => document.getElementById(`tour${name}`);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function seen(mark) {
  try {
    if (mark) localStorage.setItem(SEEN, "yes");
    return localStorage.getItem(SEEN) === "yes";
  } catch {
    return false; // a browser that keeps nothing shows the tour again, that is all
  }
}

export class Tour {
  /** `steps` as the server lists them; `phones`: user id -> Phone; `point([phone, …])` shows where to look. */
  constructor(steps, phones, point) {
    this.steps = steps;
    this.phones = phones;
    this.point = point;
    this.at = 0;
    part("-back").addEventListener("click", () => this.go(this.at - 1));
    part("-next").addEventListener("click", () => this.go(this.at + 1));
    part("-skip").addEventListener("click", () => this.close());
    part("-type").addEventListener("click", () => this.type());
    part("-open").addEventListener("click", () => (part("").hidden ? this.go(0) : this.close()));
    part("").addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    if (!seen(false) && steps.length) this.go(0);
  }

  go(at) {
    if (at < 0) return;
    if (at >= this.steps.length) {
      this.close();
      return;
    }
    this.at = at;
    const step = this.steps[at];
    const last = at === this.steps.length - 1;
    part("").hidden = false;
    document.body.classList.toggle("touring", !last); // the last step speaks of the clock
    part("-open").setAttribute("aria-expanded", "true");
    part("-count").replaceChildren(both(`第 ${at + 1} 步，共 ${this.steps.length} 步`, `Step ${at + 1} of ${this.steps.length}`));
    part("-title").replaceChildren(both(step.title, step.title_en));
    part("-zh").textContent = step.zh;
    part("-en").textContent = step.en;
    part("-back").disabled = at === 0;
    part("-type").hidden = !step.types;
    part("-next").classList.toggle("strong", !step.types);
    part("-next").replaceChildren(last ? both("结束", "Done") : both("下一步", "Next"));
    part("-skip").hidden = last;
    this.point(step.phones.map((id) => this.phones.get(id)));
    announce(`${step.title}. ${step.zh}`);
  }

  close() {
    seen(true);
    part("").hidden = true;
    document.body.classList.remove("touring");
    part("-open").setAttribute("aria-expanded", "false");
    this.point([]);
    part("-open").focus();
  }

  /** 替我写: really type the step's sentence on the first phone pointed at, send it, and go on. */
  async type() {
    const step = this.steps[this.at];
    const phone = this.phones.get(step.phones[0]);
    const { field } = phone.composer;
    part("-type").disabled = true;
    try {
      if (!phone.find(".welcome").hidden) {
        await phone.start();
        for (let waited = 0; !phone.find(".log .theirs") && waited < GREETING; waited += 100) await pause(100);
        await pause(600);
      }
      phone.composer.cancel();
      field.value = "";
      field.focus({ preventScroll: true });
      for (const sign of step.types) {
        field.value += sign;
        phone.composer.fit();
        await pause(STROKE);
      }
      await pause(3 * STROKE);
      await phone.composer.submit();
    } finally {
      part("-type").disabled = false;
    }
    this.go(this.at + 1);
  }
}
