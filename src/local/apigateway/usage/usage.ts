import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../clock';
import { GatewayError } from '../errors';
import type { Account, ApiKey, RestApi, Stage, UsagePlan } from '../model';
import type { Route } from '../request/routes';
import { QuotaCounts } from './quota';
import { TokenBuckets } from './throttle';

/** A request for a method, as usage plans and throttles look at it. */
export interface UsageRequest {
  readonly restApi: RestApi;
  readonly stage: Stage;
  readonly route: Route;
  /** The header x-api-key. */
  readonly keyValue: string | undefined;
  readonly httpMethod: string;
}

/** Lets requests in: the API key where the method asks for one, then what the usage plan and the stage allow. */
export class Usage {
  readonly #account: Account;
  readonly #now: Clock;
  readonly #buckets: TokenBuckets = new TokenBuckets();
  readonly #quotas: QuotaCounts = new QuotaCounts();

  constructor(account: Account, now: Clock) {
    this.#account = account;
    this.#now = now;
  }

  /** Returns the API key of the request, where its method requires one. Throws the gateway response of a refusal. */
  admit(request: UsageRequest): ApiKey | undefined {
    const { route, keyValue } = request;
    if (!route.method.apiKeyRequired) {
      this.#throttleStage(request);
      return undefined;
    }
    const key = this.#findKey(keyValue);
    const plan = key?.isEnabled && this.#findPlan(key, request);
    if (!plan) throw new GatewayError('INVALID_API_KEY');
    this.#throttleKey(key, plan, request);
    this.#throttleStage(request);
    if (plan.quota && !this.#quotas.take(`${plan.id}/${key.id}`, plan.quota, this.#now().getTime())) {
      throw new GatewayError('QUOTA_EXCEEDED');
    }
    return key;
  }

  /** Compares digests, and all of them: the time taken says nothing about a key. */
  #findKey(value: string | undefined): ApiKey | undefined {
    if (value === undefined) return undefined;
    const digest = digestOf(value);
    const [found] = [...this.#account.apiKeys.values()].filter((key) => timingSafeEqual(digestOf(key.value), digest));
    return found;
  }

  #findPlan({ id }: ApiKey, { restApi, stage }: UsageRequest): UsagePlan | undefined {
    const planIds = [...this.#account.usagePlanKeys.values()].filter(({ apiKeyId }) => apiKeyId === id);
    return planIds
      .map(({ usagePlanId }) => this.#account.usagePlans.get(usagePlanId))
      .find((plan) => plan && findApiStage(plan, restApi, stage));
  }

  #throttleKey(key: ApiKey, plan: UsagePlan, { restApi, stage, route, httpMethod }: UsageRequest): void {
    const name = `plan ${plan.id}/${key.id}`;
    const methodName = `${route.node.resourcePath}/${httpMethod}`;
    const ofMethod = findApiStage(plan, restApi, stage)?.throttles[methodName];
    const bucket = ofMethod ? `${name}/${restApi.id}/${stage.name}${methodName}` : name;
    this.#take(bucket, ofMethod ?? plan.throttle);
  }

  #throttleStage({ restApi, stage, route, httpMethod }: UsageRequest): void {
    const { resourcePath } = route.node;
    const { throttle } =
      stage.methodThrottles.find((row) => row.httpMethod === httpMethod && row.resourcePath === resourcePath) ??
      stage.methodThrottles.find((row) => row.httpMethod === '*' && row.resourcePath === '*') ??
      {};
    this.#take(`stage ${restApi.id}/${stage.name}${resourcePath}/${httpMethod}`, throttle);
  }

  #take(bucket: string, throttle: UsagePlan['throttle']): void {
    if (throttle && !this.#buckets.take(bucket, throttle, this.#now().getTime())) throw new GatewayError('THROTTLED');
  }
}

const digestOf = (value: string): Buffer => createHash('sha256').update(value).digest();

const findApiStage = (plan: UsagePlan, restApi: RestApi, stage: Stage) =>
  plan.apiStages.find((row) => row.restApiId === restApi.id && row.stage === stage.name);
