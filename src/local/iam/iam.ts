import { randomBytes } from 'node:crypto';
import { physicalName } from '../cloudformation/physical-name';
import { Properties, type PropertyTable } from '../cloudformation/properties';
import type { ResourceTypes } from '../cloudformation/resource-type';
import type { Service } from '../service';
import { checkPolicy } from './check-policy';
import type { PolicyDocument } from './policy-document';
import type { AccessKey, FindAccessKey, Principal } from './principal';

/** The roles of the stack, the access keys made for them, and the developer's own key. */
export interface Iam extends Service {
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

export function openIam(options: { accountId: string; developer: DeveloperKey }): Iam {
  const { accountId, developer } = options;
  const roles = new Map<string, Role>();
  const keys = new Map<string, AccessKey>();
  const administrator: Principal = {
    kind: 'user',
    arn: `arn:aws:iam::${accountId}:user/developer`,
    accountId,
    userId: 'AIDADEVELOPER',
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
      keys.set(credentials.accessKeyId, { ...credentials, principal: () => assumedRole(role, accountId, sessionName) });
      return credentials;
    },
    close: () => undefined,
  };
}

const assumedRole = (role: Role, accountId: string, sessionName: string): Principal => ({
  kind: 'assumed-role',
  arn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
  roleArn: role.arn,
  accountId,
  userId: `${roleIdOf(role.name)}:${sessionName}`,
  identityPolicies: [...role.policies.values()],
});

/** On AWS the id has nothing of the name. */
const roleIdOf = (name: string): string => `AROA${name}`;

const ROLE: PropertyTable = {
  RoleName: 'used',
  Path: 'used',
  Policies: 'used',
  ManagedPolicyArns: 'used',
  AssumeRolePolicyDocument: 'used',
  Description: { noEffect: 'text' },
  MaxSessionDuration: { noEffect: 'credentials live as long as their function' },
  PermissionsBoundary: { notImplemented: 'roles have their identity policies alone' },
  Tags: { noEffect: 'labels' },
};

const INLINE_POLICY: PropertyTable = { PolicyName: 'used', PolicyDocument: 'used' };

const POLICY: PropertyTable = {
  PolicyName: 'used',
  PolicyDocument: 'used',
  Roles: 'used',
  Users: { notImplemented: 'the stack has no users' },
  Groups: { notImplemented: 'the stack has no groups' },
};

function roleResourceTypes(roles: Map<string, Role>, accountId: string): ResourceTypes {
  return {
    'AWS::IAM::Role': {
      apply(request) {
        const { logicalId, properties, previous } = request;
        const props = new Properties(`${logicalId} (AWS::IAM::Role)`, properties, ROLE);
        refuseManaged(props);
        refuseEdge(props);
        const name = props.optionalText('RoleName') ?? previous?.physicalId ?? physicalName(request, 64);
        const arn = `arn:aws:iam::${accountId}:role${props.optionalText('Path') ?? '/'}${name}`;
        const policies = props
          .groups('Policies', INLINE_POLICY)
          .map((policy) => [policy.text('PolicyName'), checkPolicy(policy.map('PolicyDocument'), logicalId)] as const);
        roles.set(name, { arn, name, policies: new Map(policies) });
        return { physicalId: name, attributes: { Arn: arn, RoleId: roleIdOf(name) } };
      },
      remove: ({ physicalId }) => void roles.delete(physicalId),
    },
    'AWS::IAM::Policy': {
      apply(request) {
        const { logicalId, properties } = request;
        const props = new Properties(`${logicalId} (AWS::IAM::Policy)`, properties, POLICY);
        const checked = checkPolicy(props.map('PolicyDocument'), logicalId);
        for (const name of props.textList('Roles')) {
          const role = roles.get(name) ?? props.refuse('Roles', `names ${name}, which is no role of the stack`);
          role.policies.set(logicalId, checked);
        }
        return { physicalId: logicalId, attributes: { Id: logicalId } };
      },
    },
  };
}

/** AWS's managed policies by name, as far as the local runtime can say what they allow: nothing that the local runtime serves. */
const LOGS_ONLY = ['AWSLambdaBasicExecutionRole'];

function refuseManaged(role: Properties): void {
  const unknown = role.textList('ManagedPolicyArns').find((arn) => !LOGS_ONLY.some((name) => arn.endsWith(`/${name}`)));
  if (unknown) role.notImplemented(`the managed policy ${unknown} (write its statements out)`);
}

/** Only the function host assumes roles here, so of who may, one thing counts: that functions at the edge are not simulated. */
function refuseEdge(role: Properties): void {
  const trusts = JSON.stringify(role.map('AssumeRolePolicyDocument'));
  if (trusts.includes('"edgelambda.amazonaws.com"'))
    role.notImplemented('AssumeRolePolicyDocument: edgelambda.amazonaws.com (Lambda@Edge)');
}
