import type { StoredChecksum } from '../store/object-record';

export const checksumElements = (checksum: StoredChecksum | undefined): Record<string, string> =>
  checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type } : {};
