import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** One project per tier; see docs/testing.md. */
const tiers = {
  unit: [
    "src/**/*.test.ts",
    "bots/**/*.test.ts",
    "providers/**/*.test.ts",
    "admin-ui/**/*.test.ts",
    "scripts/**/*.test.ts",
  ],
  contract: ["bots/**/*.contract.ts", "providers/**/*.contract.ts", "src/**/*.contract.ts"],
  journey: ["test/journeys/**/*.test.ts", "test/stand-ins/**/*.test.ts"],
  browser: ["test/browser/**/*.test.ts"],
  services: ["test/services/**/*.test.ts", "test/faults/**/*.test.ts"],
};

export default defineConfig({
  test: {
    // On two cores, too: while one file waits for a browser or a database, others go on.
    maxWorkers: availableParallelism() + 1,
    projects: Object.entries(tiers).map(([name, include]) => ({
      test: {
        name,
        include,
        // Loading all modules anew for each file took a third of the time. Files that share a browser or a server keep
        // it in a module, and close it at their end: each has its own.
        isolate: name === "browser" || name === "services",
        // For a machine that is slow and busy: a limit ends what hangs, it claims nothing about speed.
        testTimeout: name === "unit" ? 60_000 : 180_000,
        hookTimeout: 180_000,
        expect: { poll: { timeout: 30_000 } },
        restoreMocks: true,
      },
    })),
  },
});
