import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";
import express from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silentLogger } from "../../core/logger.ts";
import { problemHandler, unknownRoute } from "../problem.ts";
import { adminUiRoutes } from "./routes.ts";

const MANIFEST = {
  "src/main.tsx": {
    file: "assets/main-aaaaaaaa.js",
    css: ["assets/main-bbbbbbbb.css"],
    imports: ["_shared.js"],
  },
  "_shared.js": { file: "assets/shared-cccccccc.js", imports: ["src/main.tsx"] },
  "src/inbox/inbox.tsx": { file: "assets/inbox-dddddddd.js", imports: ["_shared.js", "_list.js"] },
  "_list.js": { file: "assets/list-eeeeeeee.js", css: ["assets/list-hhhhhhhh.css"] },
  "src/i18n/en.ts": { file: "assets/en-ffffffff.js" },
  "src/i18n/en-inbox.ts": { file: "assets/en-inbox-gggggggg.js" },
};

describe("the address of the admin interface", () => {
  let folder: string;
  let server: Server;
  let url: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "pregonero-admin-ui-"));
    const app = express();
    app.use(
      adminUiRoutes({
        adminUiFolder: folder,
        hasSso: true,
        keepsSession: ({ headers }) => headers.cookie === "refresh=some",
      }),
    );
    app.use(unknownRoute, problemHandler(silentLogger));
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  it("says that it is being prepared, and looks again by itself, while nothing is built", async () => {
    const response = await fetch(`${url}/admin/inbox`, { headers: { "accept-language": "es" } });
    const page = await response.text();
    expect(page).toContain('<meta http-equiv="refresh" content="3">');
    expect(page).toContain("se está preparando");
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it("is one page with a nonce of its own each time, as soon as it is built", async () => {
    await mkdir(path.join(folder, "assets"));
    await writeFile(path.join(folder, "manifest.json"), JSON.stringify(MANIFEST));
    const nonces = new Set<string>();
    for (const address of ["/admin", "/admin/inbox/anything"]) {
      const response = await fetch(url + address);
      const page = await response.text();
      const [, nonce = ""] = /<script type="module" [^>]*nonce="([^"]+)"/.exec(page) ?? [];
      expect(response.headers.get("content-security-policy")).toContain(
        `style-src 'self' 'nonce-${nonce}'`,
      );
      expect(page).toContain('<link rel="modulepreload" href="/admin/assets/shared-cccccccc.js">');
      expect(page).toContain('<link rel="stylesheet" href="/admin/assets/main-bbbbbbbb.css">');
      expect(page).toContain('data-sso="true"');
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(2);
  });

  it("names ahead what the view at the address loads, to whoever may be signed in", async () => {
    const named = async (address: string, cookie: string) => {
      const page = await (
        await fetch(url + address, { headers: { cookie, "accept-language": "en" } })
      ).text();
      return [
        ...page.matchAll(
          /<link rel="(?:modulepreload|preload" as="style)" href="\/admin\/assets\/(\w+(?:-inbox)?)-/g,
        ),
      ].map(([, name]) => name);
    };
    const view = ["shared", "en", "inbox", "list", "list", "en-inbox"];
    expect(await named("/admin/inbox", "refresh=some")).toEqual(view);
    expect(await named("/admin/inbox/8d1f", "refresh=some")).toEqual(view);
    expect(await named("/admin/inbox", "")).toEqual(["shared", "en"]);
    expect(await named("/admin/gazettes/8d1f", "refresh=some")).toEqual(["shared", "en"]);
    expect(await named("/admin/..%2finbox", "refresh=some")).toEqual(["shared", "en"]);
  });

  it("gives what it loads compressed, for ever, and nothing else of the folder", async () => {
    const script = Buffer.from("export {};");
    const file = path.join(folder, "assets", "main-aaaaaaaa.js");
    await writeFile(file, script);
    await writeFile(`${file}.br`, brotliCompressSync(script));
    const response = await fetch(`${url}/admin/assets/main-aaaaaaaa.js`, {
      headers: { "accept-encoding": "br" },
    });
    expect(response.headers.get("content-encoding")).toBe("br");
    expect(response.headers.get("cache-control")).toContain("immutable");
    expect(await response.text()).toBe(script.toString());
    const plain = await fetch(`${url}/admin/assets/main-aaaaaaaa.js`, {
      headers: { "accept-encoding": "identity" },
    });
    expect([plain.headers.get("content-encoding"), await plain.text()]).toEqual([
      null,
      script.toString(),
    ]);
    for (const other of [
      "..%2fmanifest.json",
      "..%2f..%2fpackage-aaaaaaaa.js",
      "none-aaaaaaaa.js",
    ]) {
      expect((await fetch(`${url}/admin/assets/${other}`)).status, other).toBe(404);
    }
  });
});
