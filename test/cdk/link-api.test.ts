import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ApiAuth, PrivateContent, type PrivateContentProps } from 'edgepass/cdk';
import { describe, expect, it } from 'vitest';
import { CALLS, FUNCTIONS } from '../../src/api/calls';
import { newApp } from '../new-app';
import { JWT, MAXIMUM } from './contents';
import { environmentOf, findCycle, ofType, only, type Resources, synthesizeContent, textOf } from './read-template';

const minimal = synthesizeContent();
const maximum = synthesizeContent(MAXIMUM);

/** Every resource of the API by its path. */
function pathsOf(resources: Resources): Map<string, string> {
  const parts = new Map(ofType(resources, 'AWS::ApiGateway::Resource').map(([id, { Properties }]) => [id, Properties]));
  const pathOf = (id: string | undefined): string => {
    const part = id === undefined ? undefined : parts.get(id);
    return part ? `${pathOf(part.ParentId.Ref)}/${part.PathPart}` : '';
  };
  return new Map([...parts.keys()].map((id) => [id, pathOf(id)]));
}

/** `METHOD PATH` to the method's properties, without the preflights. */
function methodsOf(resources: Resources): Map<string, Record<string, unknown>> {
  const paths = pathsOf(resources);
  const methods = ofType(resources, 'AWS::ApiGateway::Method')
    .map(([, { Properties }]) => Properties)
    .filter(({ HttpMethod }) => HttpMethod !== 'OPTIONS');
  return new Map(methods.map((method) => [`${method.HttpMethod} ${paths.get(method.ResourceId.Ref)}`, method]));
}

const callNames = (features: string[]): string[] =>
  CALLS.filter(({ feature }) => feature === undefined || features.includes(feature))
    .map(({ method, path }) => `${method} ${path}`)
    .sort();

describe("the construct's API", () => {
  it('has the routes of the table, those of uploads and deletes only where enabled', () => {
    expect([...methodsOf(minimal).keys()].sort()).toEqual(callNames([]));
    expect([...methodsOf(maximum).keys()].sort()).toEqual(callNames(['uploads', 'deletes']));
  });

  /** The construct's id by bundle. */
  const IDS = new Map(FUNCTIONS.map(({ bundle, id }) => [bundle, id]));

  it('sends each route to the function of its bundle', () => {
    const methods = methodsOf(maximum);
    for (const { method, path, bundle } of CALLS) {
      const integration = methods.get(`${method} ${path}`)?.Integration as Record<string, unknown>;
      expect(integration.Type).toBe('AWS_PROXY');
      expect(textOf(integration.Uri)).toContain(`<Api${IDS.get(bundle)}Function.Arn>`);
    }
  });

  it.each<[string, ApiAuth | undefined, Record<string, unknown>]>([
    ['an API key by default', undefined, { AuthorizationType: 'NONE', ApiKeyRequired: true }],
    ['an API key', ApiAuth.apiKey(), { AuthorizationType: 'NONE', ApiKeyRequired: true }],
    ['a signature by IAM', ApiAuth.iam(), { AuthorizationType: 'AWS_IAM', ApiKeyRequired: undefined }],
    ['the authorizer', JWT, { AuthorizationType: 'CUSTOM', ApiKeyRequired: undefined }],
    ['nothing', ApiAuth.none(), { AuthorizationType: 'NONE', ApiKeyRequired: false }],
  ])('asks %s of every method, and nothing of open routes and preflights', (_, auth, asked) => {
    const resources = synthesizeContent(auth ? { ...MAXIMUM, auth } : { uploads: {}, deletes: true });
    const methods = methodsOf(resources);
    for (const { method, path, isOpen } of CALLS) {
      const { AuthorizationType, ApiKeyRequired, AuthorizerId } = methods.get(`${method} ${path}`) ?? {};
      const open = { AuthorizationType: 'NONE', ApiKeyRequired: false };
      expect([path, { AuthorizationType, ApiKeyRequired }]).toEqual([path, isOpen ? open : asked]);
      expect(AuthorizerId !== undefined).toBe(auth === JWT && !isOpen);
    }
    const preflights = ofType(resources, 'AWS::ApiGateway::Method').filter(
      ([, { Properties }]) => Properties.HttpMethod === 'OPTIONS',
    );
    for (const [, { Properties }] of preflights)
      expect(Properties).toMatchObject({ AuthorizationType: 'NONE', ApiKeyRequired: false });
    expect(preflights.length).toBe(ofType(resources, 'AWS::ApiGateway::Resource').length + 1);
    const keys = ['ApiKey', 'UsagePlan', 'UsagePlanKey'].map(
      (type) => ofType(resources, `AWS::ApiGateway::${type}`).length,
    );
    expect(keys).toEqual(asked.ApiKeyRequired ? [1, 1, 1] : [0, 0, 0]);
    expect(findCycle(resources)).toEqual([]);
  });

  it('is closed also where a user adds a method', () => {
    const stack = new Stack(newApp(), 'Edgepass');
    new PrivateContent(stack, 'PrivateContent').api.restApi.root.addMethod('GET');
    Template.fromStack(stack).hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'GET',
      ResourceId: { 'Fn::GetAtt': ['PrivateContentApiRestApi34E6636C', 'RootResourceId'] },
      ApiKeyRequired: true,
    });
  });

  it('finds a cycle where there is one', () => {
    const resources = {
      A: { Type: 'T', Properties: { b: { Ref: 'B' } } },
      B: { Type: 'T', Properties: {}, DependsOn: ['C'] },
      C: { Type: 'T', Properties: { a: { 'Fn::GetAtt': ['A', 'Arn'] } } },
    };
    expect(findCycle(resources)).toEqual(['A', 'B', 'C', 'A']);
  });

  it('deploys once, to the stages v1 and _api, both in the usage plan', () => {
    const [[deployment] = ['']] = ofType(maximum, 'AWS::ApiGateway::Deployment');
    expect(ofType(maximum, 'AWS::ApiGateway::Deployment')).toHaveLength(1);
    const stages = ofType(maximum, 'AWS::ApiGateway::Stage');
    expect(stages.map(([, { Properties }]) => [Properties.StageName, Properties.DeploymentId.Ref])).toEqual([
      ['v1', deployment],
      ['_api', deployment],
    ]);
    const plan = only(maximum, 'AWS::ApiGateway::UsagePlan');
    expect(plan.ApiStages.map(({ Stage }: { Stage: unknown }) => textOf(Stage))).toEqual([
      '<ApiRestApiDeploymentStagev1>',
      '<ApiRestApiDeploymentStageapi>',
    ]);
    expect([plan.Throttle, plan.Quota]).toEqual([
      { RateLimit: 5, BurstLimit: 10 },
      { Limit: 1_000, Period: 'DAY' },
    ]);
    const simple = only(minimal, 'AWS::ApiGateway::UsagePlan');
    expect([simple.Throttle, simple.Quota]).toEqual([{ RateLimit: 1_000, BurstLimit: 2_000 }, undefined]);
  });

  it('asks tokens of the header Authorization, and keeps a decision for a minute', () => {
    const resources = synthesizeContent({ auth: JWT });
    expect(only(resources, 'AWS::ApiGateway::Authorizer')).toMatchObject({
      Type: 'REQUEST',
      IdentitySource: 'method.request.header.Authorization',
      AuthorizerResultTtlInSeconds: 60,
    });
    expect(environmentOf(resources, 'ApiAuthorizerVerifier')).toEqual({
      JWT_ISSUER: 'https://issuer.example/',
      JWT_AUDIENCE: 'files',
      JWT_SCOPES_CLAIM: 'permissions',
    });
    expect(environmentOf(resources, 'ApiLister')).not.toHaveProperty('SCOPES');
  });

  it.each<[string, PrivateContentProps, string]>([
    ['an API key', {}, 'Content-Type,X-Api-Key'],
    ['a token and uploads', { auth: JWT, uploads: {} }, 'Content-Type,Authorization,Idempotency-Key'],
    ['IAM', { auth: ApiAuth.iam() }, 'Content-Type,Authorization,X-Amz-Date,X-Amz-Security-Token,X-Amz-Content-Sha256'],
  ])('lets pages send the headers that a call with %s has', (_, props, headers) => {
    const preflight = ofType(synthesizeContent(props), 'AWS::ApiGateway::Method').find(
      ([, { Properties }]) => Properties.HttpMethod === 'OPTIONS',
    );
    const [answer] = preflight?.[1].Properties.Integration.IntegrationResponses ?? [];
    expect(answer.ResponseParameters).toMatchObject({
      'method.response.header.Access-Control-Allow-Headers': `'${headers}'`,
      'method.response.header.Access-Control-Allow-Origin': "'*'",
    });
  });

  it('lets the pages of the given origins call', () => {
    const [, preflight] =
      ofType(maximum, 'AWS::ApiGateway::Method').find(([, { Properties }]) => Properties.HttpMethod === 'OPTIONS') ??
      [];
    const [answer] = preflight?.Properties.Integration.IntegrationResponses ?? [];
    expect(answer.ResponseParameters['method.response.header.Access-Control-Allow-Origin']).toBe(
      "'https://app.example.com'",
    );
    expect(JSON.stringify(answer.ResponseTemplates)).toContain('https://b.example');
  });
});
