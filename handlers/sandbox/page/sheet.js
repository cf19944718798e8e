// The sheet that slides over a chat: pictures, voice, place, files and stickers to send; also the command list.
import { both, button, el, icon } from "./dom.js";
import { PICTURES, drawPicture, pictureFile, voiceFile } from "./samples.js";

const STICKERS = ["👍", "🙏", "😊", "😟", "❤️", "☔"];
const MIDDLE = { latitude: 21.8651, longitude: 110.7832 }; // a point in the sample town; each phone stands a little apart

const tile = (symbol, zh, en) => [icon(symbol), el("span", {}, zh), el("span", { className: "en", lang: "en" }, en)];

export class AttachSheet {
  constructor(phone) {
    this.phone = phone;
    this.place = phone.find(".sheet");
    this.opener = phone.find(".attach");
    this.owner = null;
    this.chosen = []; // {name, file: () => File or a promise of it} in the order chosen
    this.opener.addEventListener("click", () => (this.isOpen(this.opener) ? this.close() : this.openAttach()));
  }

  isOpen(owner) {
    return this.owner === owner;
  }

  open(owner, title, content) {
    this.close(false);
    this.owner = owner;
    owner.setAttribute("aria-expanded", "true");
    const shut = button("tool", () => this.close(), icon("close"));
    shut.setAttribute("aria-label", "关闭 Close");
    this.place.replaceChildren(el("header", { className: "sheet-head" }, el("h3", {}, title), shut), ...content);
    this.place.hidden = false;
    this.phone.element.classList.add("has-sheet");
    this.place.querySelector(".sheet-head ~ * button, .sheet-head ~ button")?.focus();
  }

  close(giveFocusBack = true) {
    if (!this.owner) return;
    this.owner.setAttribute("aria-expanded", "false");
    if (giveFocusBack) this.owner.focus();
    this.owner = null;
    this.chosen = [];
    this.place.hidden = true;
    this.phone.element.classList.remove("has-sheet");
    this.place.replaceChildren();
  }

  openAttach() {
    this.thumbs = el("div", { className: "thumbs" }, ...PICTURES.map((picture) => this.sampleThumb(picture)));
    this.sendChosen = button("btn strong wide", () => this.sendPhotos());
    this.open(this.opener, both("附件", "Attach"), [
      el("p", { className: "sheet-note" }, both("选照片，可多选", "choose one or more")),
      this.thumbs,
      this.sendChosen,
      el(
        "div",
        { className: "kinds" },
        this.picker("photo", "选照片", "Photos", "image/*", (files) => this.addFiles(files)),
        this.now("voice", "语音样例", "Voice", () => this.phone.sendFiles("voice", [voiceFile()])),
        this.picker("voice", "语音文件", "Audio", "audio/*", (files) => this.give("voice", files)),
        this.now("place", "位置样例", "Location", () => this.phone.send({ location: this.spot() })),
        this.picker("file", "文件", "File", "", (files) => this.give("document", files)),
        this.picker("photo", "视频", "Video", "video/*", (files) => this.give("video", files)),
      ),
      el(
        "div",
        { className: "stickers", role: "group", "aria-label": "贴纸 Stickers" },
        ...STICKERS.map((sticker) =>
          button("sticker-key", () => (this.close(), this.phone.send({ sticker })), sticker)),
      ),
    ]);
    this.count();
  }

  spot() {
    const apart = (this.phone.card.user_id % 10) / 1000;
    return { latitude: MIDDLE.latitude + apart, longitude: MIDDLE.longitude - apart };
  }

  now(symbol, zh, en, act) {
    return button("btn quiet kind", () => (this.close(), act()), ...tile(symbol, zh, en));
  }

  /** A button that opens the browser's file chooser. */
  picker(symbol, zh, en, accept, use) {
    const input = el("input", { type: "file", accept, multiple: accept === "image/*", hidden: true });
    input.setAttribute("aria-label", `${zh} ${en}`);
    input.addEventListener("change", () => use([...input.files]));
    return el(
      "span",
      { className: "picker" },
      button("btn quiet kind", () => input.click(), ...tile(symbol, zh, en)),
      input,
    );
  }

  give(kind, files) {
    this.close();
    if (files.length) this.phone.sendFiles(kind, files.slice(0, 1), this.phone.composer.take());
  }

  sampleThumb({ id, zh, en }) {
    return this.thumb(drawPicture(id), both(zh, en), { file: () => pictureFile(id) });
  }

  async addFiles(files) {
    for (const file of files) {
      const canvas = document.createElement("canvas");
      canvas.width = 160;
      canvas.height = 120;
      const bitmap = await createImageBitmap(file).catch(() => null);
      if (bitmap) {
        const scale = Math.max(160 / bitmap.width, 120 / bitmap.height);
        const [w, h] = [bitmap.width * scale, bitmap.height * scale];
        canvas.getContext("2d").drawImage(bitmap, (160 - w) / 2, (120 - h) / 2, w, h);
      }
      const thumb = this.thumb(canvas, file.name, { file: () => file });
      this.thumbs.append(thumb);
      thumb.click();
    }
  }

  thumb(canvas, label, choice) {
    const toggle = button(
      "thumb",
      () => {
        const at = this.chosen.indexOf(choice);
        if (at < 0) this.chosen.push(choice);
        else this.chosen.splice(at, 1);
        toggle.setAttribute("aria-pressed", String(at < 0));
        this.count();
      },
      canvas,
      el("span", { className: "thumb-check" }, icon("check")),
      el("span", { className: "thumb-name" }, label),
    );
    toggle.setAttribute("aria-pressed", "false");
    return toggle;
  }

  count() {
    const many = this.chosen.length;
    this.sendChosen.disabled = many === 0;
    this.sendChosen.replaceChildren(both(`发送 ${many} 张照片`, many > 1 ? "Send the album" : "Send the photo"));
  }

  async sendPhotos() {
    const chosen = [...this.chosen];
    this.close();
    const caption = this.phone.composer.take();
    const files = await Promise.all(chosen.map((choice) => choice.file()));
    await this.phone.sendFiles("photo", files, caption);
  }
}
