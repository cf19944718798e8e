// The strip of phones: how many stand out of sight on either side, and a button to go there.
import { el, icon } from "./dom.js";

const HALF = 0.5; // a phone counts as out of sight when less than half of it shows

/** `strip` scrolls sideways; `before` and `after` are the buttons at its edges. */
export function watchStrip(strip, before, after, calm) {
  const out = () => {
    const { left, right } = strip.getBoundingClientRect();
    const places = [...strip.children].map((phone) => phone.getBoundingClientRect());
    const shown = places.filter((place) => place.width > 0);
    return {
      left: shown.filter((place) => place.left + place.width * HALF < left).length,
      right: shown.filter((place) => place.right - place.width * HALF > right).length,
    };
  };
  const label = (button, many, side) => {
    button.hidden = many === 0;
    button.setAttribute("aria-label", `${side}还有 ${many} 部手机 ${many} more phones`);
    button.replaceChildren(icon("next"), el("span", {}, String(many)));
  };
  const look = () => {
    const { left, right } = out();
    label(before, left, "左边");
    label(after, right, "右边");
  };
  const go = (direction) => {
    strip.scrollBy({ left: direction * strip.clientWidth * 0.8, behavior: calm.matches ? "auto" : "smooth" });
  };
  before.addEventListener("click", () => go(-1));
  after.addEventListener("click", () => go(1));
  strip.addEventListener("scroll", look, { passive: true });
  new ResizeObserver(look).observe(strip);
  look();
}
