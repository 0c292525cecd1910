/**
 * The CRC of two runs of bytes, one behind the other, from the CRCs of both and the length of the second: how a multipart upload gets
 * its full-object checksum without reading its parts again. The method is that of zlib's crc32_combine: appending zero bytes is a
 * linear map over GF(2), and squaring its matrix doubles the number of bytes.
 */
type Matrix = readonly bigint[];

export interface Crc {
  readonly width: 32 | 64;
  /** Reflected. */
  readonly polynomial: bigint;
}

export const COMBINABLE: Readonly<Record<'CRC32' | 'CRC32C' | 'CRC64NVME', Crc>> = {
  CRC32: { width: 32, polynomial: 0xedb88320n },
  CRC32C: { width: 32, polynomial: 0x82f63b78n },
  CRC64NVME: { width: 64, polynomial: 0x9a6c9329ac4bc9b5n },
};

/** Both checksums and the result are base64 of big-endian bytes, as S3 writes them. */
export function combineCrc(crc: Crc, first: string, second: string, secondLength: number): string {
  let value = BigInt(`0x${Buffer.from(first, 'base64').toString('hex')}`);
  let matrix = oneZeroByte(crc);
  for (let rest = BigInt(secondLength); rest > 0n; rest >>= 1n) {
    if (rest & 1n) value = times(matrix, value);
    matrix = square(matrix);
  }
  const combined = value ^ BigInt(`0x${Buffer.from(second, 'base64').toString('hex')}`);
  return Buffer.from(combined.toString(16).padStart(crc.width / 4, '0'), 'hex').toString('base64');
}

function oneZeroByte({ width, polynomial }: Crc): Matrix {
  const oneBit = Array.from({ length: width }, (_none, bit) => (bit === 0 ? polynomial : 1n << BigInt(bit - 1)));
  return square(square(square(oneBit)));
}

const square = (matrix: Matrix): Matrix => matrix.map((row) => times(matrix, row));

function times(matrix: Matrix, vector: bigint): bigint {
  let sum = 0n;
  for (let rest = vector, bit = 0; rest > 0n; rest >>= 1n, bit++) if (rest & 1n) sum ^= matrix[bit] ?? 0n;
  return sum;
}
