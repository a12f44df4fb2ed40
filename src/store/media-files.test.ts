import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../core/clock.ts";
import { asId, type BotId, type TenantId } from "../core/ids.ts";
import { createCipher } from "./encryption.ts";
import { createMediaFiles } from "./media-files.ts";

const tenantId = asId<TenantId>(randomUUID());
const botId = asId<BotId>(randomUUID());
const bytes = Buffer.from("canario amarillo");
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "media-files-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("files that people sent", () => {
  const open = () => createMediaFiles(folder, createCipher([randomBytes(32)]), systemClock);

  it("are kept for hop 2 under a key, unreadable on the disk", async () => {
    const files = open();
    const fileKey = await files.write(tenantId, botId, bytes);
    expect(await files.read(tenantId, botId, fileKey)).toEqual(bytes);
    const [name = ""] = await readdir(path.join(folder, botId));
    const raw = await readFile(path.join(folder, botId, name), "latin1");
    expect(raw).not.toContain("canario");
    expect(raw).not.toContain(bytes.toString("base64"));
  });

  it("are nobody else's, and no path leads to others", async () => {
    const files = open();
    const fileKey = await files.write(tenantId, botId, bytes);
    expect(await files.read(tenantId, asId<BotId>(randomUUID()), fileKey)).toBeUndefined();
    expect(await files.read(tenantId, botId, `../${botId}/${fileKey}`)).toBeUndefined();
    await expect(files.read(asId<TenantId>(randomUUID()), botId, fileKey)).rejects.toMatchObject({
      code: "decryption-failed",
    });
  });

  it("are forgotten after two days", async () => {
    const files = open();
    const old = await files.write(tenantId, botId, bytes);
    const long = new Date(Date.now() - 49 * 3_600_000);
    await utimes(path.join(folder, botId, old), long, long);
    const young = await files.write(tenantId, botId, bytes);
    expect(await files.read(tenantId, botId, old)).toBeUndefined();
    expect(await files.read(tenantId, botId, young)).toEqual(bytes);
  });
});
