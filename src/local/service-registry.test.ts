import { describe, expect, it } from 'vitest';
import type { ServiceApi } from './service';
import { type Part, ServiceRegistry } from './service-registry';

/** Parts that write down what is done with them. */
function recorder() {
  const done: string[] = [];
  const part = (name: string, more: Partial<Part> = {}): Part => ({
    ...more,
    open: () => void done.push(`open ${name}`),
    close: async () => void done.push(`close ${name}`),
  });
  return { done, part };
}

describe('the registry of services', () => {
  it('opens parts in its order and closes the last first, whichever was added first', async () => {
    const { done, part } = recorder();
    const registry = new ServiceRegistry(['bucket', 'distribution', 'endpoint']);
    registry.add('distribution', part('distribution'));
    registry.add('endpoint', part('endpoint'));
    registry.add('bucket', part('bucket'));
    await registry.open();
    await registry.close();
    expect(done).toEqual([
      'open bucket',
      'open distribution',
      'open endpoint',
      'close endpoint',
      'close distribution',
      'close bucket',
    ]);
  });

  it('closes what was added before something failed, each part once', async () => {
    const { done, part } = recorder();
    const registry = new ServiceRegistry(['bucket', 'distribution']);
    registry.add('bucket', part('bucket'));
    await registry.close();
    await registry.close();
    expect(done).toEqual(['close bucket']);
  });

  it('takes a part that has opened in the place of one that was opening', async () => {
    const { done, part } = recorder();
    const registry = new ServiceRegistry(['distribution']);
    registry.add('distribution', part('opening'));
    registry.add('distribution', part('open'));
    await registry.close();
    expect(done).toEqual(['close open']);
  });

  it('has the resource types of all services, and the APIs of those that have one', () => {
    const { part } = recorder();
    const registry = new ServiceRegistry(['log', 's3', 'events']);
    const type = { apply: async () => ({ physicalId: '', attributes: {} }) };
    const api = {} as ServiceApi;
    registry.add('log', part('log'));
    registry.add('s3', part('s3', { resourceTypes: { 'AWS::S3::Bucket': type }, api }));
    registry.add('events', part('events', { resourceTypes: { 'AWS::Events::Rule': type } }));
    expect(Object.keys(registry.resourceTypes())).toEqual(['AWS::S3::Bucket', 'AWS::Events::Rule']);
    expect(registry.apis()).toEqual({ s3: api });
  });
});
