import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asId, type TenantId } from "../core/ids.ts";
import { createCipher } from "./encryption.ts";

const place = {
  tenantId: asId<TenantId>("00000000-0000-4000-8000-000000000001"),
  table: "inbox",
  column: "message",
  rowId: "1",
};

describe("createCipher", () => {
  const cipher = createCipher([randomBytes(32)]);

  it("gives back what it encrypted", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(cipher.decrypt(place, cipher.encrypt(place, text))).toBe(text);
      }),
    );
  });

  it("refuses an envelope moved to another row, column, table or tenant", () => {
    const envelope = cipher.encrypt(place, "hola");
    for (const other of [
      { ...place, rowId: "2" },
      { ...place, column: "part" },
      { ...place, table: "outbox" },
      { ...place, tenantId: asId<TenantId>("00000000-0000-4000-8000-000000000002") },
    ]) {
      expect(() => cipher.decrypt(other, envelope)).toThrow(/does not decrypt/);
    }
  });

  it("refuses an envelope with any byte changed", () => {
    const envelope = cipher.encrypt(place, "hola");
    for (let index = 0; index < envelope.length; index++) {
      const changed = Buffer.from(envelope);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => cipher.decrypt(place, changed)).toThrow(/does not decrypt/);
    }
  });

  it("decrypts under an older key and not under a foreign one", () => {
    const older = randomBytes(32);
    const envelope = createCipher([older]).encrypt(place, "hola");
    expect(createCipher([randomBytes(32), older]).decrypt(place, envelope)).toBe("hola");
    expect(() => cipher.decrypt(place, envelope)).toThrow(/key/);
  });

  it("hashes the same value differently for each purpose", () => {
    expect(cipher.hash("chat", "1")).not.toEqual(cipher.hash("contact", "1"));
    expect(cipher.hash("chat", "1")).toEqual(cipher.hash("chat", "1"));
  });
});
