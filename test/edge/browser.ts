import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's. Where another one is, say so with EDGEPASS_CHROMIUM. */
const CHROMIUM = process.env.EDGEPASS_CHROMIUM ?? '/usr/bin/chromium';

/** For what a browser does on a machine that has other things to do. */
export const SLOW_MACHINE_MS = 180_000;

export const hasChromium = existsSync(CHROMIUM);

/** A Chromium without a window that talks to nobody of its own accord. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    timeout: SLOW_MACHINE_MS,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
