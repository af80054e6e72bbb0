// What the pages have in common.

export const at = (id) => document.getElementById(id);

/** An element: properties, data-* and aria-* as attributes, "on..." as listeners. */
export function make(tag, values = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(values)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (name in element && !name.startsWith("aria")) {
      element[name] = value;
    } else {
      element.setAttribute(name, value);
    }
  }
  element.append(...children);
  return element;
}

export function show(image, url) {
  image.src = url;
  image.hidden = false;
}

/** A picture that can be pressed. */
export function tile(url, label, pressed, caption) {
  const face = make("img", { src: url, alt: "" });
  const parts = [make("button", { type: "button", "aria-label": label, onclick: pressed }, face)];
  if (caption !== undefined) {
    parts.push(make("small", {}, caption));
  }
  return make("div", { className: "tile" }, ...parts);
}

export function say(text) {
  at("status").textContent = text;
}

export function complain(error) {
  at("alert").textContent = error.message;
  at("alert").hidden = false;
}

/** Does what one asked for; what goes wrong is shown until the next that goes well. */
export function attempt(work, busy) {
  return settle(async () => {
    await work();
    at("alert").hidden = true;
  }, busy);
}

/** Does what follows by itself: that it goes well takes no word back. */
async function settle(work, busy) {
  busy?.classList.add("busy");
  try {
    await work();
  } catch (error) {
    complain(error);
  } finally {
    busy?.classList.remove("busy");
  }
}

/** A region that pictures are dropped on; files are given to a function. */
export function droppable(region, marked, take) {
  let depth = 0;
  const over = (by) => {
    depth = Math.max(0, depth + by);
    marked.classList.toggle("over", depth > 0);
  };
  region.addEventListener("dragenter", () => over(1));
  region.addEventListener("dragleave", () => over(-1));
  region.addEventListener("dragover", (event) => event.preventDefault());
  region.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    depth = 0;
    over(0);
    document.querySelectorAll(".over").forEach((one) => one.classList.remove("over"));
    if (event.dataTransfer.files.length > 0) {
      take(event.dataTransfer.files[0]);
    } else {
      complain(new Error("that was no file; save the picture first and drop its file"));
    }
  });
}

/** Work on a place of the page that waits until the place can be seen. Gives what asks for it. */
export function whenSeen(place, work) {
  let seen = false;
  let wanted = false;
  const go = () => {
    if (seen && wanted) {
      wanted = false;
      settle(work, place);
    }
  };
  new IntersectionObserver((entries) => {
    seen = entries.at(-1).isIntersecting;
    go();
  }, { rootMargin: "80px" }).observe(place);
  return () => {
    wanted = true;
    go();
  };
}
