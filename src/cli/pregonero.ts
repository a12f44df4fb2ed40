import { main } from "./main.ts";

/** The program itself, for an image that is built once: `scripts/pregonero.mjs` installs and builds first. */
await main(process.argv);
