import { physicalName } from '../cloudformation/physical-name';
import { refuseUnknown } from '../cloudformation/properties';
import type { ResourceTypes } from '../cloudformation/resource-type';
import type { Ssm } from './ssm';

const INERT = { Description: 'text', Tier: 'a price', Tags: 'labels' };

/** `AWS::SSM::Parameter`: String and StringList; CloudFormation cannot create a SecureString. */
export function ssmResourceTypes({ context }: Ssm): ResourceTypes {
  return {
    'AWS::SSM::Parameter': {
      apply(request) {
        refuseUnknown(request, ['Name', 'Type', 'Value'], INERT);
        const { Type, Value } = request.properties;
        if (Type !== 'String' && Type !== 'StringList') {
          throw new Error(
            `${request.logicalId}: CloudFormation makes parameters of type String and StringList, not ${Type}`,
          );
        }
        const name = String(request.properties.Name ?? request.previous?.physicalId ?? physicalName(request, 256));
        const previous = context.parameters.get(name);
        const isSame = previous?.value === String(Value) && previous.type === Type;
        if (!isSame) {
          const version = (previous?.version ?? 0) + 1;
          context.parameters.set(name, {
            type: Type,
            value: String(Value),
            version,
            lastModified: context.now().getTime(),
          });
        }
        return { physicalId: name, attributes: { Type, Value: String(Value) } };
      },
      remove: ({ physicalId }) => void context.parameters.delete(physicalId),
    },
  };
}
