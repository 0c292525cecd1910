import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { S3Error } from '../s3-error';

/** The checksums S3 knows, by the word of `x-amz-checksum-algorithm`. Source: Amazon S3 User Guide, "Checking object integrity". */
export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

export interface RunningChecksum {
  update(bytes: Buffer): void;
  /** Big-endian bytes, base64. */
  digest(): string;
}

const hashed = (name: string) => (): RunningChecksum => {
  const hash: Hash = createHash(name);
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') };
};

export const CHECKSUMS: Readonly<Record<ChecksumAlgorithm, () => RunningChecksum>> = {
  CRC32: () => {
    let value = 0;
    return {
      update(bytes) {
        value = crc32(bytes, value);
      },
      digest: () => uint32(value),
    };
  },
  CRC32C: () => {
    let value = 0xffffffff;
    return {
      update(bytes) {
        for (const byte of bytes) value = (CRC32C_TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
      },
      digest: () => uint32(~value >>> 0),
    };
  },
  CRC64NVME: () => {
    let high = 0xffffffff;
    let low = 0xffffffff;
    return {
      update(bytes) {
        for (const byte of bytes) {
          const row = ((low ^ byte) & 0xff) * 2;
          low = ((low >>> 8) | (high << 24)) ^ (CRC64_TABLE[row + 1] ?? 0);
          high = (high >>> 8) ^ (CRC64_TABLE[row] ?? 0);
        }
      },
      digest: () => Buffer.concat([word(~high), word(~low)]).toString('base64'),
    };
  },
  SHA1: hashed('sha1'),
  SHA256: hashed('sha256'),
};

const isChecksumAlgorithm = (name: string): name is ChecksumAlgorithm => Object.hasOwn(CHECKSUMS, name);

/** @throws S3Error NotImplemented for those S3 has since 2026 and the local runtime has not, InvalidRequest for any other word. */
export function readChecksumAlgorithm(text: string): ChecksumAlgorithm {
  const name = text.toUpperCase();
  if (isChecksumAlgorithm(name)) return name;
  if (/^(SHA512|MD5|XXHASH\w*)$/.test(name))
    throw new S3Error('NotImplemented', `the local runtime does not know the checksum ${name}`);
  throw new S3Error('InvalidRequest', 'Checksum algorithm provided is unsupported.');
}

/** `x-amz-checksum-crc32` */
export const checksumHeader = (algorithm: ChecksumAlgorithm): string => `x-amz-checksum-${algorithm.toLowerCase()}`;

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};
const uint32 = (value: number): string => word(value).toString('base64');

/** Castagnoli's polynomial, reflected. */
const CRC32C_TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_none, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/** The polynomial of CRC-64/NVME, reflected: 0x9a6c9329ac4bc9b5; each entry as its high and its low word. */
const CRC64_TABLE: Uint32Array = crc64Table();

function crc64Table(): Uint32Array {
  const table = new Uint32Array(512);
  for (let index = 0; index < 256; index++) {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
    table[index * 2] = Number(value >> 32n);
    table[index * 2 + 1] = Number(value & 0xffffffffn);
  }
  return table;
}
