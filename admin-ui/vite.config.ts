import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where the gateway of a contributor listens; `npm run dev:ui` shows its data. */
const GATEWAY = "http://127.0.0.1:8080";

/** Dialogs, menus and whatever else stands above a page. */
const OVERLAYS =
  /@floating-ui|remove-scroll|use-sidecar|use-callback-ref|style-singleton|get-nonce|components\/(ScrollArea(?!.*to-int)|Modal|ModalBase|Overlay|FocusTrap|Popover)\/|form-dialog/;

/**
 * The gateway writes the page itself, from the manifest: each answer has its own nonce. What is built has a hash in
 * its name and may be kept for ever.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: "/admin/",
  plugins: [react()],
  build: {
    manifest: "manifest.json",
    rolldownOptions: {
      input: "src/main.tsx",
      output: {
        codeSplitting: {
          // One by one, sixty modules of a few hundred bytes take a browser longer than what stands in them.
          groups: [
            { name: "library", tags: ["$initial"], test: /node_modules/ },
            { name: "shell", tags: ["$initial"] },
            // What so many of the views and dialogs share that each would bring it.
            { name: "common", minShareCount: 22, test: (id) => !OVERLAYS.test(id) },
            // A view that opens none does not wait for what places and closes them.
            { name: "overlays", minShareCount: 22, test: OVERLAYS },
          ],
        },
      },
    },
    assetsInlineLimit: 0,
    modulePreload: {
      polyfill: false,
      // What a chunk needs stands in it; named ahead in the first chunk besides, all of it costs every first load 3 kB.
      resolveDependencies: (_file, needed, { hostType }) =>
        hostType === "js" ? needed.filter((file) => file.endsWith(".css")) : needed,
    },
    target: "es2022",
    reportCompressedSize: false,
    emptyOutDir: true,
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: Object.fromEntries(
      ["/api", "/assets", "/access", "/gazettes", "/documents", "/chat"].map((path) => [
        path,
        { target: GATEWAY, headers: { origin: GATEWAY } },
      ]),
    ),
  },
});
