// Masks as bits to press: click, drag over several, or arrow keys and space.

import { make } from "./elements.js";

/**
 * Masks in a place of the page.
 * changed(winner, bit, kept) is called for every bit that is pressed.
 */
export class Masks {
  constructor(place, info, changed) {
    this.bits = [];
    this.painting = null;
    const columns = info.maskWidth <= 64 ? 8 : info.maskWidth <= 256 ? 16 : 32;
    for (let winner = 0; winner < info.winners; winner++) {
      const label = info.winners === 1 ? "Mask bits" : `Mask bits of base token ${winner + 1}`;
      const group = make("div", { className: "mask", role: "group", "aria-label": label });
      group.style.gridTemplateColumns = `repeat(${columns}, 1fr)`;
      this.bits.push(Array.from({ length: info.maskWidth }, (_, bit) => this.bit(group, winner, bit, changed)));
      group.addEventListener("keydown", (event) => this.move(event, winner, columns));
      place.append(group);
    }
    addEventListener("pointerup", () => (this.painting = null));
    addEventListener("pointercancel", () => (this.painting = null));
  }

  bit(group, winner, bit, changed) {
    const button = make("button", { type: "button", className: "bit", tabIndex: bit === 0 ? 0 : -1 });
    const set = (kept) => {
      if (kept !== (button.ariaPressed === "true")) {
        changed(winner, bit, kept);
      }
    };
    let pressed = false; // by the mouse, whose click is then over
    button.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse" && event.button === 0) {
        pressed = true;
        this.painting = button.ariaPressed !== "true";
        set(this.painting);
        button.releasePointerCapture?.(event.pointerId);
      }
    });
    button.addEventListener("pointerenter", () => this.painting !== null && set(this.painting));
    button.addEventListener("click", () => {
      if (!pressed) {
        set(button.ariaPressed !== "true");
      }
      pressed = false;
    });
    button.addEventListener("focus", () => {
      this.bits[winner].forEach((one) => (one.tabIndex = one === button ? 0 : -1));
    });
    group.append(button);
    return button;
  }

  move(event, winner, columns) {
    const bits = this.bits[winner];
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    const here = bits.indexOf(document.activeElement);
    const there = event.key === "Home" ? 0 : event.key === "End" ? bits.length - 1 : here + step;
    if (bits[there]) {
      event.preventDefault();
      bits[there].focus();
    }
  }

  show(code) {
    code.masks.forEach((mask, winner) =>
      [...mask].forEach((kept, bit) => {
        const button = this.bits[winner][bit];
        button.ariaPressed = String(kept === "1");
        button.ariaLabel = `Bit ${bit}`;
      }));
  }
}
