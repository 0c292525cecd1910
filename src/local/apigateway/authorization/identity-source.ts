import type { ProxyEvent } from '../integration/event';
import type { IdentityPlace, IdentitySource } from '../model';

type Read = (event: ProxyEvent, name: string) => string | undefined;

const READERS: Readonly<Record<IdentityPlace, Read>> = {
  'method.request.header': ({ multiValueHeaders }, name) => findHeader(multiValueHeaders ?? {}, name),
  'method.request.querystring': ({ queryStringParameters }, name) => own(queryStringParameters ?? {}, name),
  stageVariables: ({ stageVariables }, name) => own(stageVariables ?? {}, name),
  context: ({ requestContext }, path) => {
    const value = path.split('.').reduce<unknown>((parent, name) => own(parent as object, name), requestContext);
    return value === undefined || value === null || typeof value === 'object' ? undefined : String(value);
  },
};

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
