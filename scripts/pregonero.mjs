#!/usr/bin/env node
import { pathToFileURL } from "node:url";
import { build } from "./build.mjs";
import { checkNode } from "./node-version.mjs";
import { ensurePackages } from "./packages.mjs";
import { inRoot } from "./paths.mjs";

checkNode();
await ensurePackages();
await build();
process.setSourceMapsEnabled(true);
const { main } = await import(pathToFileURL(inRoot("dist", "src", "cli", "main.js")).href);
await main(process.argv);
