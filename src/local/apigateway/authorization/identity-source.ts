import type { Properties } from '../../cloudformation/properties';
import type { ProxyEvent } from '../integration/event';

/** Where a Lambda authorizer finds who calls, as `method.request.header.Authorization` says it. */
export interface IdentitySource {
  readonly place: Place;
  readonly name: string;
}

type Place = 'method.request.header' | 'method.request.querystring' | 'stageVariables' | 'context';

type Read = (event: ProxyEvent, name: string) => string | undefined;

const READERS: Readonly<Record<Place, Read>> = {
  'method.request.header': ({ multiValueHeaders }, name) => findHeader(multiValueHeaders ?? {}, name),
  'method.request.querystring': ({ queryStringParameters }, name) => own(queryStringParameters ?? {}, name),
  stageVariables: ({ stageVariables }, name) => own(stageVariables ?? {}, name),
  context: ({ requestContext }, path) => {
    const value = path.split('.').reduce<unknown>((parent, name) => own(parent as object, name), requestContext);
    return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
  },
};

const SOURCE = /^(method\.request\.header|method\.request\.querystring|stageVariables|context)\.(.+)$/;

/** Reads `IdentitySource`: one or more, separated by commas. */
export function readIdentitySources(read: Properties): IdentitySource[] {
  const stated = read.optionalText('IdentitySource')?.split(',') ?? [];
  return stated.map((text) => {
    const [, place, name] = SOURCE.exec(text.trim()) ?? [];
    const known = (Object.keys(READERS) as Place[]).find((word) => word === place);
    if (known && name) return { place: known, name };
    return read.refuse(
      'IdentitySource',
      `has "${text.trim()}"; it takes method.request.header.NAME, method.request.querystring.NAME, stageVariables.NAME and context.NAME`,
    );
  });
}

/** What the request has at each source; undefined when one is missing or empty. */
export function identityOf(sources: readonly IdentitySource[], event: ProxyEvent): readonly string[] | undefined {
  const values = sources.map(({ place, name }) => READERS[place](event, name));
  return values.every((value): value is string => value !== undefined && value !== '') ? values : undefined;
}

/** The last one, as `headers` of an event has it. */
function findHeader(headers: Readonly<Record<string, string[]>>, wanted: string): string | undefined {
  const [, values] = Object.entries(headers).find(([name]) => name.toLowerCase() === wanted.toLowerCase()) ?? [];
  return values?.at(-1);
}

function own<T>(values: Readonly<Record<string, T>> | object | null | undefined, name: string): T | undefined {
  return typeof values === 'object' && values !== null && Object.hasOwn(values, name)
    ? (values as Record<string, T>)[name]
    : undefined;
}
