/**
 * A video whose colour tells its second, made by Chromium's own encoder: no binary to keep, nothing to install. Noise around the colour
 * makes it weigh what a film weighs.
 */
import { ArrayBufferTarget, Muxer } from 'mp4-muxer';
import type { Browser } from 'playwright-core';

const WIDTH = 320;
const HEIGHT = 180;
const FRAME_RATE = 25;
const CODEC = 'vp09.00.10.08';
/** Degrees of hue between a second and the next: 40 seconds until a colour comes again. */
const HUE_STEP = 9;
const SEGMENT_SECONDS = 2;

/** Frames in their order; each second begins with one that needs no other. */
export type Frames = readonly Frame[];

interface Frame {
  readonly type: 'key' | 'delta';
  readonly base64: string;
  readonly meta?: EncodedVideoChunkMetadata | undefined;
}

/** The second that a colour stands for. */
export const secondOf = (hue: number): number => Math.round(hue / HUE_STEP);

export async function encodeFrames(browser: Browser, seconds: number): Promise<Frames> {
  const page = await browser.newPage();
  // WebCodecs are for secure origins; nothing of this one leaves the browser.
  await page.route('https://encoder.example/', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto('https://encoder.example/');
  const frames = await page.evaluate(encodeInPage, {
    seconds,
    width: WIDTH,
    height: HEIGHT,
    frameRate: FRAME_RATE,
    codec: CODEC,
    hueStep: HUE_STEP,
  });
  await page.close();
  return frames;
}

/** Runs in the browser: knows nothing but its argument. */
async function encodeInPage(film: {
  seconds: number;
  width: number;
  height: number;
  frameRate: number;
  codec: string;
  hueStep: number;
}): Promise<Frame[]> {
  const { seconds, width, height, frameRate, codec, hueStep } = film;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  const noise = new ImageData(width, height);

  const chunks: { type: 'key' | 'delta'; bytes: Uint8Array<ArrayBuffer>; meta?: EncodedVideoChunkMetadata }[] = [];
  const encoder = new VideoEncoder({
    output(chunk, meta) {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      chunks.push({ type: chunk.type, bytes, ...(meta?.decoderConfig && { meta }) });
    },
    // flush() rejects with it.
    error: () => {},
  });
  encoder.configure({ codec, width, height, framerate: frameRate, bitrate: 4_000_000, latencyMode: 'realtime' });
  for (let frame = 0; frame < seconds * frameRate; frame++) {
    // At most 65,536 bytes of randomness are given at once.
    for (let at = 0; at < noise.data.length; at += 65_536) crypto.getRandomValues(noise.data.subarray(at, at + 65_536));
    for (let alpha = 3; alpha < noise.data.length; alpha += 4) noise.data[alpha] = 255;
    context.putImageData(noise, 0, 0);
    context.fillStyle = `hsl(${Math.floor(frame / frameRate) * hueStep} 100% 50%)`;
    context.fillRect(width / 4, height / 4, width / 2, height / 2);
    const picture = new VideoFrame(context.canvas, { timestamp: (frame * 1_000_000) / frameRate });
    encoder.encode(picture, { keyFrame: frame % frameRate === 0 });
    picture.close();
    if (frame % frameRate === 0) await encoder.flush();
  }
  await encoder.flush();
  encoder.close();

  const toBase64 = (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
    new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result).replace(/^.*,/, ''));
      reader.readAsDataURL(new Blob([bytes]));
    });
  return Promise.all(chunks.map(async ({ type, bytes, meta }) => ({ type, meta, base64: await toBase64(bytes) })));
}

/** One file: the index that a player needs to seek is its beginning or its end. */
export function toMp4(frames: Frames, index: 'first' | 'last'): Buffer {
  return mux(frames, { fastStart: index === 'first' ? 'in-memory' : false });
}

/** An HLS folder: bytes by name. Playlists and media are of that time: fragmented MP4, an initialization section and segments. */
export function toHls(frames: Frames): ReadonlyMap<string, Buffer> {
  const boxes = boxesOf(mux(frames, { fastStart: 'fragmented', minFragmentDuration: SEGMENT_SECONDS }));
  const isOf = (box: Buffer, type: string): boolean => box.toString('latin1', 4, 8) === type;
  const segments = boxes.flatMap((box, at) => (isOf(box, 'moof') ? [Buffer.concat(boxes.slice(at, at + 2))] : []));
  const names = segments.map((_, at) => `segment-${at + 1}.m4s`);
  const playlist = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${SEGMENT_SECONDS}`,
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXT-X-MAP:URI="init.mp4"',
    ...names.flatMap((name) => [`#EXTINF:${SEGMENT_SECONDS},`, name]),
    '#EXT-X-ENDLIST',
  ];
  const variants = [
    '#EXTM3U',
    `#EXT-X-STREAM-INF:BANDWIDTH=8000000,CODECS="${CODEC}",RESOLUTION=${WIDTH}x${HEIGHT}`,
    '320x180/playlist.m3u8',
  ];
  return new Map([
    ['index.m3u8', Buffer.from(variants.join('\n'))],
    ['320x180/playlist.m3u8', Buffer.from(playlist.join('\n'))],
    ['320x180/init.mp4', Buffer.concat(boxes.filter((box) => isOf(box, 'ftyp') || isOf(box, 'moov')))],
    ...segments.map((bytes, at): [string, Buffer] => [`320x180/${names[at]}`, bytes]),
  ]);
}

function mux(
  frames: Frames,
  options: { readonly fastStart: false | 'in-memory' | 'fragmented'; readonly minFragmentDuration?: number },
): Buffer {
  const target = new ArrayBufferTarget();
  const video = { codec: 'vp9' as const, width: WIDTH, height: HEIGHT, frameRate: FRAME_RATE };
  const muxer = new Muxer({ target, video, ...options });
  const duration = 1_000_000 / FRAME_RATE;
  frames.forEach(({ type, base64, meta }, at) => {
    muxer.addVideoChunkRaw(Buffer.from(base64, 'base64'), type, at * duration, duration, meta);
  });
  muxer.finalize();
  return Buffer.from(target.buffer);
}

/** Source: ISO/IEC 14496-12, 4.2: a box begins with its size, 32 bits big-endian, and its type. */
function boxesOf(file: Buffer): Buffer[] {
  const boxes: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const size = file.readUInt32BE(at);
    if (size < 8) throw new Error(`a box of ${size} bytes at ${at}`);
    boxes.push(file.subarray(at, at + size));
    at += size;
  }
  return boxes;
}
