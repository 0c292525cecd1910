import type { Clock } from '../../clock';
import { textsOf, type Xml } from '../../xml';
import { newId } from '../new-id';
import type { CloudFrontResources } from '../resources';
import { CloudFrontApiError, type ControlOperation, document } from './control-operation';

export interface InvalidationOptions {
  readonly resources: CloudFrontResources;
  /** Resolves when no edge has what the paths name any more. */
  readonly invalidate: (paths: readonly string[]) => Promise<void>;
  readonly now: Clock;
}

interface Invalidation {
  readonly id: string;
  readonly createTime: string;
  readonly callerReference: string;
  readonly paths: readonly string[];
}

/** Source: CloudFront Developer Guide, "Invalidate files": a path is an object's, or ends in one wildcard. */
const PATH = /^\/[^*]*\*?$/;
const MAX_PATHS = 3000;

export function invalidationOperations({ resources, invalidate, now }: InvalidationOptions): ControlOperation[] {
  const invalidations = new Map<string, Invalidation>();

  /** Asked before the distribution is looked for: who may not is not told what there is. */
  const resource = ([distributionId]: readonly string[], accountId: string): string =>
    `arn:aws:cloudfront::${accountId}:distribution/${distributionId}`;

  function requireDistribution([distributionId]: readonly string[]): void {
    if (resources.distribution?.id !== distributionId)
      throw new CloudFrontApiError(404, 'NoSuchDistribution', 'The specified distribution does not exist.');
  }

  async function create(xml: string): Promise<Invalidation> {
    const paths = textsOf(xml, 'Path');
    const [callerReference] = textsOf(xml, 'CallerReference');
    if (callerReference === undefined || paths.length === 0)
      throw new CloudFrontApiError(400, 'MalformedXML', 'The batch needs Paths and a CallerReference.');
    const wrong = paths.find((path) => !PATH.test(path));
    if (wrong !== undefined || paths.length > MAX_PATHS)
      throw new CloudFrontApiError(
        400,
        'InvalidArgument',
        'Your request contains one or more invalid invalidation paths.',
      );
    const again = [...invalidations.values()].find((one) => one.callerReference === callerReference);
    if (again) return again;
    await invalidate(paths);
    const invalidation = { id: newId('I'), createTime: now().toISOString(), callerReference, paths };
    invalidations.set(invalidation.id, invalidation);
    return invalidation;
  }

  const list = (): Xml => {
    const items = [...invalidations.values()].reverse();
    const InvalidationSummary = items.map(({ id, createTime }) => ({
      Id: id,
      CreateTime: createTime,
      Status: 'Completed',
    }));
    return { Marker: '', MaxItems: 100, IsTruncated: false, Quantity: items.length, Items: { InvalidationSummary } };
  };

  const ofDistribution = /^\/distribution\/([^/]+)\/invalidation$/;
  return [
    {
      name: 'CreateInvalidation',
      method: 'POST',
      path: ofDistribution,
      resource,
      async run({ ids, body }) {
        requireDistribution(ids);
        const invalidation = await create(body);
        return {
          status: 201,
          body: document('Invalidation', describe(invalidation)),
          location: `/distribution/${ids[0]}/invalidation/${invalidation.id}`,
        };
      },
    },
    {
      name: 'ListInvalidations',
      method: 'GET',
      path: ofDistribution,
      resource,
      run({ ids }) {
        requireDistribution(ids);
        return { status: 200, body: document('InvalidationList', list()) };
      },
    },
    {
      name: 'GetInvalidation',
      method: 'GET',
      path: /^\/distribution\/([^/]+)\/invalidation\/([^/]+)$/,
      resource,
      run({ ids }) {
        requireDistribution(ids);
        const [, id = ''] = ids;
        const found = invalidations.get(id);
        if (found) return { status: 200, body: document('Invalidation', describe(found)) };
        throw new CloudFrontApiError(404, 'NoSuchInvalidation', 'The specified invalidation does not exist.');
      },
    },
  ];
}

const describe = ({ id, createTime, callerReference, paths }: Invalidation): Xml => ({
  Id: id,
  Status: 'Completed',
  CreateTime: createTime,
  InvalidationBatch: {
    Paths: { Quantity: paths.length, Items: { Path: paths } },
    CallerReference: callerReference,
  },
});
