// The JSON calls of docs/serve.md.

async function answer(response) {
  if (response.ok) {
    return response.json();
  }
  let reason = `the server said ${response.status}`;
  try {
    reason = (await response.json()).error;
  } catch {
    // no JSON: the status must do
  }
  throw new Error(reason);
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("mvq serve does not answer; is it still running?");
  }
  return answer(response);
}

export const get = (path, values) => ask(values ? `api/${path}?${new URLSearchParams(values)}` : `api/${path}`);

export const post = (path, body) =>
  ask(`api/${path}`, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });

export const upload = (file) => ask("api/encode", { method: "POST", body: file });

let most = 64; // pictures an answer may hold

export const limit = (pictures) => {
  most = pictures;
};

/** Items of many codes, in as many calls as it takes. */
export async function decode(codes) {
  const items = [];
  for (let i = 0; i < codes.length; i += most) {
    items.push(...(await post("decode", { codes: codes.slice(i, i + most) })).items);
  }
  return items;
}

/** Runs one call at a time; of those asked for meanwhile only the last. */
export function latest(work) {
  let running = false;
  let next = null;
  return async function ask(...args) {
    next = args;
    if (running) {
      return;
    }
    running = true;
    try {
      while (next) {
        const now = next;
        next = null;
        await work(...now);
      }
    } finally {
      running = false;
    }
  };
}
