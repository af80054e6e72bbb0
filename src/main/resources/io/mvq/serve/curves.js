// Curves over training steps, as SVG: a cursor for mouse and keyboard, and the numbers as a table.

import { make } from "./elements.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 210;
const EDGE = { left: 52, right: 10, top: 8, bottom: 24 };
const MOST_ROWS = 40; // of the table

export function shape(tag, values, ...children) {
  const element = document.createElementNS(SVG, tag);
  Object.entries(values).forEach(([name, value]) => element.setAttribute(name, value));
  element.append(...children);
  return element;
}

/** A number in few digits. */
export function short(value) {
  const size = Math.abs(value);
  if (size >= 1e6 || (size > 0 && size < 1e-4)) {
    return value.toExponential(1);
  }
  return String(Number(value.toPrecision(size >= 1000 ? 6 : 4)));
}

/** Where ticks are from low to high: 1, 2 or 5 of a power of ten apart; if logarithmic, at such numbers. */
function ticks(low, high, most, log) {
  if (log && high / low >= 3) {
    const heads = high / low < 30 ? [1, 2, 5] : [1];
    const all = [];
    for (let e = Math.floor(Math.log10(low)); e <= Math.floor(Math.log10(high)); e++) {
      all.push(...heads.map((head) => Number(`${head}e${e}`)));
    }
    const inside = all.filter((value) => value >= low && value <= high);
    const each = Math.ceil(inside.length / most);
    return inside.filter((_, i) => i % each === 0);
  }
  const rough = (high - low) / most || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const all = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) {
    all.push(Math.abs(value) < step * 1e-9 ? 0 : value);
  }
  return all;
}

/** The last point at a step or before it; null if there is none. */
function until(points, step) {
  let found = null;
  for (const point of points) {
    if (point[0] > step) {
      break;
    }
    found = point;
  }
  return found;
}

export class Chart {
  /** note explains what is not plain from the title. */
  constructor(title, note) {
    this.title = title;
    this.lines = [];
    this.cursor = null; // a step; null for the last
    this.plot = shape("svg", { tabindex: "0", role: "slider", "aria-label": `${title}, over the steps`, height: HEIGHT });
    this.reading = make("p", { className: "reading" });
    this.table = make("table", {});
    this.numbers = make("details", { ontoggle: () => this.tabulate() },
      make("summary", {}, "Numbers"), make("div", { className: "wide", tabIndex: 0 }, this.table));
    this.element = make("figure", { className: "chart" }, make("figcaption", {}, make("b", {}, title)),
      this.reading, this.plot, this.numbers);
    if (note) {
      this.element.querySelector("figcaption").append(make("span", {}, ` ${note}`));
    }
    this.plot.addEventListener("pointermove", (event) => this.point(event));
    this.plot.addEventListener("pointerleave", () => this.move(null));
    this.plot.addEventListener("keydown", (event) => this.key(event));
  }

  /** lines: {label, color, dashed, points: [[step, value], ...]}, none empty. */
  draw(lines, log, last) {
    this.lines = lines;
    this.width = Math.max(240, this.plot.clientWidth || 420);
    const values = lines.flatMap((line) => line.points.map((point) => point[1]));
    this.log = log && values.every((value) => value > 0);
    let low = Math.min(...values);
    let high = Math.max(...values);
    if (low === high) {
      const room = Math.abs(low) / 10 || 1;
      [low, high] = this.log ? [low / 1.1, high * 1.1] : [low - room, high + room];
    }
    this.low = low;
    this.high = high;
    this.last = Math.max(1, last);
    const inside = [];
    for (const value of ticks(low, high, 4, this.log)) {
      const y = this.y(value);
      inside.push(shape("line", { x1: EDGE.left, x2: this.width - EDGE.right, y1: y, y2: y, class: "grid" }),
        shape("text", { x: EDGE.left - 7, y: y + 4, "text-anchor": "end" }, short(value)));
    }
    for (const value of ticks(0, this.last, this.width < 330 ? 3 : 5, false)) {
      inside.push(shape("text", { x: this.x(value), y: HEIGHT - 6, "text-anchor": "middle" }, short(value)));
    }
    for (const line of lines) {
      inside.push(this.line(line));
    }
    this.mark = shape("g", { class: "cursor" });
    this.plot.setAttribute("viewBox", `0 0 ${this.width} ${HEIGHT}`);
    this.plot.replaceChildren(...inside, this.mark);
    this.move(this.cursor);
    this.tabulate();
  }

  line({ points, color, dashed }) {
    const values = { class: `run-${color}${dashed ? " dashed" : ""}` };
    if (points.length === 1) {
      return shape("circle", { ...values, cx: this.x(points[0][0]), cy: this.y(points[0][1]), r: 3 });
    }
    const path = points.map(([step, value], i) => `${i ? "L" : "M"}${this.x(step).toFixed(1)} ${this.y(value).toFixed(1)}`);
    return shape("path", { ...values, d: path.join("") });
  }

  x(step) {
    return EDGE.left + (step / this.last) * (this.width - EDGE.left - EDGE.right);
  }

  y(value) {
    const share = this.log
      ? Math.log(value / this.low) / Math.log(this.high / this.low)
      : (value - this.low) / (this.high - this.low);
    return HEIGHT - EDGE.bottom - share * (HEIGHT - EDGE.top - EDGE.bottom);
  }

  point(event) {
    const box = this.plot.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * this.width;
    this.move(Math.max(0, Math.min(this.last, ((x - EDGE.left) / (this.width - EDGE.left - EDGE.right)) * this.last)));
  }

  key(event) {
    const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -1e9, End: 1e9 }[event.key];
    if (way && this.lines.length) {
      event.preventDefault();
      const steps = this.steps();
      const at = steps.filter((step) => step <= (this.cursor ?? this.last)).length - 1;
      this.move(steps[Math.max(0, Math.min(steps.length - 1, at + way))]);
    }
  }

  steps() {
    return [...new Set(this.lines.flatMap((line) => line.points.map((point) => point[0])))].sort((a, b) => a - b);
  }

  /** Moves the cursor to a step; null takes it away. */
  move(step) {
    this.cursor = step;
    if (this.lines.length === 0) {
      return;
    }
    const read = this.lines.map((line) => ({ line, point: until(line.points, step ?? this.last) })).filter(({ point }) => point);
    if (read.length === 0) {
      this.move(this.steps()[0]); // left of all
      return;
    }
    const at = Math.max(...read.map(({ point }) => point[0]));
    this.reading.replaceChildren(make("span", { className: "quiet" }, step === null ? "now" : `step ${at}`), ...read.map(({ line, point }) =>
      make("span", { className: `swatch run-${line.color}${line.dashed ? " dashed" : ""}`, title: line.label }, short(point[1]))));
    this.mark.replaceChildren();
    if (step !== null) {
      const x = this.x(step);
      this.mark.append(shape("line", { x1: x, x2: x, y1: EDGE.top, y2: HEIGHT - EDGE.bottom }),
        ...read.map(({ line, point }) =>
          shape("circle", { cx: this.x(point[0]), cy: this.y(point[1]), r: 3.5, class: `run-${line.color}` })));
    }
    this.plot.setAttribute("aria-valuemin", "0");
    this.plot.setAttribute("aria-valuemax", String(this.last));
    this.plot.setAttribute("aria-valuenow", String(Math.round(at)));
    this.plot.setAttribute("aria-valuetext",
      `step ${at}: ${read.map(({ line, point }) => `${line.label} ${short(point[1])}`).join(", ")}`);
  }

  tabulate() {
    if (!this.numbers.open) {
      return;
    }
    const steps = this.steps();
    const each = Math.ceil(steps.length / MOST_ROWS);
    const some = steps.filter((_, i) => (steps.length - 1 - i) % each === 0);
    this.table.replaceChildren(
      make("caption", { className: "unseen" }, this.title),
      make("thead", {}, make("tr", {}, ...["step", ...this.lines.map((line) => line.label)].map((label) =>
        make("th", { scope: "col" }, label)))),
      make("tbody", {}, ...some.map((step, i) => make("tr", {}, make("th", { scope: "row" }, String(step)),
        ...this.lines.map((line) => {
          const point = until(line.points, step);
          return make("td", {}, point && (i === 0 || point[0] > some[i - 1]) ? short(point[1]) : "");
        })))));
  }
}
