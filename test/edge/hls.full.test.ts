/** docs/videos-and-folders.md, run: its application, its page, hls.js, Chromium and a local distribution. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../run-local';
import { bootEdge, type Edge } from './boot-edge';
import { hasChromium, launchChromium, SLOW_MACHINE_MS } from './browser';
import { encodeFrames, secondOf, toHls } from './make-video';
import { type PageTraffic, type SeenRequest, watchTraffic } from './seen-requests';
import { playToEnd, shownHue } from './video-in-page';

const root = join(__dirname, '..', '..');
const guide = readFileSync(join(root, 'docs', 'videos-and-folders.md'), 'utf8');
const SECONDS = 12;
const SEGMENTS = 6;
const FOLDER = 'videos/42/';
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  m3u8: 'application/vnd.apple.mpegurl',
  mp4: 'video/mp4',
  m4s: 'video/mp4',
};

const sample = (language: string): string =>
  new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(guide)?.[1] ?? '';

describe.skipIf(!hasChromium)('an HLS folder, in Chromium (skipped without it)', { timeout: SLOW_MACHINE_MS }, () => {
  const dataDir = join(temporaryFolder(afterAll), 'data');
  let edge: Edge;
  let browser: Browser;
  let application: { readonly url: string; close(): void };

  beforeAll(async () => {
    edge = await bootEdge(dataDir);
    browser = await launchChromium();
    application = await startApplication(edge);
    for (const [name, bytes] of toHls(await encodeFrames(browser, SECONDS)))
      await edge.put(FOLDER + name, bytes, CONTENT_TYPES[name.split('.').at(-1) ?? ''] ?? '');
    await edge.put(`${FOLDER}player.html`, sample('html'), 'text/html');
    const hlsJs = readFileSync(join(root, 'node_modules', 'hls.js', 'dist', 'hls.min.mjs'));
    await edge.put(`${FOLDER}hls.mjs`, hlsJs, 'text/javascript');
    await edge.put('videos/43/index.m3u8', '#EXTM3U', CONTENT_TYPES.m3u8 ?? '');
  });
  afterAll(async () => {
    application?.close();
    await browser?.close();
    await edge?.close();
  });

  /** A viewer who has nothing yet, sent to the player by the application. */
  async function watch(
    way: 'by-link' | 'by-cookies',
    use: (page: Page, traffic: PageTraffic) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext();
    const page = await context.newPage();
    const traffic = await watchTraffic(page);
    await page.goto(`${application.url}/${way}`);
    await use(page, traffic);
    await context.close();
  }

  it.each([
    ['by-link', 'query'],
    ['by-cookies', 'cookies'],
  ] as const)('plays to its end, %s', (way, signedBy) =>
    watch(way, async (page, traffic) => {
      const { currentTime } = await playToEnd(page, 3);
      expect(currentTime).toBeCloseTo(SECONDS, 1);
      expect(secondOf(await shownHue(page))).toBe(SECONDS - 1);

      const ofFolder = traffic.seen().filter(({ path }) => path.startsWith(`/${FOLDER}`));
      expect(pathsOf(ofFolder)).toEqual(expect.arrayContaining(expectedPaths()));
      expect(ofFolder.filter((request) => request.signedBy !== signedBy)).toEqual([]);
      expect(ofFolder.filter(({ status }) => status !== 200 && status !== 206)).toEqual([]);
    }),
  );

  it.each(['query', 'cookies'] as const)('plays to its end by what POST /folders answers, its %s', async (signedBy) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const traffic = await watchTraffic(page);
    // The API below the distribution is of the page's own origin: its cookies are first-party.
    await page.goto(`${edge.distributionUrl}/_api/health`);
    const { baseUrl, query } = await page.evaluate(
      async ([apiKey, prefix]) => {
        const answer = await fetch('/_api/folders', {
          method: 'POST',
          headers: { 'x-api-key': apiKey },
          body: JSON.stringify({ prefix }),
        });
        return (await answer.json()) as { baseUrl: string; query: string };
      },
      [edge.apiKey, FOLDER] as const,
    );
    if (signedBy === 'query') await context.clearCookies();
    await page.goto(`${baseUrl}player.html${signedBy === 'query' ? `?${query}` : ''}`);
    const { currentTime } = await playToEnd(page, 3);
    expect(currentTime).toBeCloseTo(SECONDS, 1);
    const ofFolder = traffic.seen().filter(({ path }) => path.startsWith(`/${FOLDER}`));
    expect(pathsOf(ofFolder)).toEqual(expect.arrayContaining(expectedPaths()));
    expect(ofFolder.filter((request) => request.signedBy !== signedBy)).toEqual([]);
    await context.close();
  });

  it('opens nothing without its signature, and no other folder with it', async () => {
    await watch('by-link', async (page) => {
      expect(await fetchInPage(page, 'index.m3u8')).toBe('403 MissingKey');
      expect(await fetchInPage(page, `/videos/43/index.m3u8${new URL(page.url()).search}`)).toBe('403 AccessDenied');
    });
    await watch('by-cookies', async (page) => {
      expect(await fetchInPage(page, 'index.m3u8')).toBe('200');
      expect(await fetchInPage(page, 'index.m3u8', 'omit')).toBe('403 MissingKey');
      expect(await fetchInPage(page, '/videos/43/index.m3u8')).toBe('403 MissingKey');
    });
  });
});

/** What the distribution says, not Chromium's cache: the status, and CloudFront's code for a refusal. */
const fetchInPage = (page: Page, url: string, credentials: RequestCredentials = 'same-origin'): Promise<string> =>
  page.evaluate(
    async ([address, mode]) => {
      const answer = await fetch(address, { credentials: mode, cache: 'no-store' });
      const [, code] = /<Code>(\w+)</.exec(await answer.text()) ?? [];
      return code === undefined ? String(answer.status) : `${answer.status} ${code}`;
    },
    [url, credentials] as const,
  );

const pathsOf = (requests: readonly SeenRequest[]): string[] => requests.map(({ path }) => path);

const expectedPaths = (): string[] => [
  `/${FOLDER}player.html`,
  `/${FOLDER}hls.mjs`,
  `/${FOLDER}index.m3u8`,
  `/${FOLDER}320x180/playlist.m3u8`,
  `/${FOLDER}320x180/init.mp4`,
  ...Array.from({ length: SEGMENTS }, (_, at) => `/${FOLDER}320x180/segment-${at + 1}.m4s`),
];

/** The guide's application, with the distribution's own key. */
async function startApplication(edge: Edge): Promise<{ readonly url: string; close(): void }> {
  const { distributionUrl: DISTRIBUTION_URL, keyPairId: KEY_PAIR_ID, privateKey: PRIVATE_KEY } = edge;
  const child = spawn(process.execPath, ['--input-type=module', '-e', sample('js')], {
    cwd: root,
    env: { ...process.env, DISTRIBUTION_URL, KEY_PAIR_ID, PRIVATE_KEY, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const url of createInterface(child.stdout)) return { url, close: () => child.kill() };
  throw new Error('the application ended before it listened');
}
