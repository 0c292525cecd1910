/**
 * What nobody could verify ([UNV]) and a deployed stack can be asked: each probe tells what was answered, in a line. Those that need
 * another distribution (geographic restrictions, response headers policies, CORS) are not among them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, replay, type Target } from '../conformance/replay';
import type { Row, SignTerms } from '../conformance/sign-request';

export interface Probe {
  /** The file below `src/` that takes a reading. */
  readonly where: string;
  readonly question: string;
  observe(target: Target): Promise<string>;
}

const canned: SignTerms = { via: 'url', expiresIn: 600 };

/** Asks one request. */
const asked = (where: string, question: string, request: (target: Target) => Row['request']): Probe => ({
  where,
  question,
  observe: async (target) => describeAnswer(await replay({ request: request(target) }, target)),
});

/** A custom policy for /a.txt, as text. */
const policyFor = (resource: string, condition: object = {}): string =>
  JSON.stringify({
    Statement: [{ Resource: resource, Condition: { DateLessThan: { 'AWS:EpochTime': 4_102_444_800 }, ...condition } }],
  });

const withPolicy = (policy: string, more: Partial<SignTerms> = {}): Row['request'] => ({
  path: '/a.txt',
  sign: { ...canned, policy, ...more },
});

export const PROBES: readonly Probe[] = [
  {
    where: 'signing/verify/check-terms.ts',
    question: 'when does access end around the second of DateLessThan?',
    observe: end,
  },
  asked('signing/verify/read-credentials.ts', 'does Hash-Algorithm alone make a signed URL?', () => ({
    path: '/a.txt?Hash-Algorithm=SHA1',
  })),
  asked('signing/verify/read-credentials.ts', 'how is a quote in the query written into a canned policy?', () => ({
    path: '/a.txt?x="',
    sign: canned,
  })),
  asked('signing/verify/read-credentials.ts', 'and a backslash?', () => ({ path: '/a.txt?x=\\', sign: canned })),
  asked('signing/verify/read-policy.ts', 'is a policy with an unknown condition malformed?', ({ url }) =>
    withPolicy(policyFor(`${url}/a.txt`, { StringEquals: { 'aws:UserAgent': 'x' } })),
  ),
  asked('signing/verify/read-terms.ts', 'which of Policy and an Expires that is over counts?', ({ url }) =>
    withPolicy(policyFor(`${url}/a.txt`), { append: '&Expires=1' }),
  ),
  asked('signing/policy/resource-pattern.ts', 'is http*:// a scheme?', ({ url }) =>
    withPolicy(policyFor(url.replace(/^https?/, 'http*').concat('/a.txt'))),
  ),
  asked('signing/encoding/signing-parameter.ts', 'are the parameters’ names taken in lower case?', () => ({
    path: '/a.txt?expires=4102444800&signature=x&key-pair-id=x',
  })),
  asked(
    'local/cloudfront/edge/admission.ts',
    'what is told of an unknown key with a signature that is not base64?',
    () => ({
      path: '/a.txt',
      sign: { ...canned, set: { 'Key-Pair-Id': 'KUNKNOWNUNKNOWN', Signature: '!!!' } },
    }),
  ),
  asked('local/cloudfront/edge/admission.ts', 'and of a method that is not allowed, unsigned?', () => ({
    path: '/a.txt',
    method: 'DELETE',
  })),
  asked('local/cloudfront/edge/response/answers.ts', 'what does a GET with a body get?', () => ({
    path: '/a.txt',
    body: 'x',
    sign: canned,
  })),
  asked('local/cloudfront/edge/response/answers.ts', 'what does a URL of 8,193 characters get?', () => ({
    path: '/a.txt?',
    padTo: 8193,
  })),
  asked('local/cloudfront/edge/cache-request.ts', 'is a range one of the compressed bytes?', () => ({
    path: '/compress/text-plain',
    sign: canned,
    repeat: 2,
    headers: { 'accept-encoding': 'br', range: 'bytes=0-9' },
  })),
  asked('local/cloudfront/policies/selection.ts', 'are names of the query compared decoded?', () => ({
    path: '/a.txt?response%2Dcontent-disposition=attachment',
    sign: canned,
  })),
];

const TOLD = ['x-cache', 'content-range', 'content-encoding', 'content-disposition'];

/** `403 AccessDenied, x-cache: Error from cloudfront` */
export function describeAnswer({ status, headers, bytes }: Answer): string {
  const text = bytes.toString();
  const said = text.match(/<Code>(.*?)<\/Code>/)?.[1] ?? text.match(/<H2>(.*?)<\/H2>/i)?.[1];
  const told = TOLD.filter((name) => headers[name] !== undefined).map((name) => `${name}: ${headers[name]}`);
  return [[status, said].filter(Boolean).join(' '), ...told].join(', ');
}

/** Asks on while a link ends, and tells the second of the last answer that served it, by the answerer's own clock. */
async function end(target: Target): Promise<string> {
  const lifetime = 3;
  const ends = Math.floor(Date.now() / 1000) + lifetime;
  const policy = JSON.stringify({
    Statement: [{ Resource: `${target.url}/a.txt`, Condition: { DateLessThan: { 'AWS:EpochTime': ends } } }],
  });
  let last: number | undefined;
  for (let asked = 0; asked < 100; asked++) {
    const { status, headers } = await replay({ request: withPolicy(policy) }, target);
    const second = Date.parse(headers.date ?? '') / 1000 - ends;
    if (status !== 200)
      return `served until second ${last ?? 'never'}, refused at second ${second}, from DateLessThan on`;
    last = second;
    await sleep(100);
  }
  return `still served at second ${last}`;
}
