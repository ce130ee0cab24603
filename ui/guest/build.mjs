// Builds dist/guest.js and dist/style.css. Fixed names: the gateway puts the content's hash into the address.
import { build } from "esbuild";
import { readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// The guest chooses no theme: the phone's own settings do. So the shared tokens lose the themes that a person picks, and
// the one for a stall in the sun answers to the phone's wish for more contrast.
function tokensForGuests(text) {
  const bright = /\[data-theme="daylight"\] (\{[^}]*\})/;
  const dark = /\[data-theme="dark"\] \{[^}]*\}/;
  if (!bright.test(text) || !dark.test(text)) throw new Error("ui/tokens.css has no daylight or dark theme any more: see ui/guest/build.mjs");
  return text
    .replace(dark, "")
    .replace(/:root,\s*\[data-theme="light"\]/, ":root")
    .replace(bright, "@media (prefers-contrast: more) { :root $1 }");
}

const tokens = {
  name: "tokens",
  setup(setup) {
    setup.onLoad({ filter: /tokens\.css$/ }, ({ path }) => ({ contents: tokensForGuests(readFileSync(path, "utf8")), loader: "css" }));
  },
};

rmSync(here("dist"), { recursive: true, force: true });
await build({
  absWorkingDir: here("."),
  entryPoints: [
    { in: "src/main.ts", out: "guest" },
    { in: "src/style.css", out: "style" },
  ],
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "esm",
  // Phones of 2021 and later; CSS that older ones lack is left out by them.
  target: ["es2020", "chrome91", "safari15"],
  legalComments: "none",
  plugins: [tokens],
  logLevel: "info",
});
