import { physicalName } from '../cloudformation/physical-name';
import { Properties, type PropertyTable } from '../cloudformation/properties';
import type { ResourceTypes } from '../cloudformation/resource-type';
import type { SsmContext } from './operations';

const PARAMETER: PropertyTable = {
  Name: 'used',
  Type: 'used',
  Value: 'used',
  AllowedPattern: { notImplemented: 'values are not checked against a pattern' },
  Description: { noEffect: 'text' },
  Tier: { noEffect: 'a price' },
  Tags: { noEffect: 'labels' },
};

/** `AWS::SSM::Parameter`: String and StringList; CloudFormation cannot create a SecureString. */
export function ssmResourceTypes(context: SsmContext): ResourceTypes {
  return {
    'AWS::SSM::Parameter': {
      apply(request) {
        const { logicalId, properties } = request;
        const props = new Properties(`${logicalId} (AWS::SSM::Parameter)`, properties, PARAMETER);
        const type = props.oneOf('Type', ['String', 'StringList'], 'String');
        const value = props.text('Value');
        const name = props.optionalText('Name') ?? request.previous?.physicalId ?? physicalName(request, 256);
        const previous = context.parameters.get(name);
        if (previous?.value !== value || previous.type !== type) {
          const version = (previous?.version ?? 0) + 1;
          context.parameters.set(name, { type, value, version, lastModified: context.now().getTime() });
        }
        return { physicalId: name, attributes: { Type: type, Value: value } };
      },
      remove: ({ physicalId }) => void context.parameters.delete(physicalId),
    },
  };
}
