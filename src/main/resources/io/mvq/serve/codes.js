// Codes as the JSON has them: tokens, and each mask a text of 0 and 1. None is ever changed in place.

export const withToken = (code, token, value) => ({
  ...code,
  tokens: code.tokens.map((old, i) => (i === token ? value : old)),
});

/** Each bit of each mask as a function of (kept, winner, bit) says. */
export const withBits = (code, make) => ({
  ...code,
  masks: code.masks.map((mask, winner) =>
    [...mask].map((bit, i) => (make(bit === "1", winner, i) ? "1" : "0")).join("")),
});

export const withBit = (code, winner, at, kept) =>
  withBits(code, (old, w, i) => (w === winner && i === at ? kept : old));

export const keptBits = (code) => code.masks.join("").replaceAll("0", "").length;

export const equal = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** What a token says by itself: a base token without the masked ones, a masked one with all bits. */
export function alone(code, token, info) {
  const base = info.maskedTokens > 0 && token < info.baseTokens;
  return withBits(code, () => !base);
}

export function kind(token, info) {
  if (info.maskedTokens === 0 || token >= info.baseTokens + info.maskedTokens) {
    return "token";
  }
  return token < info.baseTokens ? "base" : "masked";
}
