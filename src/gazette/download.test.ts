import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { downloadPdf } from "./download.ts";

const pdf = Buffer.from("%PDF-1.7\nwhatever follows");
let server: Server;
let origin = "";

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = request.url ?? "/";
    if (url.startsWith("/hop")) {
      const left = Number(url.slice(4));
      response
        .writeHead(302, { location: left > 0 ? `/hop${left - 1}` : "/COMP_14_11_2014.pdf" })
        .end();
    } else if (url === "/metadata") {
      response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data" }).end();
    } else if (url === "/file") {
      response.writeHead(302, { location: "file:///etc/passwd" }).end();
    } else if (url === "/page") response.end("<html>not found</html>");
    else if (url === "/endless") {
      response.write(pdf);
      const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 1);
      response.on("close", () => clearInterval(timer));
    } else if (url === "/missing") response.writeHead(404).end();
    else response.end(pdf);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function download(
  address: string,
  options: { allowPrivateNetworks?: boolean; maxBytes?: number } = {},
) {
  const signal = new AbortController().signal;
  return downloadPdf(address, { signal, maxSeconds: 10, maxBytes: 1_000_000, ...options });
}

describe("downloadPdf", () => {
  it("refuses addresses of this machine and of private networks, however they are written", async () => {
    const port = new URL(origin).port;
    for (const host of [
      "127.0.0.1",
      "localhost",
      "[::1]",
      "0.0.0.0",
      "2130706433",
      "0x7f.1",
      "[::ffff:127.0.0.1]",
    ]) {
      await expect(download(`http://${host}:${port}/x.pdf`), host).rejects.toMatchObject({
        code: "url-refused",
      });
    }
  });

  it("refuses what is not http, and passwords in the address", async () => {
    for (const address of [
      "file:///etc/passwd",
      "ftp://example.org/a.pdf",
      "gazette.pdf",
      "https://a:b@example.org/",
    ]) {
      await expect(download(address), address).rejects.toMatchObject({ code: "url-refused" });
    }
  });

  it("fetches a PDF when the operator allows the network, through three redirects and no more", async () => {
    const allowed = { allowPrivateNetworks: true };
    const found = await download(`${origin}/hop2`, allowed);
    expect(found.documentName).toBe("COMP_14_11_2014.pdf");
    expect(Buffer.from(found.bytes)).toEqual(pdf);
    await expect(download(`${origin}/hop3`, allowed)).rejects.toMatchObject({
      code: "download-failed",
    });
  });

  it("checks where a redirect leads", async () => {
    await expect(download(`${origin}/file`, { allowPrivateNetworks: true })).rejects.toMatchObject({
      code: "url-refused",
    });
  });

  it("refuses a page that is not a PDF, an answer that is not 200, and more bytes than the limit", async () => {
    const allowed = { allowPrivateNetworks: true };
    await expect(download(`${origin}/page`, allowed)).rejects.toMatchObject({ code: "not-a-pdf" });
    await expect(download(`${origin}/missing`, allowed)).rejects.toMatchObject({
      code: "download-failed",
    });
    await expect(
      download(`${origin}/endless`, { ...allowed, maxBytes: 200_000 }),
    ).rejects.toMatchObject({
      code: "pdf-too-large",
    });
  });
});
