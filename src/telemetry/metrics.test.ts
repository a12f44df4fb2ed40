import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { METRICS } from "./metric-catalogue.ts";
import { createMetrics } from "./metrics.ts";

const root = path.resolve(import.meta.dirname, "../..");

function sourceFiles(): string[] {
  return ["src", "bots", "providers"].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .map((file) => path.join(root, folder, file)),
  );
}

const kindOf = (name: string | undefined) =>
  Object.entries(METRICS).find(([known]) => known === name)?.[1].kind;

describe("the catalogue", () => {
  it("has every metric that the code counts, of the same kind", () => {
    const kinds = { count: "counter", observe: "histogram", gauge: "gauge" } as const;
    const wrong = sourceFiles().flatMap((file) => {
      const calls = readFileSync(file, "utf8").matchAll(
        /metrics\s*\.(count|observe|gauge)\(\s*"([a-z_]+)"/g,
      );
      return [...calls]
        .filter(([, call, name]) => kindOf(name) !== kinds[call as keyof typeof kinds])
        .map(([, call, name]) => `${path.relative(root, file)}: ${call} ${name}`);
    });
    expect(wrong).toEqual([]);
  });

  it("is what docs/metrics.md describes", () => {
    const page = readFileSync(path.join(root, "docs/metrics.md"), "utf8");
    const rows = Object.entries(METRICS).map(
      ([name, { kind, labels, help }]) =>
        `| \`pregonero_${name}\` | ${kind} | ${labels.join(", ") || "–"} | ${help} |`,
    );
    for (const row of rows) expect(page).toContain(row);
    expect(page.match(/\| `pregonero_[a-z_]+` \|/g)).toHaveLength(rows.length);
  });
});

describe("scrape", () => {
  it("shows counts, the backlog at the time of asking, and event-loop lag", async () => {
    const exporter = createMetrics({
      readBacklog: async () => ({
        pendingMessages: 7,
        oldestPendingSeconds: 1.5,
        deadMessages: 0,
        queuedParts: 2,
        unknownParts: 1,
      }),
    });
    exporter.metrics.count("turns_total", { outcome: "answered" });
    exporter.metrics.observe("turn_seconds", 0.03, { channel: "telegram" });
    const text = await exporter.scrape();
    expect(text).toContain('pregonero_turns_total{outcome="answered"} 1');
    expect(text).toContain('pregonero_turn_seconds_bucket{le="0.05",channel="telegram"} 1');
    expect(text).toContain("pregonero_inbox_pending 7");
    expect(text).toContain("pregonero_outbox_unknown 1");
    expect(text).toContain("pregonero_nodejs_eventloop_lag_p99_seconds");
  });

  it("answers although the store does not", async () => {
    const exporter = createMetrics({ readBacklog: () => Promise.reject(new Error("down")) });
    expect(await exporter.scrape()).toContain("pregonero_process_cpu_seconds_total");
  });
});
