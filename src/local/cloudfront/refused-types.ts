import { ResourcePropertyError } from '../cloudformation/properties';
import type { ResourceType, ResourceTypes } from '../cloudformation/resource-type';

const EDGE_CODE = 'the edge runs no functions';
const LOGS = 'the edge writes no logs';
const TENANTS = 'the local runtime serves one distribution, to whoever reaches it';

/** By type, the reason. They are refused and not skipped: without them a viewer would get other answers than on AWS. */
const REASONS: Readonly<Record<string, string>> = {
  'AWS::CloudFront::AnycastIpList': TENANTS,
  'AWS::CloudFront::CloudFrontOriginAccessIdentity': 'origin access control replaces it',
  'AWS::CloudFront::ConnectionFunction': EDGE_CODE,
  'AWS::CloudFront::ConnectionGroup': TENANTS,
  'AWS::CloudFront::ContinuousDeploymentPolicy': 'there is no staging distribution',
  'AWS::CloudFront::DistributionTenant': TENANTS,
  'AWS::CloudFront::FieldLevelEncryptionConfig': 'the edge encrypts no fields',
  'AWS::CloudFront::FieldLevelEncryptionProfile': 'the edge encrypts no fields',
  'AWS::CloudFront::Function': EDGE_CODE,
  'AWS::CloudFront::KeyValueStore': EDGE_CODE,
  'AWS::CloudFront::RealtimeLogConfig': LOGS,
  'AWS::CloudFront::StreamingDistribution': 'AWS itself has given it up',
  'AWS::CloudFront::TrustStore': 'the local runtime speaks plain HTTP',
  'AWS::CloudFront::VpcOrigin': 'origins are buckets of the stack',
};

/** CloudFront's other resource types. */
export const REFUSED_RESOURCE_TYPES: ResourceTypes = Object.fromEntries(
  Object.entries(REASONS).map(([type, reason]): [string, ResourceType] => [
    type,
    {
      apply({ logicalId }) {
        throw new ResourcePropertyError(
          'ERR_NOT_IMPLEMENTED',
          `${logicalId}: ${type} is not implemented by the local runtime: ${reason}`,
        );
      },
    },
  ]),
);
