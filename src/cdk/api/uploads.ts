import { Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import type { Environment } from '../../api/environment';
import { checkKeyPrefix } from '../base/key-prefix';
import { printNumber } from '../base/lifetimes';
import { PropertyError } from '../base/property-error';

export interface UploadProps {
  /**
   * The largest object that can be uploaded, from 1 byte to 5 TiB.
   *
   * @default Size.gibibytes(5)
   */
  readonly maxSize?: Size;

  /**
   * Which content types may be uploaded: `image/png`, or `image/*`.
   *
   * @default - any, also none at all
   */
  readonly contentTypes?: string[];

  /**
   * What the keys of uploaded objects have to begin with. The uploading function may write nowhere else.
   *
   * @default - any key
   */
  readonly prefix?: string;
}

/** Where the uploading function remembers `Idempotency-Key`s. */
export const IDEMPOTENCY_PREFIX = '_s/idempotency/';

/** S3's largest object. Source: Amazon S3 User Guide, "Multipart upload limits". */
const LARGEST_OBJECT = 5 * 1024 ** 4;
/** RFC 9110, section 8.3.1, without parameters. */
const CONTENT_TYPE = /^[\w!#$%&'*+.^`|~-]+\/(?:\*|[\w!#$%&'+.^`|~-]+)$/;

/** The limits as the uploading function reads them from its environment. @throws PropertyError */
export function printUploadLimits({
  maxSize = Size.gibibytes(5),
  contentTypes = [],
  prefix = '',
}: UploadProps): Environment<'UPLOAD_MAX_SIZE' | 'UPLOAD_CONTENT_TYPES' | 'UPLOAD_PREFIX'> {
  if (!maxSize.isUnresolved()) checkMaxSize(maxSize.toBytes({ rounding: SizeRoundingBehavior.NONE }));
  for (const [at, type] of contentTypes.entries()) checkContentType(`uploads.contentTypes[${at}]`, type);
  if (!Token.isUnresolved(prefix)) checkUploadPrefix(prefix);
  return {
    UPLOAD_MAX_SIZE: printNumber(maxSize.toBytes()),
    UPLOAD_CONTENT_TYPES: contentTypes.join(','),
    UPLOAD_PREFIX: prefix,
  };
}

function checkMaxSize(bytes: number): void {
  if (Number.isSafeInteger(bytes) && bytes >= 1 && bytes <= LARGEST_OBJECT) return;
  throw new PropertyError(
    'uploads.maxSize',
    `is ${bytes} bytes: give a whole number from 1 byte to S3’s largest object, 5 TiB`,
  );
}

function checkContentType(property: string, type: string): void {
  if (Token.isUnresolved(type) || (CONTENT_TYPE.test(type) && !type.startsWith('*'))) return;
  throw new PropertyError(
    property,
    `is ${JSON.stringify(type)}: give type/subtype or type/*, and leave the list out for any type`,
  );
}

function checkUploadPrefix(prefix: string): void {
  checkKeyPrefix('uploads.prefix', prefix);
  // It is part of a resource in an IAM policy, where these would allow more than what is written.
  if (/[*?]|\$\{/.test(prefix))
    throw new PropertyError('uploads.prefix', 'has a wildcard of IAM policies (*, ? or ${): give a prefix without');
}
