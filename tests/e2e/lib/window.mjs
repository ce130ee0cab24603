// The real desktop window: a private display, WebKitWebDriver, and the program under it.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { remote } from "webdriverio";
import { until } from "./studio.mjs";

/** A port that was free a moment ago: the driver takes no port 0. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Ends a process and all that it started. */
function endGroup(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Starts a virtual screen; gives its name once the server itself has said it. */
async function startDisplay() {
  const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1440x900x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    detached: true,
  });
  const number = await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
    server.stdio[3].once("data", (chunk) => resolve(String(chunk).trim()));
  });
  return { server, display: `:${number}` };
}

/** What the window and its driver see of this machine: folders of their own and the private screen. */
function privateSurroundings(folder, display) {
  const surroundings = { ...process.env, DISPLAY: display, GDK_BACKEND: "x11", NO_AT_BRIDGE: "1", TAURI_WEBVIEW_AUTOMATION: "true" };
  delete surroundings.WAYLAND_DISPLAY;
  for (const name of ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"]) {
    surroundings[name] = join(folder, name.toLowerCase());
    mkdirSync(surroundings[name], { recursive: true, mode: 0o700 });
  }
  return surroundings;
}

/** Opens `program` with `args`; gives webdriverio's browser and `close`. */
export async function openWindow({ program, args, folder }) {
  const { server, display } = await startDisplay();
  const port = await freePort();
  const env = privateSurroundings(folder, display);
  const driver = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], { stdio: ["ignore", "inherit", "inherit"], env, detached: true });
  const end = () => [driver, server].forEach(endGroup);
  try {
    await until("WebKitWebDriver", () => fetch(`http://127.0.0.1:${port}/status`).then((answer) => answer.ok, () => false));
    const browser = await remote({
      hostname: "127.0.0.1",
      port,
      logLevel: "error",
      connectionRetryCount: 0,
      connectionRetryTimeout: 60_000,
      capabilities: { "wdio:enforceWebDriverClassic": true, "webkitgtk:browserOptions": { binary: program, args } },
    });
    const close = async () => {
      await browser.deleteSession().catch(() => {});
      end();
    };
    return { browser, display, env, close };
  } catch (error) {
    end();
    throw error;
  }
}
