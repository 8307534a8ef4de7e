/** Preloaded into a measured process: prints its peak resident memory on stderr when it ends. */
process.on('exit', () => {
  process.stderr.write(`peak memory ${process.resourceUsage().maxRSS * 1024} bytes\n`);
});
