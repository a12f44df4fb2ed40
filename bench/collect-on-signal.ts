/** Preloaded into a process whose memory is measured: SIGUSR2 collects its garbage, and what is printed says so. */
let collections = 0;
process.on("SIGUSR2", () => {
  globalThis.gc?.();
  collections += 1;
  console.log(`garbage collected ${collections}`);
});
