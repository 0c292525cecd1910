// Writes rows.json and docs/fidelity.md: what a distribution in front of a private bucket answers, one row a case. Run it after a change and read the diff.
//   node test/conformance/generate.mjs
import { writeFileSync } from 'node:fs';
import { page } from './fidelity.mjs';

const rows = [];
const text = 'compress me '.repeat(200);

/** The objects that rows ask for; `fill` makes a body of that many bytes. */
const objects = [
  { key: 'a.txt', body: 'hello', type: 'text/plain' },
  { key: 'digits', body: '0123456789', type: 'application/octet-stream' },
  { key: 'empty', body: '', type: 'text/plain' },
  { key: 'folder/one', body: 'one', type: 'text/plain' },
  { key: 'folder/sub/two', body: 'two', type: 'text/plain' },
  { key: 'folders', body: 'beside', type: 'text/plain' },
  { key: 'minute', body: 'x', type: 'text/plain', cacheControl: 'max-age=60' },
  { key: 'large', fill: 3_000_000, type: 'application/octet-stream' },
];

/** @param source D: documented; C: captured; INF: inferred; UNV: nobody could verify, the safe reading. */
function row(title, source, request, expect) {
  rows.push({
    id: `C${String(rows.length + 1).padStart(3, '0')}`,
    title,
    source,
    request: { path: '/a.txt', ...request },
    expect,
  });
}
const refused = (code, bytes) => ({
  status: 403,
  headers: {
    'content-type': 'text/xml',
    'content-length': String(bytes),
    server: 'CloudFront',
    'x-cache': 'Error from cloudfront',
  },
  code,
});
const REFUSED = {
  MissingKey: refused('MissingKey', 146),
  InvalidKey: refused('InvalidKey', 106),
  MalformedSignature: refused('MalformedSignature', 131),
  MalformedPolicy: refused('MalformedPolicy', 116),
  AccessDenied: refused('AccessDenied', 110),
};
const served = (body, more = {}) => ({ status: 200, body, headers: { server: 'AmazonS3', ...more } });
const html = (status) => ({
  status,
  headers: { 'content-type': 'text/html', server: 'CloudFront', 'x-cache': 'Error from cloudfront' },
  contains: 'The request could not be satisfied',
});
const canned = { expiresIn: 3600 };

for (const path of ['/a.txt', '/', '/folder/', '/absent', '/a.txt?x=1', '/%7e'])
  row(`no signature for ${path}`, 'C', { path }, REFUSED.MissingKey);
for (const name of ['Expires=1', 'Policy=x', 'Signature=x'])
  row(`${name} alone makes a URL a signed one`, 'D', { path: `/a.txt?${name}` }, REFUSED.MissingKey);

for (const via of ['url', 'cookies']) {
  for (const hashAlgorithm of ['SHA1', 'SHA256']) {
    for (const [policy, terms] of [
      ['canned', {}],
      ['custom', { startsIn: -60 }],
    ]) {
      const sign = { via, hashAlgorithm, ...canned, ...terms };
      const name = `${policy} policy, ${hashAlgorithm}, ${via}`;
      row(`${name}: holds`, 'D', { sign }, served('hello'));
      row(`${name}: an altered signature`, 'C', { sign: { ...sign, alter: 'signature' } }, REFUSED.AccessDenied);
      row(
        `${name}: a signature that is not base64`,
        'C',
        { sign: { ...sign, set: { Signature: '!!!' } } },
        REFUSED.MalformedSignature,
      );
      row(
        `${name}: an unknown key pair id`,
        'C',
        { sign: { ...sign, set: { 'Key-Pair-Id': 'KUNKNOWNUNKNOWN' } } },
        REFUSED.InvalidKey,
      );
      row(
        `${name}: a key group's id for a key pair's`,
        'C',
        { sign: { ...sign, set: { 'Key-Pair-Id': '5d2b6a1e-1111-4222-8333-944455566677' } } },
        REFUSED.InvalidKey,
      );
      row(`${name}: no key pair id`, 'C', { sign: { ...sign, set: { 'Key-Pair-Id': null } } }, REFUSED.MissingKey);
      row(`${name}: an empty key pair id`, 'C', { sign: { ...sign, set: { 'Key-Pair-Id': '' } } }, REFUSED.MissingKey);
      row(`${name}: no signature`, 'UNV', { sign: { ...sign, set: { Signature: null } } }, REFUSED.AccessDenied);
      row(
        `${name}: ended a minute ago`,
        'C',
        { sign: { ...sign, startsIn: policy === 'custom' ? -7200 : undefined, expiresIn: -60 } },
        REFUSED.AccessDenied,
      );
      row(
        `${name}: another hash algorithm than signed`,
        'INF',
        { sign: { ...sign, set: { 'Hash-Algorithm': hashAlgorithm === 'SHA1' ? 'SHA256' : null } } },
        REFUSED.AccessDenied,
      );
      row(
        `${name}: an unknown hash algorithm`,
        'UNV',
        { sign: { ...sign, set: { 'Hash-Algorithm': 'SHA512' } } },
        REFUSED.AccessDenied,
      );
      row(`${name}: for another object`, 'D', { sign: { ...sign, for: '/digits' } }, REFUSED.AccessDenied);
    }
  }
  const custom = { via, ...canned, startsIn: -60 };
  const withPolicy = (title, source, document, expect) =>
    row(`custom policy, ${via}: ${title}`, source, { sign: { ...custom, policy: document } }, expect);
  row(`custom policy, ${via}: begins in a minute`, 'D', { sign: { ...custom, startsIn: 60 } }, REFUSED.AccessDenied);
  row(`custom policy, ${via}: any address`, 'D', { sign: { ...custom, ipAddress: '0.0.0.0/0' } }, served('hello'));
  row(
    `custom policy, ${via}: an address that is not the viewer's`,
    'C',
    { sign: { ...custom, ipAddress: '192.0.2.1' } },
    REFUSED.AccessDenied,
  );
  row(
    `custom policy, ${via}: a wildcard for the folder`,
    'D',
    { path: '/folder/one', sign: { ...custom, resource: '/folder/*' } },
    served('one'),
  );
  row(
    `custom policy, ${via}: a wildcard crosses slashes`,
    'D',
    { path: '/folder/sub/two', sign: { ...custom, resource: '/folder/*' } },
    served('two'),
  );
  row(
    `custom policy, ${via}: a wildcard ends at its slash`,
    'D',
    { path: '/folders', sign: { ...custom, resource: '/folder/*' } },
    REFUSED.AccessDenied,
  );
  row(
    `custom policy, ${via}: a question mark is one character`,
    'D',
    { path: '/folder/one', sign: { ...custom, resource: '/folder/o?e' } },
    served('one'),
  );
  row(
    `custom policy, ${via}: a question mark is not none`,
    'D',
    { path: '/folder/one', sign: { ...custom, resource: '/folder/on?e' } },
    REFUSED.AccessDenied,
  );
  row(`custom policy, ${via}: every URL`, 'D', { sign: { ...custom, resource: '*' } }, served('hello'));
  row(
    `canned policy, ${via}: a wildcard opens nothing`,
    'INF',
    { path: '/folder/one', sign: { via, ...canned, for: '/folder/*' } },
    REFUSED.AccessDenied,
  );
  withPolicy('not JSON', 'C', '{', REFUSED.MalformedPolicy);
  withPolicy(
    'Statement is an object',
    'C',
    '{"Statement":{"Condition":{"DateLessThan":{"AWS:EpochTime":4102444800}}}}',
    REFUSED.MalformedPolicy,
  );
  withPolicy(
    'two statements',
    'C',
    '{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":4102444800}}},{"Condition":{"DateLessThan":{"AWS:EpochTime":4102444800}}}]}',
    REFUSED.MalformedPolicy,
  );
  withPolicy('no end', 'D', '{"Statement":[{"Resource":"*","Condition":{}}]}', REFUSED.MalformedPolicy);
  withPolicy(
    'milliseconds',
    'C',
    '{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":4102444800000}}}]}',
    REFUSED.MalformedPolicy,
  );
  withPolicy(
    'a time in quotes',
    'D',
    '{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":"4102444800"}}}]}',
    REFUSED.MalformedPolicy,
  );
  withPolicy(
    'no Resource covers all',
    'D',
    '{"Statement":[{"Condition":{"DateLessThan":{"AWS:EpochTime":4102444800}}}]}',
    served('hello'),
  );
  withPolicy(
    'white space that was signed',
    'INF',
    '{ "Statement": [ {"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":4102444800}}} ] }\n',
    served('hello'),
  );
}
row(
  'a signed URL wins over cookies that hold',
  'D',
  { sign: { via: 'cookies', ...canned }, path: '/a.txt?Expires=1' },
  REFUSED.MissingKey,
);
for (const name of ['Expires', 'Signature', 'Key-Pair-Id'])
  row(`${name} twice`, 'UNV', { sign: { via: 'url', ...canned, twice: name } }, REFUSED.AccessDenied);

for (const [query, title] of [
  ['x=1', 'one parameter'],
  ['x=1&y=2', 'two'],
  ['y=2&x=1', 'in their order'],
  ['flag', 'without a value'],
  ['x=a%20b', 'encoded'],
  ['x=a+b', 'with a plus'],
])
  row(
    `the application's own query, ${title}`,
    'D',
    { path: `/a.txt?${query}`, sign: { via: 'url', ...canned } },
    served('hello'),
  );
row(
  'a parameter added after signing',
  'D',
  { sign: { via: 'url', ...canned, append: '&utm_source=x' } },
  REFUSED.AccessDenied,
);
row(
  'signing parameters before the own ones',
  'D',
  { path: '/a.txt?x=1', sign: { via: 'url', ...canned, first: true } },
  served('hello'),
);
row(
  'own parameters in another order than signed',
  'INF',
  { path: '/a.txt?y=2&x=1', sign: { via: 'url', ...canned, for: '/a.txt?x=1&y=2' } },
  REFUSED.AccessDenied,
);
for (const [requested, signedFor, title] of [
  ['/sp%20ace', '/sp+ace', 'a plus for a space'],
  ["/quo'te", '/quo%27te', 'an apostrophe encoded'],
  ['/%C3%A9', '/%c3%a9', 'hex in lower case'],
  ['/a.txt/', '/a.txt', 'a slash more'],
  ['/a.txt', '/a.txt/', 'a slash less'],
  ['//a.txt', '/a.txt', 'two slashes'],
  ['/A.txt', '/a.txt', 'another case'],
  ['/%61.txt', '/a.txt', 'an escape that need not be'],
])
  row(
    `signed for ${title}`,
    'INF',
    { path: requested, sign: { via: 'url', ...canned, for: signedFor } },
    REFUSED.AccessDenied,
  );

const KEYS = [
  'sp ace',
  'pl+us',
  'ha#sh',
  'que?stion',
  'per%cent',
  'st*ar',
  "quo'te",
  'dou"ble',
  'do//uble',
  'amp&er',
  'semi;colon',
  'at@sign',
  'e=quals',
  'com,ma',
  'par(en)s',
  'brac[ket]',
  'pi|pe',
  'til~de',
  'back\\slash',
  'caret^',
  'é',
  'e\u0301',
  '日本語',
  '🗝️',
  'a/./b',
  'a/../b',
  '%2F',
  '%41',
];
for (const key of KEYS) {
  objects.push({ key, body: `the object ${key}`, type: 'text/plain' });
  row(
    `the object ${JSON.stringify(key)} by its own URL`,
    'INF',
    { key, path: undefined, sign: { via: 'url', ...canned } },
    served(`the object ${key}`),
  );
}

for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
  for (const sign of [undefined, { via: 'url', ...canned }])
    row(`${method}, ${sign ? 'signed' : 'unsigned'}`, sign ? 'C' : 'UNV', { method, sign }, html(403));
row(
  'HEAD',
  'D',
  { method: 'HEAD', sign: { via: 'url', ...canned } },
  { status: 200, body: '', headers: { 'content-length': '5' } },
);
row(
  'HEAD without a signature has no body',
  'INF',
  { method: 'HEAD' },
  { status: 403, body: '', headers: { 'content-length': '146' } },
);
row('GET with a body', 'D', { sign: { via: 'url', ...canned }, body: 'x' }, html(403));
row('a URL of 8,193 bytes', 'D', { padTo: 8193 }, { status: 413 });
row('20,481 bytes of headers', 'D', { headers: { 'x-pad': 'x'.repeat(20_481) } }, { status: 413 });

for (const [range, body, contentRange] of [
  ['bytes=0-0', '0', 'bytes 0-0/10'],
  ['bytes=2-4', '234', 'bytes 2-4/10'],
  ['bytes=7-', '789', 'bytes 7-9/10'],
  ['bytes=-3', '789', 'bytes 7-9/10'],
  ['bytes=-100', '0123456789', 'bytes 0-9/10'],
  ['bytes=5-100', '56789', 'bytes 5-9/10'],
  ['bytes=0-9', '0123456789', 'bytes 0-9/10'],
])
  row(
    `Range ${range}`,
    'D',
    { path: '/digits', sign: { via: 'url', ...canned }, headers: { range } },
    { status: 206, body, headers: { 'content-range': contentRange, 'content-length': String(body.length) } },
  );
for (const [range, source] of [
  ['bytes=4-2', 'D'],
  ['bytes=a-b', 'D'],
  ['bytes=', 'D'],
  ['lines=1-2', 'INF'],
  ['bytes=5-6,1-2', 'D'],
  ['bytes=0-4,2-6', 'D'],
  ['bytes=0-1,4-5', 'UNV'],
])
  row(
    `Range ${range} is not taken`,
    source,
    { path: '/digits', sign: { via: 'url', ...canned }, headers: { range } },
    { status: 200, body: '0123456789' },
  );
for (const range of ['bytes=10-', 'bytes=99-100', 'bytes=-0'])
  row(
    `Range ${range} lies behind the end`,
    'D',
    { path: '/digits', sign: { via: 'url', ...canned }, headers: { range } },
    {
      status: 416,
      headers: { server: 'AmazonS3', 'x-cache': 'Error from cloudfront' },
      contains: '<Code>InvalidRange</Code>',
    },
  );
row(
  'Range of a large object',
  'D',
  { path: '/large', sign: { via: 'url', ...canned }, headers: { range: 'bytes=2999998-' } },
  { status: 206, headers: { 'content-length': '2', 'content-range': 'bytes 2999998-2999999/3000000' } },
);

const FUTURE = 'Fri, 01 Jan 2100 00:00:00 GMT';
const PAST = 'Sat, 01 Jan 2000 00:00:00 GMT';
for (const [headers, status, title] of [
  [{ 'if-none-match': '{etag}' }, 304, 'If-None-Match with its ETag'],
  [{ 'if-none-match': 'W/{etag}' }, 304, 'If-None-Match, weak'],
  [{ 'if-none-match': '"other", {etag}' }, 304, 'If-None-Match, a list'],
  [{ 'if-none-match': '*' }, 304, 'If-None-Match: *'],
  [{ 'if-none-match': '"other"' }, 200, 'If-None-Match with another ETag'],
  [{ 'if-modified-since': FUTURE }, 304, 'If-Modified-Since, later'],
  [{ 'if-modified-since': PAST }, 200, 'If-Modified-Since, earlier'],
  [{ 'if-none-match': '"other"', 'if-modified-since': FUTURE }, 200, 'If-None-Match before If-Modified-Since'],
  [{ 'if-match': '{etag}' }, 200, 'If-Match with its ETag'],
  [{ 'if-match': '"other"' }, 412, 'If-Match with another'],
  [{ 'if-unmodified-since': FUTURE }, 200, 'If-Unmodified-Since, later'],
  [{ 'if-unmodified-since': PAST }, 412, 'If-Unmodified-Since, earlier'],
  [{ range: 'bytes=0-1', 'if-range': '{etag}' }, 206, 'If-Range with its ETag'],
  [{ range: 'bytes=0-1', 'if-range': '"other"' }, 200, 'If-Range with another'],
])
  row(title, 'D', { path: '/digits', sign: { via: 'url', ...canned }, headers }, { status });

for (const [path, expect] of [
  ['/absent', 403],
  ['/folder', 403],
  ['/folder/', 403],
  ['/A.TXT', 403],
])
  row(
    `S3's own AccessDenied for ${path}, which is not there`,
    'C',
    { path, sign: { via: 'url', ...canned } },
    {
      status: expect,
      headers: { server: 'AmazonS3', 'content-type': 'application/xml', 'x-cache': 'Error from cloudfront' },
      contains: '<Message>Access Denied</Message>',
    },
  );

for (const [path, headers, title] of [
  ['/a.txt', { age: /^\d+$/.source }, 'a hit has its Age'],
  ['/minute', {}, 'max-age'],
  ['/large', {}, 'a large object'],
])
  row(
    title,
    'D',
    { path, repeat: 2, sign: { via: 'url', ...canned } },
    { status: 200, headers: { 'x-cache': 'Hit from cloudfront' }, patterns: headers },
  );
row(
  'two signatures share what is cached',
  'INF',
  { repeat: 2, sign: { via: 'url', expiresIn: 1800 } },
  { status: 200, headers: { 'x-cache': 'Hit from cloudfront' } },
);

for (const [type, isCompressed] of [
  ['text/plain', true],
  ['text/html', true],
  ['application/json', true],
  ['image/svg+xml', true],
  ['application/wasm', true],
  ['image/png', false],
  ['video/mp4', false],
  ['application/zip', false],
]) {
  const key = `compress/${type.replace(/\W/g, '-')}`;
  objects.push({ key, body: text, type });
  for (const [coding, name] of [
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['identity', null],
    ['br;q=0, gzip', 'gzip'],
  ])
    row(
      `${type} for Accept-Encoding: ${coding}`,
      'D',
      { path: `/${key}`, sign: { via: 'url', ...canned }, headers: { 'accept-encoding': coding } },
      { status: 200, decoded: text, headers: { 'content-encoding': isCompressed ? name : null } },
    );
}
objects.push(
  { key: 'compress/999', fill: 999, type: 'text/plain' },
  { key: 'compress/1000', fill: 1000, type: 'text/plain' },
);
row(
  '999 bytes are too small to compress',
  'D',
  { path: '/compress/999', sign: { via: 'url', ...canned }, headers: { 'accept-encoding': 'br' } },
  { status: 200, headers: { 'content-encoding': null } },
);
row(
  '1,000 bytes are not',
  'D',
  { path: '/compress/1000', sign: { via: 'url', ...canned }, headers: { 'accept-encoding': 'br' } },
  { status: 200, headers: { 'content-encoding': 'br' } },
);

for (const [title, request] of [
  ['an answer', { sign: { via: 'url', ...canned } }],
  ['a refusal', {}],
  ['a method refused', { method: 'POST' }],
])
  row(`${title} bears CloudFront's headers`, 'C', request, {
    patterns: {
      via: '^1\\.1 [0-9a-f]+\\.cloudfront\\.net \\(CloudFront\\)$',
      'x-amz-cf-id': '^[\\w-]{54}==$',
      'x-amz-cf-pop': '^[A-Z0-9]+-[A-Z]\\d+$',
      date: 'GMT$',
    },
  });

writeFileSync(new URL('rows.json', import.meta.url), `${JSON.stringify({ objects, rows }, null, 1)}\n`);
writeFileSync(new URL('../../docs/fidelity.md', import.meta.url), page({ rows }));
console.log(`${rows.length} rows, ${objects.length} objects`);
