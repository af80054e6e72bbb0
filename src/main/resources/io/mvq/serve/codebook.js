// What the codes look like and how often the prior draws them.

import * as api from "./api.js";
import * as codes from "./codes.js";
import { shape } from "./curves.js";
import { at, attempt, make } from "./elements.js";

export class Codebook {
  constructor(info) {
    this.info = info;
    at("codebook-token").append(...info.codes.map((k, t) =>
      make("option", { value: t }, `${t + 1}, ${codes.kind(t, info)}, ${k} codes`)));
    at("codebook-order").disabled = !info.samples;
    at("codebook-token").addEventListener("change", () => this.load());
    at("codebook-order").addEventListener("change", () => this.draw());
    at("codes-more").addEventListener("click", () => attempt(() => this.more(), at("codes")));
  }

  shown() {
    if (!this.book) {
      this.load();
    }
  }

  load() {
    return attempt(async () => {
      this.book = await api.get("codebook", { token: at("codebook-token").value });
      this.draw();
    }, at("codes"));
  }

  async more() {
    const { token, images } = this.book;
    const next = await api.get("codebook", { token, from: images.length });
    images.push(...next.images);
    this.draw();
  }

  draw() {
    const { counts, images } = this.book;
    const order = images.map((_, code) => code);
    if (counts && at("codebook-order").value === "use") {
      order.sort((a, b) => counts[b] - counts[a] || a - b);
    }
    this.facts();
    this.bars(order);
    at("codes").replaceChildren(...order.map((code) => this.one(code)));
    at("codes-more").hidden = images.length === this.book.codes;
    this.pairs();
  }

  facts() {
    const { codes: k, draws, perplexity, used, kind } = this.book;
    const number = (value) => make("b", {}, value);
    at("codebook-facts").replaceChildren(...(draws
      ? ["perplexity ", number(perplexity.toFixed(1)), ` of ${k}, used `, number(`${Math.round(100 * used)} %`),
        ` in ${draws.toLocaleString("en")} draws of the prior`]
      : ["this run has no prior, whose draws would tell how often each is used"]));
    at("codebook-note").textContent = {
      base: "Each picture: this base code with no mask bit kept, so that it says all there is.",
      masked: "Each picture: this code with all mask bits kept, on the base code that is drawn most.",
      plain: "Each picture: this code, with those drawn most at the other tokens.",
    }[kind];
  }

  bars(order) {
    const { counts, draws, codes: k } = this.book;
    at("bars").hidden = !counts;
    if (!counts) {
      return;
    }
    const most = Math.max(...counts, 1);
    const dead = counts.filter((count) => count === 0).length;
    const chart = shape("svg", {
      viewBox: `0 0 ${order.length} 100`, preserveAspectRatio: "none", role: "img",
      "aria-label": `How often each of ${k} codes is drawn; ${dead} never, at most ${most} of ${draws} times`,
    });
    order.forEach((code, place) => {
      const high = counts[code] === 0 ? 1.5 : (100 * counts[code]) / most;
      const bar = shape("rect", { x: place + 0.1, y: 100 - high, width: 0.8, height: high, class: counts[code] ? "" : "dead" });
      const title = shape("title", {});
      title.textContent = `code ${code}: ${counts[code]}`;
      bar.append(title);
      chart.append(bar);
    });
    const even = 100 - (100 * draws) / k / most;
    chart.append(shape("line", { x1: 0, x2: order.length, y1: even, y2: even, "vector-effect": "non-scaling-stroke" }));
    at("bars").replaceChildren(chart, make("figcaption", {},
      `Draws of each code; the dashed line is even use.${dead ? ` ${dead} dead.` : ""}`));
  }

  one(code) {
    const { counts, images } = this.book;
    const dead = counts && counts[code] === 0;
    const share = counts ? (dead ? "dead" : `${((100 * counts[code]) / this.book.draws).toFixed(1)} %`) : "";
    const element = make("div", { className: dead ? "tile dead" : "tile" },
      make("img", { src: images[code], alt: `Code ${code}${dead ? ", dead" : ""}` }), make("small", {}, `${code} \u00b7 ${share}`));
    return element;
  }

  pairs() {
    const { pairs, images } = this.book;
    at("pairs-part").hidden = !pairs;
    at("pairs").replaceChildren(...(pairs ?? []).filter(({ a, b }) => images[a] && images[b]).map(({ a, b, distance }) =>
      make("li", {}, make("img", { src: images[a], alt: "" }), make("img", { src: images[b], alt: "" }),
        `${a} and ${b} `, make("span", {}, `${distance.toFixed(3)} apart`))));
  }
}
