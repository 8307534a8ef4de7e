/** The Chromium that browser tests use: Debian's, or the one that TMECH_CHROMIUM names. */
export const CHROMIUM = process.env.TMECH_CHROMIUM ?? '/usr/bin/chromium';

export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
