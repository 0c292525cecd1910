/** What the template says that each role may do is what home lets it do, call by call: every action of `CALLS` on every sample of a resource. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { readRunningHome } from 'edgepass/local';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiHome, bootApi, synthesizeApi } from '../api/boot-api';
import { EVERY_FUNCTION } from '../cdk/contents';
import { nameOf, ofType, type Resources } from '../cdk/read-template';
import { temporaryFolder } from '../run-home';
import { bucketOf, CALLS, type Call, type Clients, closeClients, NOT_SERVED, openClients } from './calls';
import { type Grant, printGrant, readGrants } from './grants';
import { physicalNames } from './physical-names';

const folder = temporaryFolder(afterAll);
const assembly = synthesizeApi(folder, EVERY_FUNCTION);
const resources: Resources = JSON.parse(readFileSync(join(assembly, 'Edgepass.template.json'), 'utf8')).Resources;
const roles = ofType(resources, 'AWS::IAM::Role').map(([id]) => nameOf(id));

let api: ApiHome;
let developer: Clients;
/** What the roles may do, with the names of this home. */
let grants: Grant[];
let samples: Record<Call['on'], string[]>;
beforeAll(async () => {
  api = await bootApi(folder, assembly);
  developer = openClients(api.environment as unknown as Record<string, string>);
  const names = physicalNames(api.dataDir);
  grants = readGrants(resources, names).filter(({ of, to }) => roles.includes(of) && to === undefined);
  samples = {
    bucket: samplesOf('bucket'),
    object: samplesOf('object'),
    parameter: samplesOf('parameter'),
    distribution: [`arn:aws:cloudfront::${names['AWS::AccountId']}:distribution/${names.Distribution}`],
  };
  for (const arn of samples.bucket.filter((sample) => sample.endsWith('-beside'))) {
    await developer.s3.send(new CreateBucketCommand(bucketOf(arn)));
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await developer.s3.send(new PutBucketVersioningCommand({ ...bucketOf(arn), VersioningConfiguration }));
  }
});
afterAll(async () => {
  if (developer) closeClients(developer);
  await api?.close();
});

const servedOf = (role: string): Grant[] => grants.filter(({ of, action }) => of === role && !(action in NOT_SERVED));

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

/** By the word that `edgepass env --as` takes. */
function clientsOf(role: string): Clients {
  const word = /([A-Z][a-z]+)Role$/.exec(role)?.[1]?.toLowerCase() ?? '';
  return openClients({ ...api.environment, ...readRunningHome(api.dataDir)?.roles?.[word] });
}

/** An ARN that a pattern matches, and one beside it that it does not match. */
const fill = (pattern: string): string => pattern.replace('*', 'sample');
const beside = (pattern: string): string => pattern.replace(/(\/?\*)?$/, '-beside$1').replace('*', 'sample');

function samplesOf(kind: Call['on']): string[] {
  const patterns = grants.filter(({ action }) => CALLS[action]?.on === kind).map(({ on = '' }) => on);
  return [...new Set([...patterns.map(fill), ...patterns.map(beside)])];
}

/** As the template says it; written anew, for home's own reading of policies is on trial. */
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
  for (const next of forEachCall((...args) => args)) {
    const [action, call, arn] = next;
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
