import { existsSync } from "node:fs";
import path from "node:path";
import type { Config } from "./config.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/** Where Debian has it, also for a service whose PATH is short. */
const USUAL_FOLDER = "/usr/bin";

/** The browser for sessions of WhatsApp Web: the one that was named, else the first found; nothing is started. */
export function findChromium({
  chromiumPath,
  searchPath,
}: Pick<Config, "chromiumPath" | "searchPath">): string {
  if (chromiumPath !== undefined) return chromiumPath;
  const folders = [...searchPath.split(path.delimiter), USUAL_FOLDER].filter(path.isAbsolute);
  const places = folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  // The session that finds none there says so.
  return places.find((place) => existsSync(place)) ?? path.join(USUAL_FOLDER, "chromium");
}
