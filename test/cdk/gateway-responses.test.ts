import { ApiAuth } from 'edgepass/cdk';
import { describe, expect, it } from 'vitest';
import { ofType, type Resource, synthesizeContent } from './read-template';

function gatewayResponses(auth?: ApiAuth): Map<string, Resource['Properties']> {
  const found = ofType(synthesizeContent(auth ? { auth } : {}), 'AWS::ApiGateway::GatewayResponse');
  return new Map(found.map(([, { Properties }]) => [Properties.ResponseType, Properties]));
}

/** As API Gateway fills a template in: the string is quoted and escaped already. */
const problemOf = (response: Resource['Properties'] | undefined): Record<string, unknown> =>
  JSON.parse(
    response?.ResponseTemplates['application/json']
      .replace('$context.error.messageString', JSON.stringify('its "own" words'))
      .replace('$context.requestId', 'id'),
  );

describe("the API's gateway responses", () => {
  it('shapes what API Gateway answers as the functions shape problems, and lets every page read it', () => {
    const responses = gatewayResponses();
    expect([...responses.keys()].sort()).toEqual([
      'ACCESS_DENIED',
      'AUTHORIZER_FAILURE',
      'BAD_REQUEST_BODY',
      'BAD_REQUEST_PARAMETERS',
      'DEFAULT_4XX',
      'DEFAULT_5XX',
      'EXPIRED_TOKEN',
      'INTEGRATION_FAILURE',
      'INTEGRATION_TIMEOUT',
      'INVALID_API_KEY',
      'INVALID_SIGNATURE',
      'MISSING_AUTHENTICATION_TOKEN',
      'QUOTA_EXCEEDED',
      'REQUEST_TOO_LARGE',
      'THROTTLED',
      'UNAUTHORIZED',
      'UNSUPPORTED_MEDIA_TYPE',
    ]);
    for (const [type, response] of responses) {
      const problem = problemOf(response);
      expect(problem).toMatchObject({
        type: 'about:blank',
        code: expect.stringMatching(/^ERR_[A-Z_]+$/),
        requestId: 'id',
      });
      expect(response.ResponseParameters).toMatchObject({
        'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
      });
      if (type.startsWith('DEFAULT_')) expect(problem.detail).toBe('its "own" words');
      else expect([String(problem.status), typeof problem.title]).toEqual([response.StatusCode, 'string']);
    }
  });

  it('tells clients when to come again after a throttle', () => {
    const { ResponseParameters } = gatewayResponses().get('THROTTLED') ?? {};
    expect(ResponseParameters).toMatchObject({ 'gatewayresponse.header.Retry-After': "'1'" });
  });

  it('answers an unknown route with 404, but with IAM, where the same answer means that a signature is missing, with 403', () => {
    for (const auth of [undefined, ApiAuth.none()])
      expect(problemOf(gatewayResponses(auth).get('MISSING_AUTHENTICATION_TOKEN'))).toMatchObject({
        status: 404,
        code: 'ERR_UNKNOWN_ROUTE',
      });
    expect(problemOf(gatewayResponses(ApiAuth.iam()).get('MISSING_AUTHENTICATION_TOKEN'))).toMatchObject({
      status: 403,
      code: 'ERR_MISSING_AUTHENTICATION_TOKEN',
    });
  });
});
