/**
 * What the template says that each role may do is what the local runtime lets it do, call by call: every action of `CALLS` on every sample
 * of a resource.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, GetBucketPolicyCommand } from '@aws-sdk/client-s3';
import { readRunningLocal } from 'edgepass/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessDeniedError, authorize } from '../../src/local/iam/authorize';
import type { PolicyDocument } from '../../src/local/iam/policy-document';
import type { Principal } from '../../src/local/iam/principal';
import { bootApi, type LocalApi, synthesizeApi } from '../api/boot-api';
import { nameOf, ofType, type Resources } from '../cdk/read-template';
import { temporaryFolder } from '../run-local';
import { bucketOf, CALLS, type Call, type Clients, closeClients, NOT_SERVED, openClients } from './calls';
import { EVERY_FUNCTION } from './every-function';
import { type Grant, printGrant, readGrants } from './grants';
import { physicalNames } from './physical-names';

const folder = temporaryFolder(afterAll);
const assembly = synthesizeApi(folder, EVERY_FUNCTION);
const resources: Resources = JSON.parse(readFileSync(join(assembly, 'Edgepass.template.json'), 'utf8')).Resources;
const roles = ofType(resources, 'AWS::IAM::Role').map(([id]) => nameOf(id));

let api: LocalApi;
let developer: Clients;
/** What the roles may do, with the names of this local runtime. */
let grants: Grant[];
let samples: Record<Call['on'], string[]>;
beforeAll(async () => {
  api = await bootApi(folder, assembly);
  developer = openClients(api.environment as unknown as Record<string, string>);
  const names = physicalNames(api.dataDir);
  grants = readGrants(resources, names).filter(({ of, to }) => roles.includes(of) && to === undefined);
  samples = {
    account: ['*'],
    bucket: samplesOf('bucket'),
    object: samplesOf('object'),
    parameter: samplesOf('parameter'),
    // The local runtime has the one.
    distribution: [`arn:aws:cloudfront::${names['AWS::AccountId']}:distribution/${names.Distribution}`],
  };
  for (const arn of samples.bucket.filter((sample) => sample.endsWith('-beside')))
    await developer.s3.send(new CreateBucketCommand(bucketOf(arn)));
});
afterAll(async () => {
  if (developer) closeClients(developer);
  await api?.close();
});

const accountId = '000000000000';
/** The local runtime’s own endpoints are on the loopback interface, where plain HTTP counts as TLS. */
const WITHOUT_TLS = { context: { 'aws:SecureTransport': 'false' } };

const servedOf = (role: string): Grant[] => grants.filter(({ of, action }) => of === role && !(action in NOT_SERVED));

describe('the enforced permissions', () => {
  it('has a call, or a reason why not, for every action that a role may do', () => {
    const actions = new Set(grants.map(({ action }) => action));
    expect([...actions].filter((action) => !(action in CALLS) && !(action in NOT_SERVED))).toEqual([]);
    expect(Object.keys(NOT_SERVED).filter((action) => !actions.has(action) || action in CALLS)).toEqual([]);
  });

  it('calls so that nothing but a permission is in the way: the developer may all of it', async () => {
    const outcomes = await callAll(developer, 'user/developer');
    expect(outcomes.filter((line) => !line.startsWith('allowed'))).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(Object.keys(CALLS).length);
  });

  it.each(roles)('%s may do what the template says, and nothing else', async (role) => {
    const clients = clientsOf(role);
    const outcomes = await callAll(clients, `assumed-role/${physicalNames(api.dataDir)[role]}/`);
    closeClients(clients);
    const expected = forEachCall(
      (action, _call, arn) => `${isAllowed(role, action, arn) ? 'allowed' : 'refused'} ${action} ${arn}`,
    );
    expect(outcomes).toEqual(expected);
    for (const { action, on = '' } of servedOf(role)) expect(outcomes).toContain(`allowed ${action} ${fill(on)}`);
    expect(outcomes.filter((line) => line.startsWith('refused')).length).toBeGreaterThan(10);
  });

  it('refuses a distribution that is not there as it refuses one that is', async () => {
    const clients = clientsOf('ApiListerRole');
    const absent = `${samples.distribution[0]}ABSENT`;
    const call = CALLS['cloudfront:CreateInvalidation'];
    await expect(call?.run(developer, absent, undefined as never)).rejects.toThrow(
      'The specified distribution does not exist.',
    );
    await expect(call?.run(clients, absent, undefined as never)).rejects.toThrow(
      `is not authorized to perform: cloudfront:CreateInvalidation on resource: "${absent}"`,
    );
    closeClients(clients);
  });

  const CLOUDFRONT = 'cloudfront.amazonaws.com';

  it.each<[who: string, verdict: string, service: string, sourceArn: (own: string) => string, rest?: object]>([
    ['this distribution', 'allowed', CLOUDFRONT, (own) => own],
    ['this distribution, to write', 'refused', CLOUDFRONT, (own) => own, { action: 's3:PutObject' }],
    ['this distribution without TLS', 'denied', CLOUDFRONT, (own) => own, WITHOUT_TLS],
    ['another distribution', 'refused', CLOUDFRONT, (own) => `${own}ANOTHER`],
    ['the same of another account', 'refused', CLOUDFRONT, (own) => own.replace('::000000000000:', '::111111111111:')],
    ['another service in its name', 'refused', 'logs.amazonaws.com', (own) => own],
  ])('the bucket policy, asked by %s: %s', async (_who, verdict, service, sourceArn, rest) => {
    const [distribution = ''] = samples.distribution;
    const principal = { kind: 'service', arn: service, sourceArn: sourceArn(distribution) } as const;
    expect(await verdictOfBucketPolicy({ ...principal, accountId, identityPolicies: [] }, rest)).toBe(verdict);
  });

  it('the bucket policy lets an administrator read, but not without TLS, as which the local runtime counts plain HTTP', async () => {
    const mayAll: PolicyDocument = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
    const administrator: Principal = {
      kind: 'user',
      arn: `arn:aws:iam::${accountId}:user/a`,
      accountId,
      identityPolicies: [mayAll],
    };
    expect(api.environment.AWS_ENDPOINT_URL).toMatch(/^http:/);
    expect(await verdictOfBucketPolicy(administrator)).toBe('allowed');
    expect(await verdictOfBucketPolicy(administrator, WITHOUT_TLS)).toBe('denied');
  });
});

/** Of the policy as the local runtime has it from the template. `denied`: by a statement, whatever others allow. */
async function verdictOfBucketPolicy(principal: Principal, rest: object = {}): Promise<string> {
  const bucket = `arn:aws:s3:::${api.environment.EDGEPASS_BUCKET}`;
  const { Policy = '' } = await developer.s3.send(new GetBucketPolicyCommand(bucketOf(bucket)));
  const asked = { principal, action: 's3:GetObject', resource: `${bucket}/x`, resourcePolicy: JSON.parse(Policy) };
  try {
    authorize({ ...asked, ...rest });
    return 'allowed';
  } catch (error) {
    if (!(error instanceof AccessDeniedError)) throw error;
    return error.isExplicit ? 'denied' : 'refused';
  }
}

/** By the word that `edgepass env --as` takes. */
function clientsOf(role: string): Clients {
  const word = /([A-Z][a-z]+)Role$/.exec(role)?.[1]?.toLowerCase() ?? '';
  return openClients({ ...api.environment, ...readRunningLocal(api.dataDir)?.roles?.[word] });
}

/** An ARN that a pattern matches, and one beside it that it does not match. */
const fill = (pattern: string): string => (pattern === '*' ? pattern : pattern.replace('*', 'sample'));
const beside = (pattern: string): string => pattern.replace(/(\/?\*)?$/, '-beside$1').replace('*', 'sample');

function samplesOf(kind: Call['on']): string[] {
  const patterns = grants.filter(({ action }) => CALLS[action]?.on === kind).map(({ on = '' }) => on);
  return [...new Set([...patterns.map(fill), ...patterns.map(beside)])];
}

/** As the template says it; written anew, for the local runtime's own reading of policies is on trial. */
function isAllowed(role: string, action: string, arn: string): boolean {
  const matching = servedOf(role).filter(
    (grant) => grant.action === action && new RegExp(`^${grant.on?.replaceAll('*', '.*')}$`).test(arn),
  );
  const special = matching.find(({ effect, condition }) => effect !== 'Allow' || condition);
  if (special) throw new Error(`the test does not know what comes of ${printGrant(special)}`);
  return matching.length > 0;
}

function forEachCall<T>(visit: (action: string, call: Call, arn: string) => T): T[] {
  return Object.entries(CALLS).flatMap(([action, call]) => samples[call.on].map((arn) => visit(action, call, arn)));
}

/** @param who as AWS's refusals name it */
async function callAll(clients: Clients, who: string): Promise<string[]> {
  const outcomes: string[] = [];
  for (const [action, call, arn] of forEachCall((...args) => args)) {
    const prepared = await call.prepare?.(developer, arn);
    const outcome = await call.run(clients, arn, prepared as never).then(
      () => 'allowed',
      (error: unknown) => outcomeOf(error, action, who),
    );
    outcomes.push(`${outcome} ${action} ${arn}`);
  }
  return outcomes;
}

/** Only a refusal of just this is one. */
function outcomeOf(error: unknown, action: string, who: string): string {
  const { name, message } = error as Error;
  const isRefusal = name === 'AccessDenied' || name === 'AccessDeniedException';
  return isRefusal && message.includes(who) && message.includes(`is not authorized to perform: ${action} on resource`)
    ? 'refused'
    : `${name}: ${message}`;
}
