import { join } from 'node:path';
import { signUrl } from 'edgepass';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../run-local';
import { bootEdge, type Edge } from './boot-edge';
import { hasChromium, launchChromium, SLOW_MACHINE_MS } from './browser';
import { encodeFrames, secondOf, toMp4 } from './make-video';
import { type SeenRequest, watchTraffic } from './seen-requests';
import { openVideo, seekTo, shownHue } from './video-in-page';

const SECONDS = 40;
const MEGABYTE = 1_000_000;

describe.skipIf(!hasChromium)('a video, in Chromium (skipped without it)', { timeout: SLOW_MACHINE_MS }, () => {
  const dataDir = join(temporaryFolder(afterAll), 'data');
  let edge: Edge;
  let browser: Browser;
  const sizes = new Map<string, number>();

  beforeAll(async () => {
    edge = await bootEdge(dataDir);
    browser = await launchChromium();
    const frames = await encodeFrames(browser, SECONDS);
    for (const index of ['first', 'last'] as const) {
      const film = toMp4(frames, index);
      sizes.set(index, film.length);
      await edge.put(`index-${index}.mp4`, film, 'video/mp4');
    }
    await edge.put('watch.html', '<!doctype html><video muted preload="metadata"></video>', 'text/html');
  });
  afterAll(async () => {
    await browser?.close();
    await edge?.close();
  });

  const link = (key: string): string =>
    signUrl({ distributionUrl: edge.distributionUrl, key }, { ...edge, expiresIn: 3600 });

  it.each(['first', 'last'])('is seeked in without being fetched whole, its index coming %s', async (index) => {
    const size = sizes.get(index) ?? 0;
    expect(size).toBeGreaterThan(8 * MEGABYTE);
    const page = await browser.newPage();
    await page.goto(link('watch.html'));
    const traffic = await watchTraffic(page);
    expect(await openVideo(page, link(`index-${index}.mp4`))).toBe(SECONDS);
    expect(await seekAndLook(page, 30)).toMatchObject({ wasBuffered: false });
    await seekAndLook(page, 10);
    await seekAndLook(page, 20);
    expect(traffic.receivedBytes()).toBeLessThan(size);
    await page.close();

    const ofFilm = traffic.seen().filter(({ path }) => path === `/index-${index}.mp4`);
    expect(ofFilm.filter((request) => !isAnsweredAsAsked(request, size))).toEqual([]);
    expect(startsOf(ofFilm).some((start) => start > size / 2)).toBe(true);
  });
});

const HAVE_CURRENT_DATA = 2;

async function seekAndLook(page: Page, second: number): Promise<{ readonly wasBuffered: boolean }> {
  const { wasBuffered, readyState } = await seekTo(page, second + 0.5);
  expect(readyState).toBeGreaterThanOrEqual(HAVE_CURRENT_DATA);
  expect(secondOf(await shownHue(page))).toBe(second);
  return { wasBuffered };
}

/** A part with its place in the whole, or the word that the part in Chromium's own cache is still good. */
function isAnsweredAsAsked({ range, ifNoneMatch, status, contentRange }: SeenRequest, size: number): boolean {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === undefined) return false;
  if (status === 304) return ifNoneMatch !== undefined;
  return status === 206 && contentRange === `bytes ${first}-${last || size - 1}/${size}`;
}

const startsOf = (seen: readonly SeenRequest[]): number[] =>
  seen.filter(({ status }) => status === 206).map(({ range }) => Number(range?.match(/\d+/)?.[0]));
