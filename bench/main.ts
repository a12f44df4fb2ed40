import { complete, type Figure, missedFigures, printSection, saveSection } from "./figure.ts";
import { measureAcknowledgement } from "./sections/acknowledgement.ts";
import { measureAlertsBesideReplies } from "./sections/alerts-beside-replies.ts";
import { measureApiLoad } from "./sections/api-load.ts";
import { measureAsking } from "./sections/asking.ts";
import { measureChain } from "./sections/chain.ts";
import { measureContactImport } from "./sections/contact-import.ts";
import { measureDuplicates } from "./sections/duplicates.ts";
import { measureEndToEnd } from "./sections/end-to-end.ts";
import { measureExtraction } from "./sections/extraction.ts";
import { measureLists } from "./sections/lists.ts";
import { measureManyBots } from "./sections/many-bots.ts";
import { measureModelLink } from "./sections/model-link.ts";
import { measureStartAndMemory } from "./sections/start-and-memory.ts";
import { measureStreams } from "./sections/streams.ts";
import { measureSubscriptions } from "./sections/subscriptions.ts";
import { measureWhatsAppCloud } from "./sections/whatsapp-cloud.ts";

const SECTIONS: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  "end-to-end": measureEndToEnd,
  "model-link": measureModelLink,
  chain: measureChain,
  acknowledgement: measureAcknowledgement,
  duplicates: measureDuplicates,
  "whatsapp-cloud": measureWhatsAppCloud,
  "start-and-memory": measureStartAndMemory,
  "many-bots": measureManyBots,
  streams: measureStreams,
  extraction: measureExtraction,
  asking: measureAsking,
  lists: measureLists,
  "contact-import": measureContactImport,
  "api-load": measureApiLoad,
  subscriptions: measureSubscriptions,
  "alerts-beside-replies": measureAlertsBesideReplies,
};

/**
 * `npm run bench [-- section …]`: measures, prints a table for each section and keeps it in
 * bench/results.json. Exits 1 when a section could not be measured or a target is missed, and says which.
 */
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => SECTIONS[name] === undefined);
if (unknown.length > 0) {
  console.error(
    `No section ${unknown.join(", ")}. There are: ${Object.keys(SECTIONS).join(", ")}.`,
  );
  process.exit(64);
}
const missed: string[] = [];
for (const [name, measure] of Object.entries(SECTIONS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.error(`Measuring ${name} …`);
  try {
    const figures = await measure();
    if (figures.length === 0) throw new Error("It ended without a figure.");
    const result = complete(name, figures);
    printSection(result);
    await saveSection(result);
    missed.push(...missedFigures(result).map((figure) => `${name}: ${figure}`));
  } catch (error) {
    console.error(`${name} could not be measured:`, error);
    process.exitCode = 1;
  }
}
if (missed.length > 0) {
  console.error(`\nMissed:\n${missed.map((line) => `  ${line}`).join("\n")}`);
  process.exitCode = 1;
}
// Stand-ins and pools may keep timers that are of no use any more.
process.exit();
