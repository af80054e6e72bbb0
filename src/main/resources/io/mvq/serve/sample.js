// New pictures from the prior.

import * as api from "./api.js";
import { at, attempt, make, say, tile } from "./elements.js";

export class Sample {
  /** explore(item, note) opens one. */
  constructor(info, explore) {
    this.explore = explore;
    this.form = at("sample-form");
    this.form.elements.n.max = info.limits.pictures;
    this.form.elements.n.value = Math.min(48, info.limits.pictures);
    for (const part of ["class-part", "guidance-part", "guidance-note"]) {
      at(part).hidden = !info.samplesByClass;
    }
    this.form.elements.class.addEventListener("change", () => {
      this.form.elements.guidance.disabled = this.form.elements.class.value === "";
    });
    this.form.elements.class.append(...info.classes.map((name) => make("option", { value: name }, name)));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.draw();
    });
    at("next-seed").addEventListener("click", () => {
      this.form.elements.seed.value = Number(this.form.elements.seed.value) + 1;
      this.draw();
    });
  }

  shown() {
    if (!at("samples").firstChild) {
      this.draw();
    }
  }

  draw() {
    const values = Object.fromEntries(new FormData(this.form));
    return attempt(async () => {
      const { items } = await api.get("sample", values);
      const of = values.class ? `of ${values.class}, ` : "";
      at("samples").replaceChildren(...items.map((item, i) => this.one(item, i, values.seed, of)));
      say(`${items.length} pictures ${of}drawn`);
    }, at("samples"));
  }

  one(item, i, seed, of) {
    const element = tile(item.image, `Explore picture ${i + 1}`, () =>
      this.explore(item, `Drawn from the prior, ${of}seed ${seed}, picture ${i + 1}.`));
    element.append(make("a", {
      className: "button get", href: item.image, download: `mvq-${seed}-${i + 1}.png`, "aria-label": `Save picture ${i + 1} as PNG`,
    }, "PNG"));
    return element;
  }
}
