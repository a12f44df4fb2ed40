#!/usr/bin/env node
import { pathToFileURL } from "node:url";
import { build } from "./build.mjs";
import { buildUiBeside } from "./build-ui-beside.mjs";
import { checkNode } from "./node-version.mjs";
import { ensurePackages } from "./packages.mjs";
import { inRoot } from "./paths.mjs";

checkNode();
await ensurePackages();
await build();
if (process.argv[2] === "start") buildUiBeside();
process.setSourceMapsEnabled(true);
const { main } = await import(pathToFileURL(inRoot("dist", "src", "cli", "main.js")).href);
await main(process.argv);
