// The pages and the way between them.

import * as api from "./api.js";
import { Codebook } from "./codebook.js";
import { at, attempt, complain } from "./elements.js";
import { Explore } from "./explore.js";
import { Sample } from "./sample.js";
import { Training } from "./training.js";

const TITLES = { explore: "Explore", sample: "Sample", codebook: "Codebook", training: "Training" };

function describe(info) {
  if (info.model === null) {
    at("model").textContent = info.run;
    return;
  }
  const tokens = `${info.codes.length} token${info.codes.length === 1 ? "" : "s"}, ${info.tokenBits.toFixed(0)} bits`;
  const mask = info.winners ? ` + ${info.winners * info.maskWidth} mask bits` : "";
  at("model").textContent = `${info.run} \u00b7 ${info.side} \u00d7 ${info.side} \u00b7 ${tokens}${mask}`;
  document.body.classList.add(info.side <= 64 ? "pixels" : "smooth");
}

/** The pages of a model. */
function modelPages(info) {
  const explore = new Explore(info);
  return {
    explore,
    sample: new Sample(info, (item, note) => {
      location.hash = "#explore";
      explore.open(item, note);
    }),
    codebook: new Codebook(info),
  };
}

async function example(explore) {
  const [item, second] = (await api.get("sample", { n: 2, seed: 1 })).items;
  explore.blend.open(second);
  explore.open(item, "Drawn from the prior, seed 1. Drop a picture of your own, or click on bits and codes.");
}

async function start() {
  let info = await api.get("info");
  let pages = {};
  const turn = () => {
    const otherwise = info.model === null && info.training ? "training" : "explore";
    const asked = location.hash.slice(1);
    const name = TITLES[asked] && (asked !== "training" || info.training) ? asked : otherwise;
    for (const page of Object.keys(TITLES)) {
      at(page).hidden = page !== name || !pages[page];
      const link = document.querySelector(`nav a[href="#${page}"]`);
      page === name ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
    }
    at("no-model").hidden = Boolean(pages[name]);
    document.title = `${TITLES[name]} \u00b7 ${info.run} \u00b7 mvq`;
    pages[name]?.shown?.();
  };
  const open = () => {
    describe(info);
    at("to-training").hidden = !info.training;
    at("to-sample").hidden = info.model !== null && !info.samples;
    at("no-model").textContent = `No model here: ${info.why}.`;
    if (info.model !== null) {
      api.limit(info.limits.pictures);
      pages = { ...pages, ...modelPages(info) };
    }
    turn();
    if (info.samples) {
      attempt(() => example(pages.explore));
    }
  };
  /** A first checkpoint opens the pages; a later one is offered, as it has other codes. */
  const newer = () => {
    if (info.model !== null) {
      at("newer").hidden = false;
      return;
    }
    attempt(async () => {
      info = await api.get("info");
      open();
    });
  };
  if (info.training) {
    pages.training = new Training(info, newer);
  }
  at("load-newer").addEventListener("click", () => location.reload());
  addEventListener("hashchange", turn);
  open();
}

start().catch(complain);
