import { physicalName } from './cloudformation/physical-name';
import { refuseUnknown } from './cloudformation/properties';
import type { ResourceTypes } from './cloudformation/resource-type';

/** Resource types that need to exist, for others refer to them, and that do nothing at home; each with the reason. */
export const INERT_RESOURCE_TYPES: ResourceTypes = {
  // The CDK's own mark on a template.
  'AWS::CDK::Metadata': { apply: ({ logicalId }) => ({ physicalId: logicalId, attributes: {} }) },
  // What functions print goes to the home's own log file.
  'AWS::Logs::LogGroup': {
    apply(request) {
      const inert = { RetentionInDays: 'kept until deleted', LogGroupClass: 'a price', Tags: 'labels' };
      refuseUnknown(request, ['LogGroupName'], inert);
      const { properties, previous, stack } = request;
      const name = properties.LogGroupName ?? previous?.physicalId ?? physicalName(request, 512);
      const arn = `arn:${stack.partition}:logs:${stack.region}:${stack.accountId}:log-group:${name}:*`;
      return { physicalId: String(name), attributes: { Arn: arn } };
    },
  },
};
