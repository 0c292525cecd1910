// Lambda's runtime brings the AWS SDK along.
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';

const s3 = new S3Client();

/** What there is to be mailed: the keys of the reports. */
export async function handler() {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: process.env.REPORTS_BUCKET }));
  return Contents.map(({ Key }) => Key);
}
