// A mock studio: speaks the operator's API with drawn frames, and serves the built page. For looking, not for work.
//   node mock/server.mjs [--frames 30] [--port 8091] [--rate 0.5] [--phones 46] [--attention 2] [--event NAME] [--key KEY]
//                        [--gone] [--network several|one|none|local] [--pictures DIR]
//                        (rate: new frames per second; gone: a card was pulled; DIR: JPEGs to show instead of drawings)
import { createReadStream, existsSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { frameLook, lookRoutes } from "./looks.mjs";
import { drawScene, randomOf } from "./scene.mjs";
import { detailOf, makeStore, nextFrame, pulseOf } from "./store.mjs";

const DIST = fileURLToPath(new URL("../dist/", import.meta.url));
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'";
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };
const WIDTHS = { thumb: 360, screen: 1200, large: 2048 };

export function startMock(options = {}) {
  const { frames = 30, port = 0, rate = 0, phones = 46, attention = 2, event = "Night Market · Saturday", key = "mock", gone = false, pictures = null } = options;
  const store = makeStore({ ...options, frames, attention, phones, event, gone });
  const jpegs = pictures ? readdirSync(pictures).filter((name) => name.endsWith(".jpg")).sort().map((name) => join(pictures, name)) : [];
  const streams = new Set();
  const send = (name, data) => streams.forEach((stream) => stream.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
  const mock = { store, key, jpegs, streams, send, broken: options.broken, shoot: () => shoot(store, send, options.slow) };
  const timers = [setInterval(() => send("pulse", pulseOf(store)), 1000)];
  if (rate > 0) timers.push(setInterval(mock.shoot, 1000 / rate));
  const server = createServer((request, response) => {
    answer(mock, request, response).catch((error) => json(response, 500, { error: "mock", message: String(error) }));
  });
  mock.close = () => {
    timers.forEach(clearInterval);
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => {
      mock.url = `http://127.0.0.1:${server.address().port}`;
      resolve(mock);
    });
  });
}

/** A frame on its way: waiting, then with its preview, then landed. */
function shoot(store, send, preview_ms = 180) {
  let frame = nextFrame(store);
  const change = (more) => {
    frame = { ...frame, ...more };
    const at = store.frames.findIndex(({ id }) => id === frame.id);
    if (at >= 0) store.frames[at] = frame;
    else store.frames.unshift(frame);
    send("frame", frame);
  };
  store.queue += 1;
  change({});
  setTimeout(() => {
    store.queue -= 1;
    change({ preview: "ready", version: `v${frame.seq}` });
  }, preview_ms);
  setTimeout(() => change({ state: "landed" }), preview_ms + 1620);
}

function json(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" }).end(body === undefined ? "" : JSON.stringify(body));
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
}

async function answer(mock, request, response) {
  const url = new URL(request.url, "http://mock");
  const path = url.pathname;
  if (!path.startsWith("/api/")) return page(path, response);
  const known = request.headers.authorization === `Bearer ${mock.key}`;
  const cookie = (request.headers.cookie ?? "").includes(`mock=${mock.key}`);
  const forImages = path.startsWith("/api/pixels/") || path.startsWith("/api/qr/");
  if (!known && !(cookie && forImages)) return json(response, 401, { error: "key", message: "The key is not this studio's." });
  const [, , area, first, second, third] = path.split("/");
  const given = { mock, store: mock.store, request, response, url, first: first && decodeURIComponent(first), second };
  if (area === "frames" && second === "look") return frameLook({ ...given, third, json, bodyOf });
  const route = ROUTES[`${request.method} ${area}`];
  if (!route) return json(response, 404, { error: "not_found", message: "There is no such thing." });
  return route(given);
}

const ROUTES = {
  ...lookRoutes(json, bodyOf),
  "POST session": ({ mock, response }) => response.writeHead(204, { "set-cookie": `mock=${mock.key}; HttpOnly; SameSite=Strict; Path=/api` }).end(),
  "GET studio": ({ store, response }) => json(response, 200, studioOf(store)),
  "PUT join": async ({ store, request, response }) => {
    const { url } = await bodyOf(request);
    const known = store.addresses.find((address) => address.url === url);
    if (url !== null && !known) return json(response, 404, { error: "no_address", message: "This computer does not have that address any more. QR codes stay as they were. Choose one that is listed now." });
    store.join = url ?? store.addresses[0].url;
    return json(response, 200, studioOf(store));
  },
  "GET pulse": ({ store, response }) => json(response, 200, pulseOf(store)),
  "GET frames": ({ mock, store, response, url, first }) => {
    if (mock.broken) return json(response, 500, { error: "catalog", message: "The catalog cannot be read: database disk image is malformed. Originals are safe and nothing was changed; try again." });
    if (first) {
      const frame = store.frames.find(({ id }) => id === first);
      return frame ? json(response, 200, detailOf(store, frame)) : json(response, 404, { error: "not_found", message: "This frame is gone." });
    }
    const before = Number(url.searchParams.get("before") ?? Infinity);
    const limit = Math.min(2000, Number(url.searchParams.get("limit") ?? 300));
    const rest = store.frames.filter(({ seq }) => seq < before);
    const frames = rest.slice(0, limit);
    return json(response, 200, { frames, next_before: rest.length > limit ? frames.at(-1).seq : null, total: store.frames.length });
  },
  "POST frames": async ({ store, mock, request, response, first, second }) => {
    if (second === "preview") {
      const frame = store.frames.find(({ id }) => id === first);
      const change = (more) => mock.send("frame", Object.assign(frame, more));
      const { preview_problem } = frame;
      change({ preview: "waiting", preview_problem: null });
      setTimeout(() => change({ preview: "failed", preview_problem }), 1500);
      return response.writeHead(204).end();
    }
    const { frames, ticket } = await bodyOf(request);
    if (ticket !== null && !store.tickets.some(({ code }) => code === ticket)) {
      return json(response, 404, { error: "no_ticket", message: `There is no ticket ${ticket}. Nothing was moved. See the list of tickets.` });
    }
    const previous = [];
    for (const frame of store.frames) {
      if (!frames.includes(frame.id) || frame.ticket === ticket) continue;
      previous.push({ frame: frame.id, ticket: frame.ticket });
      frame.ticket = ticket;
      mock.send("frame", frame);
    }
    return json(response, 200, { changed: previous.length, previous });
  },
  "GET tickets": ({ store, response }) => json(response, 200, { current: store.current, tickets: store.tickets.map(store.seen) }),
  "POST tickets": ({ mock, store, response }) => {
    const ticket = store.mint();
    mock.send("ticket", { current: ticket.code });
    json(response, 200, store.seen(ticket));
  },
  "PUT tickets": async ({ mock, store, request, response }) => {
    store.current = (await bodyOf(request)).code;
    mock.send("ticket", { current: store.current });
    response.writeHead(204).end();
  },
  "GET attention": ({ store, response }) => json(response, 200, { items: store.attention, total: store.attention.length }),
  "POST attention": ({ mock, store, response, first }) => {
    store.attention = store.attention.filter(({ id }) => id !== first);
    mock.send("attention", { total: store.attention.length });
    response.writeHead(204).end();
  },
  "POST import": takeFolder(202),
  "POST sources": takeFolder(201),
  "DELETE sources": ({ store, response, first }) => {
    store.sources = store.sources.filter((source, at) => first !== `more-${at}`);
    return response.writeHead(204).end();
  },
  "GET folders": ({ response, url }) => {
    const path = url.searchParams.get("path") ?? "/booth/lena/Pictures";
    if (path.includes("missing")) return json(response, 422, { error: "folder_refused", message: `the folder ${path} cannot be read: there is no such folder. Choose another one` });
    const folders = FOLDERS[path] ?? [];
    return json(response, 200, {
      path, parent: path === "/" ? null : path.replace(/\/[^/]*$/, "") || "/", more: false, captures: folders.length === 0 ? 128 : 0,
      folders: folders.map((name) => ({ path: `${path === "/" ? "" : path}/${name}`, name })),
      places: ["/booth/lena", "/booth/lena/Pictures", "/media/lena/EOS_DIGITAL", "/media/lena/photos"].map((place) => ({ path: place, name: place.split("/").at(-1) })),
    });
  },
  "GET live": ({ mock, response }) => {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" }).write(": hello\n\n");
    mock.streams.add(response);
    response.on("close", () => mock.streams.delete(response));
  },
  "GET pixels": ({ mock, store, response, first, second }) => {
    const frame = store.frames.find(({ id }) => id === first);
    if (!frame?.version) return json(response, 404, { error: "not_yet", message: "There is no preview yet." });
    const headers = { "cache-control": "private, max-age=31536000, immutable" };
    if (mock.jpegs.length > 0) {
      const file = second === "large" ? mock.jpegs[frame.seq % mock.jpegs.length].replace("/thumb/", "/large/") : mock.jpegs[frame.seq % mock.jpegs.length];
      return createReadStream(existsSync(file) ? file : mock.jpegs[0]).pipe(response.writeHead(200, { ...headers, "content-type": "image/jpeg" }));
    }
    return response.writeHead(200, { ...headers, "content-type": "image/svg+xml" }).end(drawScene(frame.seq, WIDTHS[second] ?? 360));
  },
  "GET qr": ({ response, first, second }) => response.writeHead(200, { "content-type": "image/svg+xml" }).end(fakeQr(first === "join" ? "join" : (second ?? first))),
};

function studioOf(store) {
  return {
    version: "0.1.0", rehearsal: true, event: { id: "e1", name: store.event },
    guest: { join_url: store.join, addresses: store.addresses, mdns_url: store.addresses.length > 1 ? "http://boothlight-4f2a.local:8080/" : null },
    originals_dir: store.originals,
  };
}

/** Folders that the chooser can walk through; all others are full of captures. */
const FOLDERS = {
  "/": ["booth", "media"],
  "/booth/lena": ["Desktop", "Pictures"],
  "/booth/lena/Pictures": ["2026-11-14 Wedding Kessler", "2026-11-21 Night Market at the Old Tram Depot, second evening, tethered", "Boothlight", "Capture One", "Portfolio"],
  "/media/lena/EOS_DIGITAL": ["DCIM", "MISC"],
  "/media/lena/EOS_DIGITAL/DCIM": ["100CANON", "101CANON"],
};

function takeFolder(status) {
  return async ({ store, request, response }) => {
    const { folder } = await bodyOf(request);
    if (folder.startsWith(store.originals)) return json(response, 422, { error: "folder_refused", message: `${folder} lies inside the originals folder. Choose the folder into which the camera's software writes` });
    store.sources.push({ label: folder, kind: status === 201 ? "hot_folder" : "card", state: status === 201 ? "watching" : "importing" });
    return json(response, status, { source_id: `more-${store.sources.length - 1}` });
  };
}

/** Looks like a QR, says nothing. */
function fakeQr(text) {
  const size = 29;
  const random = randomOf([...text].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7));
  let path = "";
  const corner = (x, y) => (x < 8 && y < 8) || (x >= size - 8 && y < 8) || (x < 8 && y >= size - 8);
  for (let y = 0; y < size; y += 1) for (let x = 0; x < size; x += 1) if (!corner(x, y) && random() < 0.48) path += `M${x} ${y}h1v1h-1z`;
  for (const [x, y] of [[0, 0], [size - 7, 0], [0, size - 7]]) path += `M${x} ${y}h7v7h-7zM${x + 1} ${y + 1}v5h5v-5zM${x + 2} ${y + 2}h3v3h-3z`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 ${size + 4} ${size + 4}"><rect x="-2" y="-2" width="100%" height="100%" fill="#fff"/><path d="${path}" shape-rendering="crispEdges"/></svg>`;
}

function page(path, response) {
  const file = normalize(join(DIST, path === "/" ? "index.html" : path));
  if (!file.startsWith(DIST) || !existsSync(file)) return json(response, 404, { error: "not_found", message: "There is no such page." });
  response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-security-policy": POLICY });
  return createReadStream(file).pipe(response);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = { type: "string" };
  const { values } = parseArgs({
    options: { frames: text, port: text, rate: text, phones: text, attention: text, event: text, key: text, network: text, pictures: text, gone: { type: "boolean" } },
  });
  const numbers = Object.fromEntries(["frames", "port", "rate", "phones", "attention"].filter((name) => values[name]).map((name) => [name, Number(values[name])]));
  const mock = await startMock({ port: 8091, rate: 0.5, ...values, ...numbers });
  process.stdout.write(`${mock.url}/#key=${mock.key}\n`);
}
