import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Passport } from "../../src/core/passport-reader.ts";
import {
  type GraphStandIn,
  type StandInNumber,
  startGraphStandIn,
} from "../stand-ins/graph/start-stand-in.ts";
import { type RunningProduct, startProduct } from "./running-product.ts";

let standIn: GraphStandIn;
let number: StandInNumber;
let product: RunningProduct;

beforeAll(async () => {
  // What is written in one breath comes in one webhook, so that no slow machine makes two bursts of it.
  standIn = await startGraphStandIn({ limits: true, webhooks: { batchSize: 10 } });
  number = standIn.addNumber();
  product = await startProduct({ env: { WHATSAPP_GRAPH_URL: standIn.graphUrl } });
  const { accessToken, appSecret, phoneNumberId, businessAccountId } = number;
  await product.installation.botAdmin.add(
    product.installation.tenantId,
    {
      channel: "whatsapp-cloud",
      name: "",
      secrets: { accessToken, appSecret },
      settings: { phoneNumberId, businessAccountId },
    },
    AbortSignal.timeout(30_000),
  );
  await standIn.waitForCall("configure", ({ status }) => status === 200);
});
afterAll(async () => {
  await product?.close();
  await standIn?.close();
});

const answered = (wamid: string): Promise<Passport> =>
  vi.waitFor(
    async () => {
      const { installation } = product;
      const [passport] = await installation.passports.find(installation.tenantId, wamid);
      if (passport?.state !== "answered") throw new Error(`${wamid} is ${passport?.state}`);
      return passport;
    },
    { timeout: 45_000, interval: 40 },
  );

it("answers a question that comes in pieces once, and each piece says with which", async () => {
  const person = standIn.person("50688881001");
  const ids = [
    "Buenas tardes",
    "¿Qué departamentos atiende la Oficina Consular honoraria",
    "en El Calafate?",
  ].map((text) => person.write(text));
  const [first, ...others] = await Promise.all(ids.map(answered));
  const reply = await standIn.waitForMessage(person.phone, ({ text }) => text.includes("[1]"));
  expect(reply.text).toContain("Calafate");
  expect(first?.events).toContainEqual(
    expect.objectContaining({ kind: "answered", detail: expect.objectContaining({ messages: 3 }) }),
  );
  for (const other of others) {
    expect(other.events.at(-1)).toMatchObject({
      kind: "answered",
      detail: { with: first?.messageId },
    });
    expect(other.parts).toEqual([]);
  }
  await vi.waitFor(() =>
    expect(standIn.sent(person.phone)).toHaveLength(first?.parts.length ?? Number.NaN),
  );
});

it("takes a command among the pieces for what it is", async () => {
  const person = standIn.person("50688881002");
  const ids = ["Buenas tardes", "/ayuda", "gracias"].map((text) => person.write(text));
  const passports = await Promise.all(ids.map(answered));
  for (const { events } of passports) {
    const last = events.findLast(({ kind }) => kind === "answered");
    expect(last?.detail).not.toHaveProperty("with");
  }
});
