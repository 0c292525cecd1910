import { close, open } from 'node:fs';
import { promisify } from 'node:util';

interface OpenFile {
  readonly descriptor: Promise<number>;
  readers: number;
  isForgotten: boolean;
}

/** Descriptors that nobody reads from at the moment, kept for whoever asks next. */
const MOST_IDLE = 128;
const openFile = promisify(open);

/** Descriptors by path, shared by all who read, the least recently used closed first. */
class OpenFiles {
  readonly #files = new Map<string, OpenFile>();

  /** A descriptor, and what lets go of it. */
  async acquire(path: string): Promise<{ descriptor: number; release: () => void }> {
    const file = this.#files.get(path) ?? { descriptor: openFile(path, 'r'), readers: 0, isForgotten: false };
    this.#files.delete(path);
    this.#files.set(path, file);
    file.readers += 1;
    try {
      return { descriptor: await file.descriptor, release: () => this.#release(path, file) };
    } catch (error) {
      this.#release(path, file);
      this.forget(path);
      throw error;
    }
  }

  /** The file is to go: its space is free once nobody has it open. */
  forget(path: string): void {
    const file = this.#files.get(path);
    if (!file) return;
    this.#files.delete(path);
    file.isForgotten = true;
    if (file.readers === 0) closeFile(file);
  }

  #release(path: string, file: OpenFile): void {
    file.readers -= 1;
    if (file.readers > 0) return;
    if (file.isForgotten) closeFile(file);
    else if (this.#files.size > MOST_IDLE) this.#closeOldest(path);
  }

  #closeOldest(latest: string): void {
    const [oldest] = [...this.#files].find(([path, { readers }]) => readers === 0 && path !== latest) ?? [];
    if (oldest !== undefined) this.forget(oldest);
  }
}

function closeFile({ descriptor }: OpenFile): void {
  descriptor.then(
    (number) => close(number),
    () => {},
  );
}

/** One table a process: descriptors are the process's. */
export const openFiles: OpenFiles = new OpenFiles();
