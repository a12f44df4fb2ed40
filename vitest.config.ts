import { defineConfig } from "vitest/config";

/** One project per tier; see docs/testing.md. */
const tiers = {
  unit: ["src/**/*.test.ts", "bots/**/*.test.ts", "providers/**/*.test.ts", "scripts/**/*.test.ts"],
  contract: ["bots/**/*.contract.ts", "providers/**/*.contract.ts", "src/**/*.contract.ts"],
  journey: ["test/journeys/**/*.test.ts", "test/stand-ins/**/*.test.ts"],
  browser: ["test/browser/**/*.test.ts"],
  services: ["test/services/**/*.test.ts", "test/faults/**/*.test.ts"],
};

export default defineConfig({
  test: {
    projects: Object.entries(tiers).map(([name, include]) => ({
      test: {
        name,
        include,
        testTimeout: name === "unit" ? 20_000 : 120_000,
        hookTimeout: 120_000,
        restoreMocks: true,
      },
    })),
  },
});
