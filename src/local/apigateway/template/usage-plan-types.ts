import { Properties, type PropertyTable } from '../../cloudformation/properties';
import type { ResourceRequest, ResourceResult, ResourceTypes } from '../../cloudformation/resource-type';
import type { Account, ApiStage, Quota, Throttle } from '../model';
import { throttleOf } from '../usage/throttle';
import { ACCOUNT, API_KEY, API_STAGE, QUOTA, THROTTLE, USAGE_PLAN, USAGE_PLAN_KEY } from './property-tables';
import { randomId, randomKeyValue } from './random-id';

/** Where the value of an API key is kept among its attributes; CloudFormation has no name for it. */
export const KEY_VALUE_ATTRIBUTE = 'edgepass:value';

/** The resource types that say who may use an API, and how much. */
export function usagePlanTypes(account: Account): ResourceTypes {
  return {
    'AWS::ApiGateway::ApiKey': {
      apply: (request) => applyApiKey(account, request),
      remove: ({ physicalId }) => {
        account.apiKeys.delete(physicalId);
      },
    },
    'AWS::ApiGateway::UsagePlan': {
      apply: (request) => applyUsagePlan(account, request),
      remove: ({ physicalId }) => {
        account.usagePlans.delete(physicalId);
      },
    },
    'AWS::ApiGateway::UsagePlanKey': {
      apply: (request) => applyUsagePlanKey(account, request),
      remove: ({ physicalId }) => {
        account.usagePlanKeys.delete(physicalId);
      },
    },
    'AWS::ApiGateway::Account': {
      apply(request) {
        open(request, 'Account', ACCOUNT);
        const id = request.previous?.physicalId ?? randomId(10);
        return { physicalId: id, attributes: { Id: id } };
      },
    },
  };
}

function open({ logicalId, properties }: ResourceRequest, type: string, table: PropertyTable): Properties {
  return new Properties(`${logicalId} (AWS::ApiGateway::${type})`, properties, table);
}

function applyApiKey({ apiKeys }: Account, request: ResourceRequest): ResourceResult {
  const read = open(request, 'ApiKey', API_KEY);
  const own = read.optionalText('Value');
  if (own !== undefined && (own.length < 20 || own.length > 128))
    read.refuse('Value', 'has to have 20 to 128 characters');
  const value = own ?? generatedValue(request) ?? randomKeyValue();
  const id = request.previous?.physicalId ?? randomId(10);
  apiKeys.set(id, { id, value, isEnabled: read.flag('Enabled', false) });
  return { physicalId: id, attributes: { APIKeyId: id, [KEY_VALUE_ATTRIBUTE]: value } };
}

/** The value that an earlier boot made. */
function generatedValue({ previous }: ResourceRequest): string | undefined {
  const value = previous?.properties.Value === undefined ? previous?.attributes[KEY_VALUE_ATTRIBUTE] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function applyUsagePlan({ usagePlans }: Account, request: ResourceRequest): ResourceResult {
  const read = open(request, 'UsagePlan', USAGE_PLAN);
  const id = request.previous?.physicalId ?? randomId(6);
  usagePlans.set(id, {
    id,
    apiStages: read.groups('ApiStages', API_STAGE).map(readApiStage),
    throttle: readThrottle(read.group('Throttle', THROTTLE)),
    quota: read.has('Quota') ? readQuota(read.group('Quota', QUOTA)) : undefined,
  });
  return { physicalId: id, attributes: { Id: id } };
}

function readApiStage(read: Properties): ApiStage {
  const methods = Object.keys(read.map('Throttle'));
  const perMethod = read.group('Throttle', Object.fromEntries(methods.map((name) => [name, 'used'])));
  const throttles = methods.map((name) => [name, readThrottle(perMethod.group(name, THROTTLE))] as const);
  return {
    restApiId: read.text('ApiId'),
    stage: read.text('Stage'),
    throttles: Object.fromEntries(throttles.filter((entry): entry is [string, Throttle] => entry[1] !== undefined)),
  };
}

function readThrottle(read: Properties): Throttle | undefined {
  const range = { min: 0, max: Number.MAX_SAFE_INTEGER };
  return throttleOf(read.optionalNumber('RateLimit', range), read.optionalNumber('BurstLimit', range));
}

function readQuota(read: Properties): Quota {
  const limit =
    read.optionalNumber('Limit', { min: 0, max: Number.MAX_SAFE_INTEGER }) ?? read.refuse('Limit', 'is missing');
  const period = read.text('Period');
  const periods: readonly Quota['period'][] = ['DAY', 'WEEK', 'MONTH'];
  return {
    limit,
    period: periods.find((word) => word === period) ?? read.refuse('Period', 'has to be DAY, WEEK or MONTH'),
  };
}

function applyUsagePlanKey({ usagePlanKeys, usagePlans, apiKeys }: Account, request: ResourceRequest): ResourceResult {
  const read = open(request, 'UsagePlanKey', USAGE_PLAN_KEY);
  read.oneOf('KeyType', ['API_KEY'], 'API_KEY');
  const apiKeyId = read.text('KeyId');
  const usagePlanId = read.text('UsagePlanId');
  if (!apiKeys.has(apiKeyId)) read.refuse('KeyId', 'names no API key');
  if (!usagePlans.has(usagePlanId)) read.refuse('UsagePlanId', 'names no usage plan');
  const physicalId = `${apiKeyId}:${usagePlanId}`;
  if (request.previous) usagePlanKeys.delete(request.previous.physicalId);
  usagePlanKeys.set(physicalId, { usagePlanId, apiKeyId });
  return { physicalId, attributes: { Id: physicalId } };
}
