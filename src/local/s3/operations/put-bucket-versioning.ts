import { textOf } from '../../xml';
import { readXmlBody } from '../body/read-xml-body';
import type { BucketRequest, S3Context, S3Response } from '../request-context';
import { S3Error } from '../s3-error';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html */
export async function putBucketVersioning(request: BucketRequest, context: S3Context): Promise<S3Response> {
  const xml = await readXmlBody(request);
  const status = textOf(xml, 'Status');
  if (textOf(xml, 'MfaDelete') === 'Enabled')
    throw new S3Error('NotImplemented', 'the local runtime does not do MFA delete');
  if (status !== 'Enabled' && status !== 'Suspended') throw new S3Error('IllegalVersioningConfigurationException');
  context.store.changeBucket(request.bucket, { versioning: status });
  return { status: 200 };
}
