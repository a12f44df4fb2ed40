import { describe, expect, it } from "vitest";
import type { AuditVerdict } from "../core/audit-seals.ts";
import { parseHead, verifyAuditCommand } from "./audit.ts";

const head = { position: 7, seal: "a".repeat(64) };
const context = { signal: new AbortController().signal, onProgress() {} };

async function verify(verdict: AuditVerdict) {
  const said: string[] = [];
  const results: string[] = [];
  const out = {
    progress: (text: string) => void said.push(text),
    result: (text: string) => void results.push(text),
    draw() {},
  };
  const ports = { verifyAudit: async () => verdict };
  return { exitCode: await verifyAuditCommand(ports, {}, context, out), said, results };
}

describe("audit verify", () => {
  it("prints the head that the next one takes", async () => {
    const { exitCode, results } = await verify({ rows: 7, head, findings: [] });
    expect([exitCode, results.map(parseHead)]).toEqual([0, [head]]);
  });

  it("names each row that does not fit, and fails", async () => {
    const what = "Row 5 was changed after it was sealed.";
    const findings = [{ kind: "changed", auditId: 5, what }] as const;
    const { exitCode, said } = await verify({ rows: 7, head, findings });
    expect([exitCode, said[0]]).toEqual([1, what]);
  });

  it.each(["", "7", "7:abc", `-1:${"a".repeat(64)}`])("refuses %j as a head", (text) => {
    expect(() => parseHead(text)).toThrow(/is no head/);
  });
});
