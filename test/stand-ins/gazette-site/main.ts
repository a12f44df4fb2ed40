import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { SITE_FAULTS, type SiteFault, startGazetteSite } from "./gazette-site.ts";

/** Stable, so that an address written down keeps working. */
const PORT = 8085;

/** Starts a gazette's site, and says how to collect it. */
async function runAsProgram(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      /** `2026-11-20=path/to.pdf`: those bytes on that day. */
      pdf: { type: "string", multiple: true },
    },
  });
  const site = await startGazetteSite({ port: Number(values.port ?? PORT) });
  for (const given of values.pdf ?? []) {
    const [date = "", file = ""] = given.split("=");
    site.setPdf(date, readFileSync(file));
  }
  console.log(`A gazette of no one at ${site.origin}: an edition for every day, two pages each.

Let Pregonero reach it, and collect it:

  ALLOWED_PRIVATE_ADDRESSES=127.0.0.1:${site.port} npm start
  npm run -s pregonero -- source add la-gaceta --url '${site.address}' --host 127.0.0.1
  npm run -s pregonero -- source backfill la-gaceta --from 2026-11-16 --until 2026-11-20
  npm run -s pregonero -- source calendar la-gaceta

Ctrl-C ends it. Type a date and a fault and Enter (\`2026-11-20 missing\`); \`ok\` ends it, \`corrected\` changes the PDF.
  Faults: ${SITE_FAULTS.join(", ")}`);
  createInterface({ input: process.stdin }).on("line", (line) => {
    const [date = "", word = ""] = line.trim().split(/\s+/);
    if (date === "") return;
    const isFault = (SITE_FAULTS as readonly string[]).includes(word);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !(isFault || word === "ok" || word === "corrected")) {
      console.log(`No "${line}".`);
      return;
    }
    if (word === "corrected") site.correct(date);
    else site.setFault(date, isFault ? (word as SiteFault) : undefined);
    console.log(`${date}: ${word}.`);
  });
}

await runAsProgram();
