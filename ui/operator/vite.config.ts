import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// The page is served from the studio's root, so addresses are absolute. Nothing is inlined: the content policy allows no inline script and no data: font.
export default defineConfig({
  plugins: [svelte()],
  build: {
    // WebKitGTK 2.40 is the real window's engine.
    target: "safari16",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: "127.0.0.1",
    fs: { allow: [".", "../tokens.css"] },
    proxy: { "/api": "http://127.0.0.1:8091" },
  },
  test: {
    include: ["src/**/*.test.ts"],
    environment: "node",
  },
});
