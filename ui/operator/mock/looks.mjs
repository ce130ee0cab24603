// The mock's routes that develop frames. State lies in `store.looks`, made by `makeLooks`.
import { AS_SHOT, bmp, developScene, greyAt } from "./develop.mjs";

export const NEUTRAL = {
  process: 1,
  exposure: { auto: true, ev: 0 },
  white_balance: { mode: "as_shot" },
  tone: { base: "camera", contrast: 0, highlights: 0, shadows: 0, black: 0 },
  colour: { saturation: 0, vibrance: 0 },
  geometry: { crop: null, straighten_deg: 0 },
  denoise: { auto: true, luminance: 0, colour: 0 },
  sharpen: { amount: 35, radius_px: 0.7 },
  watermark: null,
  frame: null,
};
const DEVICES = {
  cpu: { in_use: "CPU (2 cores)", kind: "cpu", why: "The CPU is the quicker one here: 43 ms a frame, the built-in GPU takes 210 ms." },
  gpu: { in_use: "NVIDIA GeForce RTX 4060 Laptop", kind: "gpu", why: "The GPU is the quicker one here: 9 ms a frame, the CPU takes 140 ms." },
};
const TRIALS = { cpu: { cpu_ms: 43, gpu_ms: 210 }, gpu: { cpu_ms: 140, gpu_ms: 9 } };
const DEVELOPED_MS = 1400;
const REASONS = {
  raw: "there is no raw of this frame, the camera wrote a JPEG alone",
  format: "this raw is packed in a way that cannot be decoded yet (Nikon High Efficiency)",
};

export function makeLooks({ quicker = "cpu", flow = "embedded_then_developed", presets = true, brokenPictures = false, neverDeveloped = false }) {
  const made = (name, more) => ({ name, recipe: { ...NEUTRAL, ...more }, creator: null, updated_at: 1_795_000_000_000 });
  return {
    own: new Map(),
    state: new Map(),
    flow,
    quicker,
    choice: "auto",
    waiting: 0,
    brokenPictures,
    neverDeveloped,
    recipe: { ...NEUTRAL, tone: { ...NEUTRAL.tone, contrast: 8, shadows: 12 }, colour: { saturation: 0, vibrance: 14 } },
    presets: presets
      ? [
          made("Black and white", { colour: { saturation: -100, vibrance: 0 }, tone: { ...NEUTRAL.tone, contrast: 22, black: -12 } }),
          made("Instant picture", { tone: { ...NEUTRAL.tone, base: "soft", contrast: -8, black: 20 }, frame: { width_percent: 6, foot_percent: 16, colour: [244, 240, 230] } }),
          made("Night market, warm", { white_balance: { mode: "kelvin", temperature_k: 5200, tint: 4 }, tone: { ...NEUTRAL.tone, shadows: 24, highlights: -30 }, colour: { saturation: 4, vibrance: 18 } }),
          made("Soft portrait", { exposure: { auto: true, ev: 0.33 }, tone: { ...NEUTRAL.tone, base: "soft", contrast: -12, shadows: 10 }, sharpen: { amount: 20, radius_px: 1 } }),
        ]
      : [],
  };
}

const developmentOf = ({ flow, recipe, choice, quicker, waiting }) => ({
  flow, recipe, queue: { waiting, running: waiting > 0 ? 1 : 0, failed: 0 },
  device: { ...DEVICES[choice === "auto" ? quicker : choice], ...(choice === "auto" ? {} : { why: "Chosen by hand." }), choice, trial: TRIALS[quicker] },
});

const ableOf = (frame) => (!frame.kinds.includes("raw") ? REASONS.raw : frame.seq % 31 === 0 ? REASONS.format : null);

function lookOf({ looks }, frame) {
  const own = looks.own.get(frame.id);
  const reason = ableOf(frame);
  const failed = frame.seq % 37 === 5 && !looks.state.has(frame.id);
  return {
    recipe: own ?? looks.recipe,
    source: own ? "frame" : "event",
    developable: reason === null,
    reason: reason ?? (failed ? "the worker ran out of memory over this file" : null),
    as_shot: reason === null ? AS_SHOT : null,
    state: reason ? "embedded" : (looks.state.get(frame.id) ?? (failed ? "failed" : "developed")),
  };
}

/** Queued, and a moment later there. */
function redevelop(mock, frames) {
  const { looks } = mock.store;
  for (const frame of frames) {
    if (ableOf(frame)) continue;
    looks.state.set(frame.id, "waiting");
    looks.waiting += 1;
    if (looks.neverDeveloped) continue;
    setTimeout(() => {
      looks.waiting -= 1;
      looks.state.set(frame.id, "developed");
      mock.send("frame", Object.assign(frame, { version: `${String(frame.version).split("-")[0]}-${Date.now()}` }));
    }, DEVELOPED_MS);
  }
}

const NO_FRAME = { error: "not_found", message: "This frame is gone." };

/** `/api/frames/{id}/look...`; the caller has found that it is one of these. */
export async function frameLook({ mock, store, request, response, first, third, json, bodyOf }) {
  const frame = store.frames.find(({ id }) => id === first);
  if (!frame) return json(response, 404, NO_FRAME);
  if (request.method === "GET") return json(response, 200, lookOf(store, frame));
  const body = await bodyOf(request);
  if (request.method === "PUT") {
    if (body.recipe) store.looks.own.set(first, body.recipe);
    else store.looks.own.delete(first);
    redevelop(mock, [frame]);
    return response.writeHead(204).end();
  }
  const reason = ableOf(frame);
  if (reason) return json(response, 422, { error: "not_developable", message: `This frame is not developed: ${reason}.` });
  if (third === "grey") {
    const grey = greyAt(frame.seq, body);
    return grey ? json(response, 200, grey) : json(response, 422, { error: "no_grey", message: "It is too dark or too bright there to tell. Pick something between black and white." });
  }
  if (store.looks.brokenPictures) return json(response, 500, { error: "develop", message: "The raw could not be read: the disk said no. The original is where it was. Connect the disk, then ask again." });
  const begun = performance.now();
  const picture = developScene(frame.seq, body.recipe, body.long_edge_px);
  const histogram = Buffer.from(picture.histogram.buffer).toString("base64");
  const headers = { "content-type": "image/bmp", "x-histogram": histogram, "x-render-ms": (performance.now() - begun).toFixed(1), "x-as-shot": `${AS_SHOT.temperature_k},${AS_SHOT.tint}` };
  return response.writeHead(200, headers).end(bmp(picture));
}

export const lookRoutes = (json, bodyOf) => ({
  "GET development": ({ store, response }) => json(response, 200, developmentOf(store.looks)),
  "PUT development": async ({ mock, store, request, response }) => {
    const { flow, recipe, device } = await bodyOf(request);
    Object.assign(store.looks, flow && { flow }, recipe && { recipe }, device && { choice: device });
    if (recipe) redevelop(mock, store.frames.filter(({ id }) => !store.looks.own.has(id)).slice(0, 24));
    return response.writeHead(204).end();
  },
  "GET presets": ({ store, response }) => json(response, 200, store.looks.presets),
  "PUT presets": async ({ store, request, response, first }) => {
    const { recipe, creator = null } = await bodyOf(request);
    store.looks.presets = [...store.looks.presets.filter(({ name }) => name !== first), { name: first, recipe, creator, updated_at: Date.now() }];
    return response.writeHead(204).end();
  },
  "DELETE presets": ({ store, response, first }) => {
    store.looks.presets = store.looks.presets.filter(({ name }) => name !== first);
    return response.writeHead(204).end();
  },
  "POST looks": async ({ mock, store, request, response }) => {
    const { recipe, frames } = await bodyOf(request);
    if (frames.length > 1000) return json(response, 422, { error: "too_many", message: "At most 1,000 frames at once. Nothing was changed." });
    for (const id of frames) store.looks.own.set(id, recipe);
    redevelop(mock, store.frames.filter(({ id }) => frames.includes(id)));
    return response.writeHead(204).end();
  },
});
