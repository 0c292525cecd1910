import { describe, expect, test } from 'vitest';
import { send, smallApi, startGateway } from '../api-gateway.test.fixture';

const START = Date.parse('2026-03-14T23:59:59Z');
const KEYED = { path: '/s3objects', httpMethod: 'GET', properties: { ApiKeyRequired: true } };
const OPEN = { path: '/open', httpMethod: 'GET' };

/** A stage with an open method and one that asks for the key of this plan; the clock stands until it is set. */
async function startMetered(plan: Record<string, unknown> = {}, stage: object = {}, key: object = {}) {
  let nowMs = START;
  const events: { requestContext: { identity: object } }[] = [];
  const fixture = startGateway(
    (event) => {
      events.push(event as (typeof events)[number]);
      return {};
    },
    { now: () => new Date(nowMs) },
  );
  const { url, restApiId } = await smallApi(fixture, [KEYED, OPEN], { stage });
  const { apply, gateway } = fixture;
  const { physicalId: keyId } = await apply('AWS::ApiGateway::ApiKey', 'Key', { Enabled: true, ...key });
  const usagePlan = await apply('AWS::ApiGateway::UsagePlan', 'Plan', {
    ApiStages: [{ ApiId: restApiId, Stage: 'v1', Throttle: {} }],
    ...plan,
  });
  const planKey = { KeyId: keyId, KeyType: 'API_KEY', UsagePlanId: usagePlan.physicalId };
  await apply('AWS::ApiGateway::UsagePlanKey', 'PlanKey', planKey);
  const keyValue = gateway.apiKeyValue(keyId) ?? '';
  const get = async (path = '/v1/s3objects', value = keyValue) => {
    const { status, text, headers } = await send(url, path, { headers: { 'x-api-key': value } });
    return { status, ...(text && { body: JSON.parse(text) }), errorType: headers['x-amzn-errortype'] };
  };
  const statuses = async (count: number, path?: string) => {
    const answers = [];
    for (let index = 0; index < count; index += 1) answers.push((await get(path)).status);
    return answers;
  };
  const setNow = (time: number) => {
    nowMs = time;
  };
  return { ...fixture, url, restApiId, keyId, keyValue, get, statuses, setNow, events };
}

const FORBIDDEN = { status: 403, body: { message: 'Forbidden' }, errorType: 'ForbiddenException' };

describe('usage plans', () => {
  test('lets a request with a key of the plan in, and tells the function which', async () => {
    const { get, events, keyId, keyValue } = await startMetered();
    expect((await get()).status).toBe(200);
    expect(events[0]?.requestContext.identity).toMatchObject({ apiKey: keyValue, apiKeyId: keyId });
  });

  test('refuses a request without a key, with another one, and with two', async () => {
    const { url, get, keyValue } = await startMetered();
    expect((await send(url, '/v1/s3objects')).status).toBe(403);
    expect(await get(undefined, 'x'.repeat(40))).toEqual(FORBIDDEN);
    expect(await get(undefined, '')).toEqual(FORBIDDEN);
    expect(await get(undefined, `${keyValue}x`)).toEqual(FORBIDDEN);
    const headers = { 'x-api-key': [keyValue, keyValue] };
    expect((await send(url, '/v1/s3objects', { headers })).status).toBe(403);
  });

  test('asks for no key where the method does not', async () => {
    const { url, events } = await startMetered();
    expect((await send(url, '/v1/open')).status).toBe(200);
    expect(events[0]?.requestContext.identity).not.toHaveProperty('apiKey');
  });

  test('refuses a key that is not enabled, which is what a template gets that says nothing', async () => {
    expect(await (await startMetered({}, {}, { Enabled: false })).get()).toEqual(FORBIDDEN);
    expect(await (await startMetered({}, {}, { Enabled: undefined })).get()).toEqual(FORBIDDEN);
  });

  test('refuses a key whose plan is for another stage or another API', async () => {
    const { apply, restApiId, get } = await startMetered();
    for (const stage of [
      { ApiId: restApiId, Stage: 'v2' },
      { ApiId: 'another123', Stage: 'v1' },
    ]) {
      await apply('AWS::ApiGateway::UsagePlan', 'Plan', { ApiStages: [stage] });
      expect(await get()).toEqual(FORBIDDEN);
    }
  });

  test('refuses a key that was taken out of its plan, or deleted', async () => {
    for (const [type, logicalId] of [
      ['AWS::ApiGateway::UsagePlanKey', 'PlanKey'],
      ['AWS::ApiGateway::ApiKey', 'Key'],
      ['AWS::ApiGateway::UsagePlan', 'Plan'],
    ] as const) {
      const { remove, get } = await startMetered();
      await remove(type, logicalId);
      expect(await get()).toEqual(FORBIDDEN);
    }
  });

  test('makes a key of 40 letters and digits, and keeps it', async () => {
    const { apply, gateway, keyId, keyValue } = await startMetered();
    expect(keyValue).toMatch(/^[A-Za-z0-9]{40}$/);
    const again = await apply('AWS::ApiGateway::ApiKey', 'Key', { Enabled: true });
    expect(again).toEqual({ physicalId: keyId, attributes: { APIKeyId: keyId, 'edgepass:value': keyValue } });
    const other = startGateway();
    const previous = { ...again, type: 'AWS::ApiGateway::ApiKey', properties: { Enabled: true } };
    await other.apply('AWS::ApiGateway::ApiKey', 'Key', { Enabled: true }, previous);
    expect([other.gateway.apiKeyValue(keyId), gateway.apiKeyValue('nobody')]).toEqual([keyValue, undefined]);
  });

  test('takes the value that the template gives', async () => {
    const { get } = await startMetered({}, {}, { Value: 'a-value-of-twenty-or-more' });
    expect((await get(undefined, 'a-value-of-twenty-or-more')).status).toBe(200);
    await expect(startMetered({}, {}, { Value: 'short' })).rejects.toMatchObject({ code: 'ERR_INVALID_PROPERTY' });
  });

  test('throttles a key by the burst of its plan, and refills at its rate', async () => {
    const { statuses, get, setNow } = await startMetered({ Throttle: { BurstLimit: 3, RateLimit: 2 } });
    expect(await statuses(5)).toEqual([200, 200, 200, 429, 429]);
    expect(await get()).toEqual({
      status: 429,
      body: { message: 'Too Many Requests' },
      errorType: 'TooManyRequestsException',
    });
    setNow(START + 1000);
    expect(await statuses(3)).toEqual([200, 200, 429]);
    setNow(START + 60_000);
    expect(await statuses(4)).toEqual([200, 200, 200, 429]);
  });

  test('throttles each key for itself', async () => {
    const { apply, gateway, statuses, get } = await startMetered({ Throttle: { BurstLimit: 1, RateLimit: 1 } });
    const key = await apply('AWS::ApiGateway::ApiKey', 'Other', { Enabled: true });
    const plan = await apply('AWS::ApiGateway::UsagePlan', 'Plan', {
      ApiStages: [{ ApiId: gateway.apis()[0]?.restApiId, Stage: 'v1' }],
      Throttle: { BurstLimit: 1, RateLimit: 1 },
    });
    await apply('AWS::ApiGateway::UsagePlanKey', 'Two', {
      KeyId: key.physicalId,
      KeyType: 'API_KEY',
      UsagePlanId: plan.physicalId,
    });
    expect(await statuses(2)).toEqual([200, 429]);
    expect((await get(undefined, gateway.apiKeyValue(key.physicalId))).status).toBe(200);
  });

  test('throttles a method of a plan by its own limit', async () => {
    const { apply, restApiId, statuses } = await startMetered();
    const Throttle = { '/s3objects/GET': { BurstLimit: 1, RateLimit: 1 } };
    const ApiStages = [{ ApiId: restApiId, Stage: 'v1', Throttle }];
    await apply('AWS::ApiGateway::UsagePlan', 'Plan', { ApiStages, Throttle: { BurstLimit: 9, RateLimit: 9 } });
    expect(await statuses(2)).toEqual([200, 429]);
  });

  test('throttles the methods of a stage by its settings, with or without a key', async () => {
    const everywhere = { HttpMethod: '*', ResourcePath: '/*', ThrottlingBurstLimit: 2, ThrottlingRateLimit: 1 };
    const { statuses } = await startMetered({}, { MethodSettings: [everywhere] });
    expect(await statuses(3)).toEqual([200, 200, 429]);
    expect(await statuses(3, '/v1/open')).toEqual([200, 200, 429]);
    const one = { HttpMethod: 'GET', ResourcePath: '/~1open', ThrottlingBurstLimit: 1, ThrottlingRateLimit: 1 };
    const other = await startMetered({}, { MethodSettings: [everywhere, one] });
    expect(await other.statuses(2, '/v1/open')).toEqual([200, 429]);
  });

  test.each([
    ['DAY', '2026-03-15T00:00:00Z'],
    ['WEEK', '2026-03-15T00:00:00Z'],
    ['MONTH', '2026-04-01T00:00:00Z'],
  ])('counts requests by %s', async (Period, next) => {
    const { statuses, get, setNow } = await startMetered({ Quota: { Limit: 2, Period } });
    expect(await statuses(3)).toEqual([200, 200, 429]);
    expect(await get()).toEqual({
      status: 429,
      body: { message: 'Limit Exceeded' },
      errorType: 'LimitExceededException',
    });
    setNow(Date.parse(next) - 1);
    expect((await get()).status).toBe(429);
    setNow(Date.parse(next));
    expect(await statuses(3)).toEqual([200, 200, 429]);
  });

  test('does not count against the quota what is throttled', async () => {
    const { statuses, setNow } = await startMetered({
      Throttle: { BurstLimit: 1, RateLimit: 1 },
      Quota: { Limit: 2, Period: 'MONTH' },
    });
    expect(await statuses(3)).toEqual([200, 429, 429]);
    setNow(START + 1000);
    expect(await statuses(1)).toEqual([200]);
    setNow(START + 2000);
    expect(await statuses(1)).toEqual([429]);
  });
});
