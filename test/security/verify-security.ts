import { describeApi } from "../../src/http/openapi.ts";
import { huntCanaries, plantCanaries } from "./canaries.ts";
import { checklistProblems } from "./checklist.ts";
import { CHECKLIST } from "./checklist-rows.ts";
import { fillTables } from "./foreign-rows.ts";
import { type Ground, startGround } from "./ground.ts";
import { sendHostileBodies } from "./hostile-bodies.ts";
import { fillMatrix, isUnexpected, printMatrix } from "./matrix.ts";
import { auditPackages, checkLock, type Finding, scanForSecrets } from "./packages.ts";
import { swapIds } from "./swap-ids.ts";

/** `npm run verify:security`: what is promised against what was seen. Exit code 1 when a cell falls short. */
const document = describeApi({ version: "0", publicUrl: undefined });
const shortfalls: string[] = [];

const ground = await startGround();
try {
  await verifyMatrix(ground);
  const { database } = ground.people.installation;
  const ids = await fillTables(database, ground.foreign);
  await verifySwaps(ground, ids);
  await verifyCanaries(ground);
  await verifyBodies(ground);
} finally {
  await ground.close();
}
verifyPackages();
verifyChecklist();
say("");
for (const shortfall of shortfalls) say(`SHORT  ${shortfall}`);
say(shortfalls.length === 0 ? "Everything holds." : `${shortfalls.length} cells fall short.`);
process.exitCode = shortfalls.length === 0 ? 0 : 1;

async function verifyMatrix(on: Ground): Promise<void> {
  const cells = await fillMatrix(on);
  say(printMatrix(cells));
  const unexpected = cells.filter(isUnexpected);
  line("authorisation matrix", cells.length, unexpected.length);
  shortfalls.push(
    ...unexpected.map(
      ({ route, who, expected, seen }) => `${route} as ${who}: ${seen}, expected ${expected}`,
    ),
  );
}

async function verifySwaps(on: Ground, ids: Parameters<typeof swapIds>[2]): Promise<void> {
  const swaps = await swapIds(on, document, ids);
  const told = swaps.filter(({ difference }) => difference !== undefined);
  const invalid = swaps.filter((swap) => swap.invalid !== undefined);
  const tried = swaps.reduce((sum, swap) => sum + swap.tried, 0);
  line(`foreign ids (${swaps.length} places)`, tried, told.length + invalid.length);
  shortfalls.push(
    ...told.map(({ route, place, difference }) => `${route}, ${place}: ${difference}`),
    ...invalid.map(
      ({ route, place, invalid: why }) => `${route}, ${place}: no valid request, ${why}`,
    ),
  );
}

async function verifyCanaries(on: Ground): Promise<void> {
  const planted = await plantCanaries(on.people.installation.database, on.foreign);
  const { asked, sightings } = await huntCanaries(on, document);
  line(`canaries (${planted} planted)`, asked, sightings.length);
  shortfalls.push(...sightings.map(({ route, what }) => `${route} shows ${what}`));
}

async function verifyBodies(on: Ground): Promise<void> {
  const { sent, taken } = await sendHostileBodies(on, document);
  line("hostile bodies", sent, taken.length);
  shortfalls.push(...taken.map(({ route, what, status }) => `${route}: ${status} to ${what}`));
}

function verifyPackages(): void {
  const judge = (name: string, looked: number, findings: readonly Finding[]) => {
    const open = findings.filter(({ because }) => because === undefined);
    line(name, looked, open.length);
    for (const { what, because } of findings)
      if (because !== undefined) say(`  ${what}: ${because}`);
    shortfalls.push(...open.map(({ what }) => what));
  };
  const { packages, findings } = checkLock();
  judge("packages: licence and sum", packages, findings);
  const holes = auditPackages();
  if (holes === undefined) say("packages: the registry did not answer; holes are not known");
  else judge("packages: known holes, high and critical", packages, holes);
  const scanned = scanForSecrets();
  judge("secrets in the repository", scanned.files, scanned.findings);
}

function verifyChecklist(): void {
  const problems = checklistProblems();
  line("checklist S01 to S66", CHECKLIST.length, problems.length);
  const without = CHECKLIST.filter(({ tests }) => tests === undefined);
  for (const { id, reason } of without) say(`  ${id}: ${reason}`);
  shortfalls.push(...problems);
}

function line(name: string, looked: number, short: number): void {
  say(
    `${name.padEnd(44)} ${String(looked).padStart(6)} looked at  ${String(short).padStart(4)} short`,
  );
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
