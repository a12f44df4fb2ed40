import { readFileSync } from "node:fs";
import path from "node:path";
import { findPackageRoot } from "./package-root.ts";

/** As package.json says. */
export const VERSION = (
  JSON.parse(readFileSync(path.join(findPackageRoot(), "package.json"), "utf8")) as {
    version: string;
  }
).version;
