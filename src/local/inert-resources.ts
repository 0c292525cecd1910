import { physicalName } from './cloudformation/physical-name';
import { Properties, type PropertyTable } from './cloudformation/properties';
import type { ResourceTypes } from './cloudformation/resource-type';
import { OBSERVING_RESOURCE_TYPES } from './observing-resources';

const LOG_GROUP: PropertyTable = {
  LogGroupName: 'used',
  RetentionInDays: { noEffect: 'kept until deleted' },
  LogGroupClass: { noEffect: 'a price' },
  Tags: { noEffect: 'labels' },
};

/** Resource types that need to exist, for others refer to them, and that do nothing at home; each with the reason. */
export const INERT_RESOURCE_TYPES: ResourceTypes = {
  ...OBSERVING_RESOURCE_TYPES,
  // The CDK's own mark on a template.
  'AWS::CDK::Metadata': { apply: ({ logicalId }) => ({ physicalId: logicalId, attributes: {} }) },
  // What functions print goes to the home's own log file.
  'AWS::Logs::LogGroup': {
    apply(request) {
      const { logicalId, properties, previous, stack } = request;
      const read = new Properties(`${logicalId} (AWS::Logs::LogGroup)`, properties, LOG_GROUP);
      const name = read.optionalText('LogGroupName') ?? previous?.physicalId ?? physicalName(request, 512);
      const arn = `arn:${stack.partition}:logs:${stack.region}:${stack.accountId}:log-group:${name}:*`;
      return { physicalId: name, attributes: { Arn: arn } };
    },
  },
};
