// Between the code that is explored and that of a second picture.

import * as api from "./api.js";
import { at, attempt, make, show, whenSeen } from "./elements.js";

const PARTS = ["codes", "masks", "residuals"];
const HALF = 4; // pictures of the path before the blend, and after it

export class Blend {
  constructor(info) {
    this.first = null;
    this.second = null;
    this.masked = info.winners > 0;
    this.ask = whenSeen(at("path"), api.latest(() => this.draw()));
    at("blend-masked").hidden = !this.masked;
    at("second-sample").hidden = !info.samples;
    for (const part of PARTS) {
      at(`blend-${part}`).addEventListener("input", (event) => this.slide(event.target.value, part));
    }
    at("second-sample").addEventListener("click", () => attempt(() => this.sample()));
    at("second-file").addEventListener("change", (event) => {
      this.take(event.target.files[0]);
      event.target.value = "";
    });
  }

  slide(value, part) {
    const together = !this.masked || at("blend-together").checked;
    for (const one of together ? PARTS : [part]) {
      at(`blend-${one}`).value = value;
      at(`blend-${one}-out`).value = `${value} %`;
    }
    this.refresh();
  }

  /** The first code has changed. */
  from(code) {
    this.first = code;
    this.refresh();
  }

  refresh() {
    if (this.first && this.second) {
      this.ask();
    }
  }

  async take(file) {
    if (file) {
      await attempt(async () => this.open(await api.upload(file)), at("drop-second"));
    }
  }

  async sample() {
    const seed = Math.floor(Math.random() * 2 ** 31);
    this.open((await api.get("sample", { n: 1, seed })).items[0]);
  }

  open(item) {
    this.second = item.code;
    show(at("second"), item.image);
    at("second-hint").hidden = true;
    this.refresh();
  }

  /** Shares along the path: from 0 to the sliders', and on to 1. */
  shares() {
    const chosen = PARTS.map((part) => at(`blend-${part}`).value / 100);
    const path = [];
    for (let i = 0; i <= 2 * HALF; i++) {
      const way = i / HALF;
      const share = (c) => (way <= 1 ? way * c : c + (way - 1) * (1 - c));
      path.push(Object.fromEntries(PARTS.map((part, p) => [part, share(chosen[p])])));
    }
    return path;
  }

  async draw() {
    const { images } = await api.post("blend", { first: this.first, second: this.second, shares: this.shares() });
    show(at("blended"), images[HALF]);
    at("blend-save").href = images[HALF];
    at("blend-save").hidden = false;
    at("path").replaceChildren(...images.map((url, i) => {
      const label = i === 0 ? "first" : i === HALF ? "blend" : i === 2 * HALF ? "second" : "\u00a0";
      return make("div", { className: "tile" },
        make("img", { src: url, alt: `${Math.round((100 * i) / (2 * HALF))} % of the way` }), make("small", {}, label));
    }));
  }
}
