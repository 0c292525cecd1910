import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPERATED } from './cdk/contents';
import { ofType, only, synthesizeContent } from './cdk/read-template';

interface Price {
  readonly usd?: number;
  readonly tiers?: readonly (readonly [number, number])[];
  readonly free?: number;
}
interface Line {
  readonly key: string;
  readonly amount: number;
  readonly list: number;
  readonly due: number;
}
interface Workload {
  readonly links: number;
  readonly requests: number;
  readonly megabytes: number;
  readonly uploads: number;
  readonly storedGb: number;
}
interface Load {
  readonly calls: number;
  readonly busy: number;
}
interface Figures {
  readonly PAGES: Readonly<Record<string, () => string>>;
  readonly PRICES: Readonly<Record<string, Price>>;
  readonly ASSUMPTIONS: Readonly<Record<string, number>>;
  readonly WORKLOADS: readonly Workload[];
  readonly QUOTAS: readonly { readonly name: string; readonly limit: number }[];
  costOf(price: Price, amount: number): number;
  priceLine(line: readonly [string, number]): Line;
  billOf(workload: Workload): {
    readonly own: readonly Line[];
    readonly operations: readonly Line[];
    readonly due: number;
  };
  planFor(workload: Workload): {
    readonly plan?: { readonly usd: number; readonly name: string };
    readonly byUse: number;
  };
  loadOf(links: number, batch: number): Load;
  usesOf(load: Load): readonly { readonly quota: { readonly name: string }; readonly share: number }[];
}

const files = ['generate', 'prices', 'bill', 'quotas'].map((name) => `../tools/figures/${name}.mjs`);
const figures: Figures = Object.assign({}, ...(await Promise.all(files.map((file) => import(file)))));
const [, product = figures.WORKLOADS[0] as Workload] = figures.WORKLOADS;

describe("the figures' pages", () => {
  it.each(Object.entries(figures.PAGES))('%s is what the prices and quotas say', (path, page) => {
    expect(readFileSync(join(__dirname, '..', path), 'utf8')).toBe(page());
  });

  it('prices by tiers, each for what lies in it', () => {
    const transfer = figures.PRICES.transfer as Price;
    expect(figures.costOf(transfer, 10_240)).toBeCloseTo(870.4);
    expect(figures.costOf(transfer, 10_241)).toBeCloseTo(870.48);
    expect(figures.costOf(transfer, 51_201)).toBeCloseTo(870.4 + 3_276.8 + 0.06);
  });

  it('takes off what is free every month, and never below nothing', () => {
    expect(figures.priceLine(['viewerRequests', 10_000_000])).toMatchObject({ list: 10, due: 0 });
    expect(figures.priceLine(['viewerRequests', 11_000_000]).due).toBeCloseTo(1);
    expect(figures.priceLine(['alarms', 3])).toMatchObject({ due: 0 });
  });

  it('sums a bill up, and charges calls for links and uploads', () => {
    const { own, operations, due } = figures.billOf(product);
    expect([...own, ...operations].reduce((sum, line) => sum + line.due, 0)).toBeCloseTo(due);
    expect(own.find(({ key }) => key === 'calls')?.amount).toBe(product.links + product.uploads);
  });

  it('finds the smallest plan that holds transfer and requests, the API’s too', () => {
    const small = { links: 10, requests: 999_990, megabytes: 0.1, uploads: 0, storedGb: 1 };
    expect(figures.planFor(small).plan?.name).toBe('Free');
    expect(figures.planFor({ ...small, links: 11 }).plan?.name).toBe('Pro');
    expect(figures.planFor({ ...small, megabytes: 0.2 }).plan?.name).toBe('Pro');
    expect(figures.planFor({ ...small, requests: 7_000_000_000 }).plan).toBeUndefined();
  });

  it('assumes what the stack is: memory, alarms, rules, the usage plan’s rate', () => {
    const resources = synthesizeContent({ ...OPERATED, uploads: {} });
    const [[, anyFunction] = []] = ofType(resources, 'AWS::Lambda::Function');
    expect(figures.ASSUMPTIONS.memoryGb).toBe((anyFunction?.Properties.MemorySize ?? 0) / 1_024);
    const alarms = ofType(resources, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
    const looked = alarms
      .flatMap(({ Metrics = [{ MetricStat: {} }] }) => Metrics)
      .filter(({ MetricStat }) => MetricStat);
    expect(figures.ASSUMPTIONS.alarmMetrics).toBe(looked.length);
    expect(figures.ASSUMPTIONS.webAclRules).toBe(only(resources, 'AWS::WAFv2::WebACL').Rules.length);
    const rate = figures.QUOTAS.find(({ name }) => name.startsWith('Usage plan'));
    expect(rate?.limit).toBe(only(resources, 'AWS::ApiGateway::UsagePlan').Throttle.RateLimit);
  });

  it('finds what gives first: the usage plan where each link is a call of its own, S3 where a hundred are one', () => {
    expect(figures.loadOf(1_000, 1)).toMatchObject({ calls: 1_000, busy: 20 });
    const first = (links: number, batch: number) => figures.usesOf(figures.loadOf(links, batch))[0];
    expect(first(100_000, 1)).toMatchObject({ quota: { name: expect.stringContaining('Usage plan') }, share: 100 });
    expect(first(100_000, 100)?.quota.name).toContain('S3');
    for (const batch of [1, 100]) expect(first(10, batch)?.share).toBeLessThan(0.05);
  });
});
