import { unescape as percentDecode } from 'node:querystring';

/** What a request line asks for. */
export interface RequestTarget {
  readonly stage: string;
  /** Below the stage, as it was sent; slashes before it count as one. */
  readonly path: string;
  /** With the stage, as it was sent. */
  readonly stagePath: string;
  /** Decoded, in order. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

export function parseTarget(url: string): RequestTarget {
  const withoutOrigin = url.replace(/^https?:\/\/[^/?]*/i, '');
  const queryStart = withoutOrigin.indexOf('?');
  const whole = queryStart === -1 ? withoutOrigin : withoutOrigin.slice(0, queryStart);
  const [, stage = '', rest = ''] = /^\/*([^/]*)(.*)$/s.exec(whole) ?? [];
  return {
    stage,
    path: `/${rest.replace(/^\/+/, '')}`,
    stagePath: `/${stage}${rest}`,
    query: queryStart === -1 ? [] : parseQuery(withoutOrigin.slice(queryStart + 1)),
  };
}

/** Unlike the path, the query reaches a function decoded. What cannot be decoded stays as it is. */
function parseQuery(query: string): [string, string][] {
  const fields = query.split('&').filter((field) => field !== '');
  return fields.map((field) => {
    const [name = '', ...value] = field.split('=');
    return [decode(name), decode(value.join('='))];
  });
}

const decode = (text: string): string => percentDecode(text.replaceAll('+', ' '));
