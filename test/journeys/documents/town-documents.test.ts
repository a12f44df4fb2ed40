import { readdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { es } from "../../../src/conversation/catalogue/es.ts";
import { makeDocx } from "../../../src/documents/__fixtures__/make-docx.ts";
import type { SentMessage, StandInBot } from "../../stand-ins/telegram/start-stand-in.ts";
import { type RunningProduct, startProduct } from "../running-product.ts";
import { openTown, type Town } from "./document-client.ts";
import { dumpTables } from "./dump-tables.ts";

const HOURS = "¿A qué hora abre el parque Kurunaima los domingos?";
const ordinance = (hour: string) =>
  makeDocx([
    { heading: "Reglamento del parque Kurunaima", level: 1 },
    "Rige para todas las personas que visiten el parque Kurunaima.",
    "Artículo 5.- Horario. El parque Kurunaima abre los domingos " +
      `a las ${hour} de la mañana y cierra a las seis de la tarde.`,
    "Artículo 6.- Mascotas. Los perros entran con correa.",
  ]);

let product: RunningProduct;
let town: Town;
let neighbour: Town;
let townBot: StandInBot;
let neighbourBot: StandInBot;
let site: Server;
const asked: { readonly url: string; readonly etag: string | undefined }[] = [];
let page = "<h1>Tasas</h1><p>La tasa de recolección del barrio Tirrases es de 4321 colones.</p>";

beforeAll(async () => {
  site = createServer((request, response) => {
    asked.push({ url: request.url ?? "", etag: request.headers["if-none-match"] });
    const etag = `"${page.length}"`;
    if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
    else response.writeHead(200, { "content-type": "text/html; charset=utf-8", etag }).end(page);
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  const address = `127.0.0.1:${(site.address() as AddressInfo).port}`;
  product = await startProduct({ env: { ALLOWED_PRIVATE_ADDRESSES: address } });
  town = await openTown(product);
  neighbour = await openTown(product);
  townBot = await product.addBot(town.tenantId);
  neighbourBot = await product.addBot(neighbour.tenantId);
});
afterAll(async () => {
  await product?.close();
  await new Promise((resolve) => site?.close(resolve));
});

let person = 7_000;
/** Somebody new each time, so that no answer goes on from another. */
async function ask(whom: "town" | "neighbour", text: string): Promise<SentMessage | undefined> {
  const bot = whom === "town" ? townBot : neighbourBot;
  const { tenantId } = whom === "town" ? town : neighbour;
  const user = product.standIn.user(++person, { languageCode: "es" });
  const { updateId } = user.send(text, { bot });
  const [answer] = await product.repliesTo(user.id, updateId, { tenantId });
  return answer;
}

const links = (message: SentMessage | undefined) =>
  (message?.entities ?? []).flatMap(({ url }) => (typeof url === "string" ? [url] : []));

describe("a municipality's documents", () => {
  it("answer at its bot with version and article cited, and nowhere else", async () => {
    const document = await town.add(
      "Reglamento del parque Kurunaima",
      "reglamento.docx",
      ordinance("siete"),
      true,
    );
    expect(document.versions).toMatchObject([
      { version: 1, state: "ready", isCurrent: true, format: "docx", pages: 3, problem: null },
    ]);
    const answer = await ask("town", HOURS);
    expect(answer?.text).toContain("a las siete de la mañana");
    expect(answer?.text).toMatch(
      /\[1\] Reglamento del parque Kurunaima \(versión 1\), \d+ \p{L}+ \d{4}, Artículo 5/u,
    );
    const [link = ""] = links(answer);
    expect(link).toContain(`/documents/${document.id}/versions/1/pages/2?hl=`);
    const opened = await fetch(link);
    expect(opened.status).toBe(200);
    expect(opened.headers.get("cache-control")).toBe("no-store");
    expect(await opened.text()).toMatch(/<mark>Artículo 5\.- Horario/);

    const elsewhere = await ask("neighbour", HOURS);
    expect(elsewhere?.text).toContain(es.abstention.notFound);
    expect(elsewhere?.text).not.toContain("Kurunaima");
    expect((await neighbour.call("GET", `/documents/${document.id}`)).status).toBe(404);
    expect((await neighbour.call("DELETE", `/documents/${document.id}`)).status).toBe(404);
    expect((await neighbour.call("GET", "/documents")).body.documents).toEqual([]);
  });

  it("cite the pages of a PDF, without a link unless it is public", async () => {
    const pdf = await readFile(path.join("sample", "BOE-A-2024-7309.pdf"));
    const document = await town.add("Nombramientos de abril", "nombramientos.pdf", pdf);
    const question = "¿Qué dice la convocatoria de libre designación de la Subsecretaría?";
    const answer = await ask("town", question);
    expect(answer?.text).toMatch(/Nombramientos de abril \(versión 1\), [^\n]+, p\. \d+/);
    expect(links(answer)).toEqual([]);
    const place = `${product.url}/documents/${document.id}/versions/1/pages/1`;
    expect((await fetch(place)).status).toBe(404);
    const own = await town.call("GET", `/documents/${document.id}/versions/1/pages/1`);
    expect(own.body).toMatchObject({ title: "Nombramientos de abril", page: 1, pages: 2 });

    const changed = await town.call(
      "PATCH",
      `/documents/${document.id}`,
      { isPublic: true },
      { "if-match": '"r1"' },
    );
    expect(changed.status).toBe(200);
    const [link = ""] = links(await ask("town", question));
    expect((await fetch(link)).status).toBe(200);
    const image = await fetch(`${link.split("?")[0]}/image.png`);
    expect(image.headers.get("content-type")).toBe("image/png");
  });

  it("are superseded by a new version, which the answer cites, and keep their history", async () => {
    const { id } = await documentNamed("Reglamento del parque Kurunaima");
    const same = await town.send(id, "otra-vez.docx", ordinance("siete"));
    expect(await same.json()).toMatchObject({ outcome: "unchanged" });
    await town.send(id, "reglamento-2.docx", ordinance("nueve"));
    const { versions } = await town.settled(id);
    expect(versions.map(({ version, isCurrent }) => [version, isCurrent])).toEqual([
      [2, true],
      [1, false],
    ]);
    const answer = await ask("town", HOURS);
    expect(answer?.text).toContain("a las nueve de la mañana");
    expect(answer?.text).not.toContain("a las siete");
    expect(answer?.text).toContain("(versión 2)");
    const old = await fetch(`${product.url}/documents/${id}/versions/1/pages/2`);
    expect(await old.text()).toContain("a las siete");
    expect((await town.call("POST", `/documents/${id}/reindex`)).status).toBe(202);
    await town.settled(id);
    expect((await ask("town", HOURS))?.text).toContain("a las nueve de la mañana");
  });

  it("come from an address, which is asked again on demand and on condition", async () => {
    const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/tasas`;
    const made = await town.call("POST", "/documents", { title: "Tasas", url });
    expect(made.status).toBe(201);
    const id = String(made.body.id);
    await town.settled(id);
    const question = "¿De cuánto es la tasa de recolección del barrio Tirrases?";
    expect((await ask("town", question))?.text).toContain("4321 colones");
    expect((await town.call("POST", `/documents/${id}/refetch`)).status).toBe(202);
    expect((await town.settled(id)).versions).toHaveLength(1);
    expect(asked.at(-1)).toEqual({ url: "/tasas", etag: `"${page.length}"` });
    page = page.replace("4321", "98765");
    await town.call("POST", `/documents/${id}/refetch`);
    expect((await town.settled(id)).versions.map(({ state }) => state)).toEqual(["ready", "ready"]);
    expect((await ask("town", question))?.text).toContain("98765 colones");
    for (const refused of ["http://169.254.169.254/", "http://localhost/x"]) {
      const inside = await town.call("POST", "/documents", { title: "Dentro", url: refused });
      const { versions } = await town.settled(String(inside.body.id));
      expect(versions[0]).toMatchObject({ state: "failed", problem: { code: "url-refused" } });
    }
  });

  it("are answered from as the assistant's knowledge sets say", async () => {
    const parks = await documentNamed("Reglamento del parque Kurunaima");
    const set = { gazettes: [], documents: [parks.id] };
    expect((await town.call("PUT", "/knowledge-sets/parques", set)).status).toBe(200);
    const assistant = await town.call("PUT", "/assistants/parques", {
      isDefault: true,
      knowledgeSets: ["parques"],
    });
    expect(assistant.status, JSON.stringify(assistant.body)).toBe(200);
    expect((await ask("town", HOURS))?.text).toContain("a las nueve");
    const taxes = await ask("town", "¿De cuánto es la tasa de recolección del barrio Tirrases?");
    expect(taxes?.text).toContain(es.abstention.notFound);
    expect(taxes?.text).not.toContain("98765");
    const gazette = await ask(
      "town",
      "¿Qué departamentos atiende la Oficina Consular honoraria en El Calafate?",
    );
    expect(gazette?.text).not.toContain("Calafate");
    expect((await town.call("DELETE", "/knowledge-sets/parques")).status).toBe(409);
    const foreign = { gazettes: [], documents: [parks.id] };
    expect((await neighbour.call("PUT", "/knowledge-sets/x", foreign)).status).toBe(400);
  });

  it("are gone when they are deleted: from answers, tables and files", async () => {
    const { id } = await documentNamed("Reglamento del parque Kurunaima");
    expect((await ask("town", HOURS))?.text).toContain("Kurunaima");
    expect((await town.call("DELETE", `/documents/${id}`)).status).toBe(204);
    const answer = await ask("town", HOURS);
    expect(answer?.text).toContain(es.abstention.notFound);
    expect(answer?.text).not.toContain("a las nueve");
    const dump = await dumpTables(product.installation.database);
    expect(dump).not.toMatch(/kurunaim/i);
    expect(dump).not.toContain("reglamento-2");
    const folder = path.join(
      product.installation.config.filesDirectory,
      "documents",
      town.tenantId,
    );
    const kept = (await readdir(folder)).length;
    const { body } = await town.call("GET", "/documents");
    const versions = (body.documents as { versions: { state: string }[] }[]).flatMap(
      (document) => document.versions,
    );
    expect(kept).toBe(versions.filter(({ state }) => state === "ready").length);
    expect((await fetch(`${product.url}/documents/${id}/versions/1/pages/1`)).status).toBe(404);
  });
});

async function documentNamed(title: string): Promise<{ readonly id: string }> {
  const { body } = await town.call("GET", "/documents?limit=100");
  const found = (body.documents as { id: string; title: string }[]).find(
    (document) => document.title === title,
  );
  if (found === undefined) throw new Error(`There is no document ${title}`);
  return found;
}
