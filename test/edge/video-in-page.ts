import type { Page } from 'playwright-core';

/** Gives the page's video a source; resolves with its duration, in seconds. */
export const openVideo = (page: Page, url: string): Promise<number> =>
  page.evaluate(async (src) => {
    const video = document.querySelector('video');
    if (!video) throw new Error('the page has no video');
    await new Promise((resolve, reject) => {
      video.onloadedmetadata = resolve;
      video.onerror = () => reject(new Error(video.error?.message));
      video.src = src;
    });
    return video.duration;
  }, url);

/** Seeks in the page's video; resolves once the frame is there. */
export const seekTo = (
  page: Page,
  time: number,
): Promise<{ readonly wasBuffered: boolean; readonly readyState: number }> =>
  page.evaluate(async (to) => {
    const video = document.querySelector('video');
    if (!video) throw new Error('the page has no video');
    const { buffered } = video;
    const wasBuffered = Array.from(
      { length: buffered.length },
      (_, at) => buffered.start(at) <= to && to < buffered.end(at),
    ).includes(true);
    await new Promise((resolve, reject) => {
      video.onseeked = resolve;
      video.onerror = () => reject(new Error(video.error?.message));
      video.currentTime = to;
    });
    return { wasBuffered, readyState: video.readyState };
  }, time);

/** Plays the page's video to its end, at that many times its speed, once the page has given it something to play. */
export const playToEnd = (page: Page, playbackRate: number): Promise<{ readonly currentTime: number }> =>
  page.evaluate(async (rate) => {
    const video = document.querySelector('video');
    if (!video) throw new Error('the page has no video');
    if (video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA)
      await new Promise((resolve) => {
        video.oncanplay = resolve;
      });
    await new Promise((resolve, reject) => {
      video.onended = resolve;
      video.onerror = () => reject(new Error(video.error?.message));
      video.playbackRate = rate;
      video.play().catch(reject);
    });
    return { currentTime: video.currentTime };
  }, playbackRate);

/** The hue, in degrees, in the middle of what the page's video shows. */
export const shownHue = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const video = document.querySelector('video');
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    if (!video || !context) throw new Error('no video, or no canvas');
    const { videoWidth: width, videoHeight: height } = video;
    context.drawImage(video, width / 2 - 4, height / 2 - 4, 8, 8, 0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
    const most = Math.max(red, green, blue);
    const span = most - Math.min(red, green, blue);
    if (span === 0) throw new Error('a grey: no frame is shown');
    if (most === red) return (60 * ((green - blue) / span) + 360) % 360;
    return most === green ? 60 * ((blue - red) / span) + 120 : 60 * ((red - green) / span) + 240;
  });
