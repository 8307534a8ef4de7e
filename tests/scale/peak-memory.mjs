/** Preloaded into a measured process: prints its peak resident memory and its processor time on stderr when it ends. */
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const seconds = ((userCPUTime + systemCPUTime) / 1e6).toFixed(2);
  process.stderr.write(`peak memory ${maxRSS * 1024} bytes, processor time ${seconds} s\n`);
});
