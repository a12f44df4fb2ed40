import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { build, WORKSHOP } from "./build.mjs";
import { check } from "./check.mjs";
import { findChromium } from "./find-chromium.mjs";
import { checkNode } from "./node-version.mjs";
import { ensurePackages } from "./packages.mjs";
import { inRoot, root, say } from "./paths.mjs";

/** Programs of the workshop: TypeScript of test/ and bench/ that a person runs by hand. */
const PROGRAMS = {
  bench: ["bench/main.js"],
  client: ["test/client/write-client.js"],
  pictures: ["test/ui/pictures/take-pictures.js"],
  seed: ["bench/seed/main.js"],
  "verify-journey": ["test/faults/verify-journey.js"],
  "verify-campaigns": ["test/faults/verify-campaigns.js"],
  "verify-chain": ["test/faults/verify-chain.js"],
  "verify-newsroom": ["test/newsroom/verify-newsroom.js"],
  "verify-security": ["test/security/verify-security.js"],
  "verify-ui": ["test/ui/verify-ui.js"],
  "verify-whatsapp": ["test/faults/verify-whatsapp.js"],
  "stand-in-telegram": ["test/stand-ins/telegram/main.js"],
  "stand-in-whatsapp": ["test/stand-ins/whatsapp-web/main.js"],
  "stand-in-gazette-site": ["test/stand-ins/gazette-site/main.js"],
  "stand-in-graph": ["test/stand-ins/graph/main.js"],
  "stand-in-llm": ["test/stand-ins/llm/main.js"],
  "stand-in-x": ["test/stand-ins/x/main.js"],
};

const [task, ...rest] = process.argv.slice(2);
checkNode();
await ensurePackages();
if (task === "vitest") runTests(rest);
else if (task === "check") process.exitCode = await check(rest);
else if (task !== undefined && task in PROGRAMS) await runProgram(PROGRAMS[task]);
else {
  say(`Unknown task "${task}". One of: vitest, check, ${Object.keys(PROGRAMS).join(", ")}.`);
  process.exitCode = 64;
}

/** Leaves out, in one line, the tiers that this machine cannot run. */
function runTests(args) {
  const wantsBrowser = args.some((arg, at) => arg === "browser" && args[at - 1] === "--project");
  const chromium = wantsBrowser ? findChromium() : undefined;
  const isLeftOut = wantsBrowser && chromium === undefined;
  const kept = isLeftOut
    ? args.filter(
        (arg, at) => !(arg === "browser" || (arg === "--project" && args[at + 1] === "browser")),
      )
    : args;
  const vitest = spawnSync(process.execPath, [inRoot("node_modules/vitest/vitest.mjs"), ...kept], {
    cwd: root,
    stdio: "inherit",
    env: chromium === undefined ? process.env : { ...process.env, CHROMIUM_PATH: chromium },
  });
  if (args.includes("unit")) {
    const browser = isLeftOut
      ? "browser (no Chromium here: `apt-get install chromium`, or set CHROMIUM_PATH), "
      : "";
    say(
      `Left out: ${browser}services (PostgreSQL + Redis: \`npm run test:services\`, see docs/testing.md).`,
    );
  }
  process.exitCode = vitest.status ?? 1;
}

async function runProgram([file]) {
  await build(WORKSHOP);
  const program = inRoot("dist", file);
  if (!existsSync(program)) {
    say(`${file.replace(/\.js$/, ".ts")} does not exist in this version.`);
    process.exitCode = 1;
    return;
  }
  const child = spawnSync(process.execPath, ["--enable-source-maps", program, ...rest], {
    cwd: root,
    stdio: "inherit",
  });
  process.exitCode = child.status ?? 1;
}
