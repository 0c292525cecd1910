import type { Blobs } from './blobs';

/** Writes the bytes of one or several blobs, one after the other, to a new one. */
export async function copyBlob(blobs: Blobs, sources: readonly string[]): Promise<string> {
  const writer = await blobs.create();
  try {
    for (const source of sources) {
      for await (const bytes of blobs.read(source)) await writer.write(bytes as Buffer);
    }
    return await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}
