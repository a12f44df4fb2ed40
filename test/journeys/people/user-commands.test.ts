import { afterAll, beforeAll, expect, it } from "vitest";
import type { CommandContext } from "../../../src/cli/ports.ts";
import { userCommands } from "../../../src/cli/user-commands.ts";
import { PASSWORD, type RunningPeople, startPeople } from "./running-people.ts";

let people: RunningPeople;
beforeAll(async () => {
  people = await startPeople();
});
afterAll(() => people?.close());

const context: CommandContext = { signal: new AbortController().signal, onProgress() {} };
const tokenOf = (url: string) => url.split("#")[1] ?? "";

it("who is added at the command line joins by the link, and the link of the first start is void", async () => {
  const commands = userCommands(people.installation);
  const setUp = await people.installation.people.members.prepareSetUp();
  const add = (email: string, role: "owner" | "operator", tenant?: string) =>
    commands.addUser({ email, role, tenant }, context);
  await expect(add("x@example.org", "owner", "nowhere")).rejects.toMatchObject({
    code: "tenant-unknown",
  });
  await expect(add("x@example.org", "operator", "pregonero")).rejects.toMatchObject({
    code: "usage",
  });
  for (const [email, role] of [
    ["Ana@Example.org", "owner"],
    ["op@example.org", "operator"],
  ] as const) {
    const { url } = await add(email, role);
    expect(url.startsWith(`${people.url}/access/invitation#`)).toBe(true);
    const body = { token: tokenOf(url), name: email, password: PASSWORD };
    const joined = await people.browser().call("POST", "/api/v1/invitations/accept", body);
    expect(joined.status).toBe(201);
  }
  const person = { email: "z@example.org", name: "Z", password: PASSWORD };
  const body = { token: setUp, ...person };
  expect((await people.browser().call("POST", "/api/v1/setup", body)).json.code).toBe("link-void");
  expect(await commands.listUsers({}, context)).toMatchObject([
    { email: "ana@example.org", roles: ["owner"], isDisabled: false },
    { email: "op@example.org", roles: ["operator"] },
  ]);
});

it("who is disabled at the command line is out at once, and a new password ends every session", async () => {
  const commands = userCommands(people.installation);
  const { browser, email } = await people.join("eva@example.org", "viewer");
  const isIn = async () => (await browser.call("GET", "/api/v1/sessions")).status;
  expect(await isIn()).toBe(200);
  await commands.setUserDisabled({ email, isDisabled: true }, context);
  expect(await isIn()).toBe(401);
  await commands.setUserDisabled({ email, isDisabled: false }, context);
  const enter = (password: string) => browser.call("POST", "/api/v1/session", { email, password });
  expect((await enter(PASSWORD)).status).toBe(200);
  const { url } = await commands.resetUserPassword({ email, dropsTotp: false }, context);
  const password = "otra frase que es larga";
  const redeemed = await people
    .browser()
    .call("POST", "/api/v1/password-resets/redeem", { token: tokenOf(url), password });
  expect([redeemed.status, await isIn()]).toEqual([204, 401]);
  expect((await enter(password)).status).toBe(200);
  await expect(
    commands.setUserDisabled({ email: "nobody@example.org", isDisabled: true }, context),
  ).rejects.toMatchObject({ code: "person-unknown" });
});
