// One code: its picture, its tokens, its mask, and what lies around it.

import * as api from "./api.js";
import { Blend } from "./blend.js";
import * as codes from "./codes.js";
import { at, attempt, droppable, make, say, show, tile, whenSeen } from "./elements.js";
import { Masks } from "./mask.js";

const MOST_FACES = 8; // of more tokens only the numbers are shown
const MOST_PALETTE = 512;
const REST = 250; // ms without a change, after which the palette follows

export class Explore {
  constructor(info) {
    this.info = info;
    this.code = null;
    this.first = null; // as it was opened
    this.past = [];
    this.future = [];
    this.token = 0;
    this.moved = false; // whether tokens changed since the last rest
    this.seed = 1;
    this.masks = new Masks(at("mask"), info, (winner, bit, kept) =>
      this.change(codes.withBit(this.code, winner, bit, kept)));
    this.blend = new Blend(info);
    this.decode = api.latest((code) => this.showPicture(code));
    this.showFaces = whenSeen(at("tokens"), api.latest(() => this.drawFaces(this.code)));
    this.showPalette = whenSeen(at("palette"), api.latest(() => this.drawPalette(this.code, this.token)));
    this.showOthers = whenSeen(at("others"), api.latest(() => this.drawOthers(this.code)));
    at("mask-part").hidden = info.winners === 0;
    at("others-part").hidden = info.winners === 0;
    at("another").hidden = !info.samples;
    this.listen();
  }

  listen() {
    const mask = (id, make) =>
      at(id).addEventListener("click", () => this.change(codes.withBits(this.code, make)));
    mask("mask-all", () => true);
    mask("mask-none", () => false);
    mask("mask-invert", (kept) => !kept);
    mask("mask-first", (kept, winner, bit) => this.first.masks[winner][bit] === "1");
    at("mask-draw").addEventListener("click", () => this.drawMask());
    at("others-draw").addEventListener("click", () => {
      this.seed += 16;
      this.showOthers();
    });
    at("undo").addEventListener("click", () => this.step(this.past, this.future));
    at("redo").addEventListener("click", () => this.step(this.future, this.past));
    at("another").addEventListener("click", () => attempt(() => this.sample()));
    at("copy").addEventListener("click", () => attempt(() => this.copy()));
    at("file").addEventListener("change", (event) => this.take(event.target.files[0]));
    droppable(document.body, at("drop"), (file) => this.take(file));
    droppable(at("drop-second"), at("drop-second"), (file) => this.blend.take(file));
    addEventListener("paste", (event) => this.take(event.clipboardData?.files[0]));
    addEventListener("keydown", (event) => this.shortcut(event));
  }

  shortcut(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && event.target.type !== "number") {
      event.preventDefault();
      event.shiftKey ? this.step(this.future, this.past) : this.step(this.past, this.future);
    }
  }

  /** A picture's file. */
  async take(file) {
    if (!file) {
      return;
    }
    location.hash = "#explore";
    await attempt(async () => {
      const item = await api.upload(file);
      const url = URL.createObjectURL(file);
      this.open(item, item.from === "text" ? "The code in the file was taken as it is." : item.note ?? "");
      URL.revokeObjectURL(at("original").src);
      show(at("original"), url);
      at("original").alt = `Your picture, ${file.name}`;
      at("drop-hint").hidden = true;
    }, at("drop"));
    at("file").value = "";
  }

  async sample() {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const [item] = (await api.get("sample", { n: 1, seed })).items;
    this.open(item, `Drawn from the prior, seed ${seed}.`);
  }

  /** A code that comes from elsewhere, with its picture. */
  open(item, note) {
    at("original").hidden = true;
    at("drop-hint").hidden = false;
    at("note").textContent = note;
    this.first = item.code;
    this.past = [];
    this.future = [];
    this.set(item.code, item.image);
    this.around(true);
  }

  /** Another code by hand, which can be undone. */
  change(code) {
    if (codes.equal(code, this.code)) {
      return;
    }
    const moved = !codes.equal(code.tokens, this.code.tokens);
    this.past.push(this.code);
    this.future = [];
    this.set(code);
    this.follow(moved);
  }

  step(from, to) {
    if (from.length > 0) {
      const code = from.pop();
      const moved = !codes.equal(code.tokens, this.code.tokens);
      to.push(this.code);
      this.set(code);
      this.follow(moved);
    }
  }

  set(code, url) {
    this.code = code;
    this.masks.show(code);
    at("undo").disabled = this.past.length === 0;
    at("redo").disabled = this.future.length === 0;
    const kept = codes.keptBits(code);
    at("kept").textContent = `${kept} of ${code.masks.join("").length} kept`;
    this.blend.from(code);
    if (url) {
      this.picture(url);
    } else {
      attempt(() => this.decode(code));
    }
  }

  async showPicture(code) {
    const [item] = await api.decode([code]);
    this.picture(item.image);
    say(this.info.winners ? at("kept").textContent : "Decoded");
  }

  picture(url) {
    show(at("rebuilt"), url);
    at("save").href = url;
  }

  /** After a change: what lies around the code comes when the hand rests. */
  follow(moved) {
    this.moved ||= moved;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.around(this.moved), REST);
  }

  around(moved) {
    this.moved = false;
    this.showFaces();
    this.showPalette();
    if (moved && this.info.winners > 0) {
      this.showOthers();
    }
  }

  async drawFaces(code) {
    const faces = code.tokens.length <= MOST_FACES;
    const items = faces ? await api.decode(code.tokens.map((_, t) => codes.alone(code, t, this.info))) : [];
    at("tokens").replaceChildren(...code.tokens.map((value, t) => this.face(value, t, items[t])));
  }

  face(value, token, item) {
    const kind = codes.kind(token, this.info);
    const values = {
      type: "button",
      className: item ? "token" : "token plain",
      "aria-pressed": String(token === this.token),
      "aria-label": `Token ${token + 1}, ${kind}: code ${value}; show its palette`,
      onclick: () => {
        this.token = token;
        [...at("tokens").children].forEach((one, t) => (one.ariaPressed = String(t === token)));
        this.showPalette();
      },
    };
    return item
      ? make("button", values, make("img", { src: item.image, alt: "" }),
          make("div", {}, make("b", {}, String(value)), make("span", {}, `${kind} of ${this.info.codes[token]}`)))
      : make("button", values, String(value));
  }

  async drawPalette(code, token) {
    const k = Math.min(MOST_PALETTE, this.info.codes[token]);
    const items = await api.decode(Array.from({ length: k }, (_, value) => codes.withToken(code, token, value)));
    const tiles = items.map((item, value) =>
      tile(item.image, `Code ${value}`, () => this.change(codes.withToken(this.code, token, value))));
    tiles[code.tokens[token]]?.firstChild.setAttribute("aria-current", "true");
    at("palette-title").textContent = `Palette of token ${token + 1}`;
    at("palette-note").textContent =
      k < this.info.codes[token] ? `The first ${k} of ${this.info.codes[token]} codes` : `All ${k} codes in its place`;
    at("palette").replaceChildren(...tiles);
  }

  async drawOthers(code) {
    const { items } = await api.post(`draw?n=16&seed=${this.seed}`, code);
    at("others").replaceChildren(...items.map((item, i) =>
      tile(item.image, `Mask ${i + 1} of 16`, () => this.change(item.code))));
  }

  drawMask() {
    const seed = Math.floor(Math.random() * 2 ** 31);
    attempt(async () => {
      const [item] = (await api.post(`draw?n=1&seed=${seed}`, this.code)).items;
      this.change(item.code);
    });
  }

  async copy() {
    await navigator.clipboard.writeText(JSON.stringify(this.code));
    say("The code is in the clipboard");
    at("note").textContent = "The code is in the clipboard.";
  }
}
