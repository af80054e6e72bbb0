// Runs that are being trained, or were: how far they are, their curves, what they make of images.

import * as api from "./api.js";
import { Chart, short } from "./curves.js";
import { at, attempt, complain, make } from "./elements.js";

const COLORS = 6;
const SOON = 2000; // ms from one look to the next while something moves
const LATER = 10000;
const STILL = 90; // seconds without a word, after which a run does not count as moving
const MOST_POINTS = 2000; // a curve, before it is asked for anew, thinned

const TITLES = [
  [/^loss$/, () => "Loss", "dashed: held-out images, without what judges the images"],
  [/^loss\/(.*)$/, (part) => `Loss: ${part}`, ""],
  [/^learningRate$/, () => "Learning rate", ""],
  [/^gradientNorm$/, () => "Norm of the gradients", "before clipping"],
  [/^held-out\/psnr$/, () => "PSNR of held-out images", "dB"],
  [/^codebook\/(\d+)\/perplexity$/, (book) => `Codebook ${book}: perplexity`, "dashed: codes used"],
  [/^masks\/perplexity$/, () => "Masks: perplexity", "dashed: different ones"],
];

/** What is drawn into the same chart, dashed. */
const BESIDE = [
  [/^held-out\/(loss.*)$/, (name) => name],
  [/^(codebook\/\d+)\/used$/, (book) => `${book}/perplexity`],
  [/^masks\/distinct$/, () => "masks/perplexity"],
];

function beside(name) {
  for (const [pattern, to] of BESIDE) {
    const match = name.match(pattern);
    if (match) {
      return to(match[1]);
    }
  }
  return null;
}

function time(seconds) {
  const [h, m, s] = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(Math.floor);
  return h > 0 ? `${h} h ${m} min` : m > 0 ? `${m} min ${s} s` : `${s} s`;
}

export class Training {
  /** newer() is told of a checkpoint that the other pages do not show yet. */
  constructor(info, newer) {
    this.checkpoint = info.checkpoint;
    this.newer = newer;
    this.runs = [];
    this.chosen = null; // names; null until the first look
    this.colors = new Map();
    this.logs = new Map(); // by run and stage
    this.charts = new Map();
    this.stage = null; // chosen by hand
    this.step = null; // of the pictures; null for the newest
    this.looking = false;
    at("training-stage").addEventListener("change", (event) => {
      this.stage = event.target.value;
      this.refresh();
    });
    at("training-log").addEventListener("change", () => this.draw());
    at("picture-step").addEventListener("input", () => this.slide());
    new ResizeObserver(() => this.draw()).observe(at("charts"));
    document.addEventListener("visibilitychange", () => this.look());
  }

  shown() {
    this.look();
  }

  /** Looks now, and again later for as long as the page is seen. */
  async look() {
    if (this.looking) {
      return;
    }
    clearTimeout(this.timer);
    this.looking = true;
    let moving = false;
    try {
      if (!document.hidden && !at("training").hidden) {
        moving = await this.refresh();
        if (this.lost) {
          at("alert").hidden = true;
          this.lost = false;
        }
      }
    } catch (error) {
      this.lost = true;
      complain(error);
    } finally {
      this.looking = false;
      this.timer = setTimeout(() => this.look(), moving ? SOON : LATER);
    }
  }

  /** Whether something moves. */
  async refresh() {
    const { runs, checkpoint } = await api.get("training");
    this.runs = runs;
    if (checkpoint !== this.checkpoint) {
      this.checkpoint = checkpoint;
      this.newer();
    }
    this.choose();
    this.list();
    this.stages();
    await Promise.all(this.seen().map((run) => this.read(run)));
    this.draw();
    this.pictures();
    return runs.some((run) => run.stages.length === 0 || run.stages.some((stage) => stage.quiet < STILL && stage.step < stage.steps));
  }

  /** At first those that were heard of last. */
  choose() {
    if (this.chosen === null && this.runs.some((run) => run.stages.length > 0)) {
      const quiet = (run) => Math.min(Infinity, ...run.stages.map((stage) => stage.quiet));
      const last = [...this.runs].sort((a, b) => quiet(a) - quiet(b)).slice(0, COLORS).map((run) => run.name);
      this.chosen = new Set(last);
    }
    for (const run of this.runs) {
      if (this.chosen?.has(run.name) && !this.colors.has(run.name)) {
        this.paint(run.name);
      }
    }
  }

  paint(name) {
    const taken = [...this.chosen].map((one) => this.colors.get(one));
    const free = Array.from({ length: COLORS }, (_, i) => i).find((color) => !taken.includes(color));
    this.colors.set(name, free ?? this.colors.size % COLORS);
  }

  toggle(name, chosen) {
    if (chosen) {
      this.chosen.add(name);
      this.colors.delete(name);
      this.paint(name);
    } else {
      this.chosen.delete(name);
    }
    attempt(() => this.refresh());
  }

  list() {
    const rows = this.runs.map((run) => {
      const stage = run.stages.at(-1);
      const box = make("input", { type: "checkbox", checked: this.chosen?.has(run.name) ?? false,
        onchange: (event) => this.toggle(run.name, event.target.checked) });
      box.dataset.run = run.name;
      const color = this.chosen?.has(run.name) ? ` run-${this.colors.get(run.name)}` : "";
      return make("li", {}, make("label", { className: `swatch${color}` }, box, make("b", {}, run.name)),
        ...(stage ? this.progress(run.name, stage) : [make("span", { className: "quiet" }, "no step is logged yet")]));
    });
    const focused = document.activeElement?.dataset?.run;
    at("runs").replaceChildren(...rows);
    if (focused !== undefined) {
      [...at("runs").querySelectorAll("input")].find((box) => box.dataset.run === focused)?.focus();
    }
  }

  progress(name, { name: stage, step, steps, seconds, quiet, imagesASecond, secondsLeft }) {
    const done = step >= steps;
    const moving = !done && quiet < STILL;
    const speed = imagesASecond === undefined || !moving ? "" : `${imagesASecond.toFixed(imagesASecond < 10 ? 1 : 0)} images a second`;
    const left = secondsLeft === undefined || !moving ? "" : `${time(secondsLeft)} left`;
    const state = done ? `trained in ${time(seconds)}` : moving ? left : `no step for ${time(quiet)}`;
    return [
      make("progress", { max: steps, value: step, "aria-label": `${name}, ${stage}` }),
      make("span", {}, `${stage}, step ${step} of ${steps}`),
      make("span", { className: "quiet" }, [speed, state].filter((text) => text).join(" \u00b7 ")),
    ];
  }

  stages() {
    const all = ["autoencoder", "prior", "masks"].filter((name) =>
      this.runs.some((run) => run.stages.some((stage) => stage.name === name)));
    const select = at("training-stage");
    if ([...select.options].map((option) => option.value).join() !== all.join()) {
      select.replaceChildren(...all.map((name) => make("option", { value: name }, name)));
    }
    const chosen = this.seen(false).flatMap((run) => run.stages.map((stage) => stage.name));
    const last = all.filter((name) => chosen.includes(name)).at(-1);
    this.now = this.stage ?? last ?? null;
    if (this.now) {
      select.value = this.now;
    }
    at("training-empty").hidden = all.length > 0;
    at("training-body").hidden = all.length === 0;
  }

  /** The runs that are drawn, those that have the stage. */
  seen(withStage = true) {
    return this.runs.filter((run) => this.chosen?.has(run.name)
      && (!withStage || run.stages.some((stage) => stage.name === this.now)));
  }

  key(run) {
    return `${run.name}\n${this.now}`;
  }

  async read(run) {
    const key = this.key(run);
    let log = this.logs.get(key);
    if (!log || Object.values(log.curves).some((points) => points.length > MOST_POINTS)) {
      log = { edition: "", since: 0, curves: {} };
    }
    const answer = await api.get("training/log", { run: run.name, stage: this.now, since: log.since, edition: log.edition });
    const curves = answer.edition === log.edition ? log.curves : {};
    for (const [name, points] of Object.entries(answer.curves)) {
      const known = (curves[name] ?? []).filter((point) => point[0] < answer.since);
      curves[name] = known.concat(points);
    }
    this.logs.set(key, { edition: answer.edition, since: answer.step, curves });
  }

  draw() {
    const log = at("training-log").checked;
    const lines = new Map();
    const seen = this.seen();
    for (const run of seen) {
      const curves = this.logs.get(this.key(run))?.curves ?? {};
      for (const [name, points] of Object.entries(curves)) {
        const chart = beside(name) ?? name;
        if (points.length > 0 && TITLES.some(([pattern]) => pattern.test(chart))) {
          const dashed = chart !== name;
          const word = dashed ? { h: "held out", c: "codes used", m: "different" }[name[0]] : "";
          const label = [seen.length > 1 || !word ? run.name : "", word].filter((text) => text).join(", ");
          lines.set(chart, [...(lines.get(chart) ?? []), { label, color: this.colors.get(run.name), dashed, points }]);
        }
      }
    }
    const last = Math.max(1, ...seen.map((run) => run.stages.find((stage) => stage.name === this.now).step));
    const order = (name) => TITLES.findIndex(([pattern]) => pattern.test(name));
    const names = [...lines.keys()].sort((a, b) => order(a) - order(b) || a.localeCompare(b));
    if ([...this.charts.keys()].join("\n") !== names.join("\n")) {
      const old = this.charts;
      this.charts = new Map(names.map((name) => [name, old.get(name) ?? this.chart(name)]));
      at("charts").replaceChildren(...[...this.charts.values()].map((chart) => chart.element));
    }
    for (const [name, chart] of this.charts) {
      chart.draw(lines.get(name), log && name.startsWith("loss"), last);
    }
  }

  chart(name) {
    const [pattern, title, note] = TITLES.find(([one]) => one.test(name));
    return new Chart(title(name.match(pattern)[1]), note);
  }

  /** Steps at which some run drew a picture. */
  pictureSteps() {
    const all = this.seen().flatMap((run) => Object.values(this.drawn(run)).flat());
    return [...new Set(all)].sort((a, b) => a - b);
  }

  drawn(run) {
    return run.stages.find((stage) => stage.name === this.now)?.pictures ?? {};
  }

  slide() {
    const steps = this.pictureSteps();
    const which = Number(at("picture-step").value);
    this.step = which >= steps.length - 1 ? null : steps[which];
    this.pictures();
  }

  pictures() {
    const steps = this.pictureSteps();
    at("pictures-part").hidden = steps.length === 0;
    if (steps.length === 0) {
      return;
    }
    const now = this.step === null ? steps.at(-1) : this.step;
    const slider = at("picture-step");
    slider.max = steps.length - 1;
    slider.value = this.step === null ? steps.length - 1 : Math.max(0, steps.indexOf(now));
    slider.setAttribute("aria-valuetext", `step ${now}`);
    at("picture-step-out").value = `step ${short(now)}${this.step === null ? ", the newest" : ""}`;
    const figures = this.seen().flatMap((run) => Object.entries(this.drawn(run)).map(([name, drawn]) => {
      const step = drawn.filter((one) => one <= now).at(-1);
      return step === undefined ? null : this.figure(run.name, name, step);
    }));
    const wanted = figures.filter((figure) => figure);
    const key = wanted.map((figure) => figure.dataset.src).join("\n");
    if (key !== this.picturesKey) {
      this.picturesKey = key;
      at("pictures").replaceChildren(...wanted);
    }
  }

  figure(run, name, step) {
    const src = `api/training/picture?${new URLSearchParams({ run, stage: this.now, name, step })}`;
    const what = name === "reconstructions"
      ? "held-out images and, below them, what the run makes of them: with the winner's mask, then with a random one"
      : "drawn from the prior, with the same seeds at each step";
    const figure = make("figure", {}, make("img", { src, alt: `${run}, ${name} at step ${step}: ${what}` }),
      make("figcaption", {}, make("span", { className: `swatch run-${this.colors.get(run)}` }, run), ` \u00b7 ${name}, step ${step}`));
    figure.dataset.src = src;
    return figure;
  }
}
