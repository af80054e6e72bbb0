// The pages and the way between them.

import * as api from "./api.js";
import { Codebook } from "./codebook.js";
import { at, attempt, complain } from "./elements.js";
import { Explore } from "./explore.js";
import { Sample } from "./sample.js";

const TITLES = { explore: "Explore", sample: "Sample", codebook: "Codebook" };

function describe(info) {
  const tokens = `${info.codes.length} token${info.codes.length === 1 ? "" : "s"}, ${info.tokenBits.toFixed(0)} bits`;
  const mask = info.winners ? ` + ${info.winners * info.maskWidth} mask bits` : "";
  at("model").textContent = `${info.run} \u00b7 ${info.side} \u00d7 ${info.side} \u00b7 ${tokens}${mask}`;
  document.body.classList.add(info.side <= 64 ? "pixels" : "smooth");
}

async function start() {
  const info = await api.get("info");
  api.limit(info.limits.pictures);
  describe(info);
  const explore = new Explore(info);
  const pages = {
    explore,
    sample: new Sample(info, (item, note) => {
      location.hash = "#explore";
      explore.open(item, note);
    }),
    codebook: new Codebook(info),
  };
  at("to-sample").hidden = !info.samples;
  const turn = () => {
    const name = TITLES[location.hash.slice(1)] ? location.hash.slice(1) : "explore";
    for (const page of Object.keys(TITLES)) {
      at(page).hidden = page !== name;
      const link = document.querySelector(`nav a[href="#${page}"]`);
      page === name ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
    }
    document.title = `${TITLES[name]} \u00b7 ${info.run} \u00b7 mvq`;
    pages[name].shown?.();
  };
  addEventListener("hashchange", turn);
  turn();
  if (info.samples) {
    await attempt(async () => {
      const [item, second] = (await api.get("sample", { n: 2, seed: 1 })).items;
      explore.blend.open(second);
      explore.open(item, "Drawn from the prior, seed 1. Drop a picture of your own, or click on bits and codes.");
    });
  }
}

start().catch(complain);
