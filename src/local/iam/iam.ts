import { randomBytes } from 'node:crypto';
import { physicalName } from '../cloudformation/physical-name';
import { refuseUnknown } from '../cloudformation/properties';
import type { ResourceRequest, ResourceTypes } from '../cloudformation/resource-type';
import { checkPolicy } from './check-policy';
import type { PolicyDocument } from './policy-document';
import type { AccessKey, FindAccessKey, Principal } from './principal';

/** The roles of the stack, the access keys made for them, and the developer's own key. */
export interface Iam {
  readonly resourceTypes: ResourceTypes;
  readonly findAccessKey: FindAccessKey;
  /** Temporary credentials of a role, as Lambda hands them to a function. */
  issueCredentials(roleArn: string, sessionName: string): RoleCredentials;
}

export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface DeveloperKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface Role {
  readonly arn: string;
  readonly name: string;
  /** By the name of the policy, or by the logical id of the AWS::IAM::Policy that attached it. */
  readonly policies: Map<string, PolicyDocument>;
}

const ADMINISTRATOR: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

export function createIam(options: { accountId: string; developer: DeveloperKey }): Iam {
  const { accountId, developer } = options;
  const roles = new Map<string, Role>();
  const keys = new Map<string, AccessKey>();
  const administrator: Principal = {
    kind: 'user',
    arn: `arn:aws:iam::${accountId}:user/developer`,
    accountId,
    identityPolicies: [ADMINISTRATOR],
  };
  keys.set(developer.accessKeyId, { ...developer, principal: () => administrator });

  return {
    resourceTypes: roleResourceTypes(roles, accountId),
    findAccessKey: (accessKeyId) => keys.get(accessKeyId),
    issueCredentials(roleArn, sessionName) {
      const role = [...roles.values()].find(({ arn }) => arn === roleArn);
      if (!role) throw new Error(`there is no role ${roleArn} in the stack`);
      const credentials = {
        accessKeyId: `ASIA${randomBytes(10).toString('hex').toUpperCase().slice(0, 16)}`,
        secretAccessKey: randomBytes(30).toString('base64'),
        sessionToken: randomBytes(96).toString('base64'),
      };
      keys.set(credentials.accessKeyId, { ...credentials, principal: () => session(role, accountId, sessionName) });
      return credentials;
    },
  };
}

const session = (role: Role, accountId: string, sessionName: string): Principal => ({
  kind: 'assumed-role',
  arn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
  roleArn: role.arn,
  accountId,
  identityPolicies: [...role.policies.values()],
});

/** Parts of a role that change nothing at home, each with the reason. */
const INERT_ROLE_PROPERTIES = {
  AssumeRolePolicyDocument: 'only the function host assumes roles at home',
  Description: 'text',
  MaxSessionDuration: 'credentials live as long as their function',
  Tags: 'labels',
};

function roleResourceTypes(roles: Map<string, Role>, accountId: string): ResourceTypes {
  return {
    'AWS::IAM::Role': {
      apply(request) {
        refuseUnknown(request, ['RoleName', 'Path', 'Policies', 'ManagedPolicyArns'], INERT_ROLE_PROPERTIES);
        const { RoleName, Policies = [], ManagedPolicyArns = [] } = request.properties as RoleProperties;
        refuseManaged(request, ManagedPolicyArns);
        const name = RoleName ?? request.previous?.physicalId ?? physicalName(request, 64);
        const arn = `arn:aws:iam::${accountId}:role/${name}`;
        const policies = Policies.map(
          (policy) => [policy.PolicyName, checkPolicy(policy.PolicyDocument, request.logicalId)] as const,
        );
        roles.set(name, { arn, name, policies: new Map(policies) });
        return { physicalId: name, attributes: { Arn: arn, RoleId: `AROA${name}` } };
      },
      remove: ({ physicalId }) => void roles.delete(physicalId),
    },
    'AWS::IAM::Policy': {
      apply(request) {
        refuseUnknown(request, ['PolicyName', 'PolicyDocument', 'Roles'], {});
        const { PolicyDocument: document, Roles = [] } = request.properties as {
          PolicyDocument: unknown;
          Roles?: string[];
        };
        const checked = checkPolicy(document, request.logicalId);
        for (const name of Roles) {
          const role = roles.get(name);
          if (!role) throw new Error(`${request.logicalId}: there is no role ${name} in the stack`);
          role.policies.set(request.logicalId, checked);
        }
        return { physicalId: request.logicalId, attributes: { Id: request.logicalId } };
      },
    },
  };
}

interface RoleProperties {
  readonly RoleName?: string;
  readonly Policies?: { PolicyName: string; PolicyDocument: unknown }[];
  readonly ManagedPolicyArns?: string[];
}

/** AWS's managed policies by name, as far as home can say what they allow: nothing that home serves. */
const LOGS_ONLY = ['AWSLambdaBasicExecutionRole'];

function refuseManaged({ logicalId }: ResourceRequest, arns: string[]): void {
  const unknown = arns.find((arn) => !LOGS_ONLY.some((name) => arn.endsWith(`/${name}`)));
  if (unknown)
    throw new Error(`${logicalId}: home does not have the managed policy ${unknown}; write its statements out`);
}
