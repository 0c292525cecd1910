import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

const PIECE_BYTES = 64 * 1024;

/** Reads a file that grows, line by line, each time from where it stopped; from its beginning when it was replaced by a shorter one. */
export class GrowingFile {
  readonly #path: string;
  #position = 0;
  #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(path: string) {
    this.#path = path;
  }

  /** Hands on every whole line that was added. False when there is no such file. */
  readNew(onLine: (line: string) => void): boolean {
    const file = this.#open();
    if (file === undefined) return false;
    try {
      if (fstatSync(file).size < this.#position) this.#restart();
      const piece = Buffer.alloc(PIECE_BYTES);
      for (let read = this.#read(file, piece); read > 0; read = this.#read(file, piece)) {
        const lines = (this.#rest + this.#decoder.write(piece.subarray(0, read))).split('\n');
        this.#rest = lines.pop() ?? '';
        for (const line of lines) onLine(line);
      }
      return true;
    } finally {
      closeSync(file);
    }
  }

  #open(): number | undefined {
    try {
      return openSync(this.#path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #read(file: number, piece: Buffer): number {
    const read = readSync(file, piece, 0, piece.length, this.#position);
    this.#position += read;
    return read;
  }

  #restart(): void {
    this.#position = 0;
    this.#rest = '';
    this.#decoder = new StringDecoder('utf8');
  }
}
