import { Properties, type PropertyTable } from '../../cloudformation/properties';
import type { ResourceType } from '../../cloudformation/resource-type';
import type { S3Context } from '../request-context';

const PROPERTIES: PropertyTable = {
  BucketName: 'used',
  ServiceToken: {
    noEffect:
      'its function needs the AWS SDK that Lambda’s runtime brings along, so the local runtime does itself what it does',
  },
};

/** The tag by which the CDK's function knows that a bucket may be emptied. */
export const AUTO_DELETE_TAG = 'aws-cdk:auto-delete-objects';

/**
 * `autoDeleteObjects` of the CDK's bucket: empties it before it is deleted. Source: aws-cdk-lib, custom-resource-handlers,
 * auto-delete-objects-handler.
 */
export function autoDeleteObjects(s3: Pick<S3Context, 'store' | 'settings'>): ResourceType {
  return {
    apply({ logicalId, properties }) {
      const props = new Properties(`${logicalId} (Custom::S3AutoDeleteObjects)`, properties, PROPERTIES);
      return { physicalId: props.text('BucketName'), attributes: {} };
    },
    async remove({ physicalId: bucket }) {
      // Of a bucket that stays in the template, without the tag.
      if (s3.settings.get(bucket).autoDeleteObjects === false) return;
      for (const { key, record } of [...s3.store.listVersions(bucket, Buffer.of())])
        await s3.store.deleteVersion(bucket, key.toString(), record.versionId);
    },
  };
}
