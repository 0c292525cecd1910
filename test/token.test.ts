import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import {
  AuthorizationType,
  IdentitySource,
  LambdaIntegration,
  RequestAuthorizer,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { startLocal } from 'edgepass/local';
import { decodeJwt } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { edgepass, READY_MADE_ASSEMBLY, temporaryFolder } from './run-local';

/** As long as the test itself may take. */
const POLL = { timeout: 50_000 };

const ISSUER = 'https://issuer.example.com';

/** Verifies as the stack's own authorizer does, with Node.js alone. */
const AUTHORIZER = `
  const { createPublicKey, verify } = require('node:crypto');
  const read = (part) => JSON.parse(Buffer.from(part, 'base64url'));
  exports.handler = async ({ methodArn, headers }) => {
    const [head, body, signature] = headers.Authorization.replace('Bearer ', '').split('.');
    const { keys } = await (await fetch(process.env.EDGEPASS_JWKS_URL)).json();
    const key = keys.find(({ kid }) => kid === read(head).kid);
    const options = key && { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' };
    const isSigned = key && verify('sha256', Buffer.from(head + '.' + body), options, Buffer.from(signature, 'base64url'));
    const { iss, aud, sub, [process.env.JWT_SCOPES_CLAIM]: scopes } = isSigned ? read(body) : {};
    if (iss !== process.env.JWT_ISSUER || aud !== process.env.JWT_AUDIENCE) throw new Error('Unauthorized');
    const Statement = [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: methodArn }];
    return { principalId: sub, context: { scopes }, policyDocument: { Version: '2012-10-17', Statement } };
  };`;
const ECHO = `exports.handler = async ({ requestContext: { authorizer } }) => {
  console.info({ audit: { who: authorizer.principalId, action: 'echo' } });
  console.info('not for the audit');
  return { body: JSON.stringify(authorizer) };
};`;

/** A small stack whose API takes tokens. */
function tokenStack(): string {
  const app = new App({ analyticsReporting: false, outdir: join(temporaryFolder(), 'assembly') });
  const stack = new Stack(app, 'Small');
  const functionOf = (id: string, source: string, environment: Record<string, string> = {}): LambdaFunction =>
    new LambdaFunction(stack, id, {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline(source),
      loggingFormat: LoggingFormat.JSON,
      environment,
    });
  const authorizer = new RequestAuthorizer(stack, 'Authorizer', {
    handler: functionOf('Asked', AUTHORIZER, {
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: 'edgepass',
      JWT_SCOPES_CLAIM: 'permissions',
    }),
    identitySources: [IdentitySource.header('Authorization')],
    resultsCacheTtl: Duration.seconds(60),
  });
  const api = new RestApi(stack, 'Api', { cloudWatchRole: false, deployOptions: { stageName: 'v1' } });
  const options = { authorizer, authorizationType: AuthorizationType.CUSTOM };
  api.root.addResource('echo').addMethod('GET', new LambdaIntegration(functionOf('Echo', ECHO)), options);
  return app.synth().directory;
}

async function boot(assembly: string) {
  const dataDir = join(temporaryFolder(), '.edgepass');
  const local = await startLocal({ dataDir, assembly, ports: { aws: 0, api: 0, distribution: 0 } });
  onTestFinished(() => local.close());
  return { dataDir, url: String(local.environment.EDGEPASS_API_URL) };
}

describe('edgepass token', () => {
  it('a token of "edgepass token" opens an API that takes tokens, and "edgepass logs" tells who came', async () => {
    const { dataDir, url } = await boot(tokenStack());
    const scope = 'list sign:reports/';
    const args = ['token', '--data-dir', dataDir, '--scope', scope, '--subject', 'ann'];
    const printed = await edgepass(...args);
    expect([printed.code, printed.stderr]).toEqual([0, '']);
    const ask = (token: string) => fetch(`${url}echo`, { headers: { authorization: `Bearer ${token}` } });
    const answer = await ask(printed.stdout.trim());
    expect([answer.status, await answer.json()]).toMatchObject([200, { principalId: 'ann', scopes: scope }]);
    expect((await ask(printed.stdout.trim().replace(/....$/, 'AAAA'))).status).toBe(401);

    // What a function prints reaches the file in its own time.
    const logs = async (...options: string[]) => (await edgepass('logs', '--data-dir', dataDir, ...options)).stdout;
    await expect.poll(() => logs('--audit'), POLL).toMatch(/^\S+ {2}\S*Echo\S* {2}who=ann action=echo\n$/);
    const messages = async () => {
      const lines = (await logs('--function', 'echo', '--json')).trim().split('\n');
      return lines.map((line) => (JSON.parse(line) as { line: { message: unknown } }).line.message);
    };
    await expect.poll(messages, POLL).toEqual([{ audit: { who: 'ann', action: 'echo' } }, 'not for the audit']);
  });

  it('"edgepass token --json" prints what an issuer answers', async () => {
    const { dataDir } = await boot(tokenStack());
    const { stdout } = await edgepass(
      'token',
      '--data-dir',
      dataDir,
      '--scope',
      'list',
      '--expires-in',
      '60',
      '--json',
    );
    const { access_token, ...rest } = JSON.parse(stdout) as { access_token: string };
    expect(rest).toEqual({ token_type: 'Bearer', expires_in: 60, scope: 'list' });
    const { iat = 0, exp, ...claims } = decodeJwt(access_token);
    expect([exp, claims]).toMatchObject([
      iat + 60,
      { iss: ISSUER, aud: 'edgepass', sub: 'developer', permissions: 'list' },
    ]);
  });

  it('"edgepass token" says what to do where the stack takes none, and where no local runtime runs', async () => {
    const { dataDir } = await boot(READY_MADE_ASSEMBLY);
    const refused = await edgepass('token', '--data-dir', dataDir, '--scope', 'list');
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/no JWT authorizer.*ApiAuth\.jwt.*edgepass env/s);
    const nowhere = await edgepass('token', '--data-dir', temporaryFolder(), '--scope', 'list');
    expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringMatching(/no local runtime runs on/)]);
  });

  it.each([
    [['--scope', ''], 'are no scopes'],
    [['--scope', 'list  sign'], 'are no scopes'],
    [['--scope', 'list', '--expires-in', '0'], 'is not a lifetime'],
    [['--scope', 'list', '--expires-in', '1h'], 'is not a lifetime'],
  ])('"edgepass token %j" is refused', async (args, named) => {
    const { code, stderr } = await edgepass('token', ...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(named)]);
  });
});
