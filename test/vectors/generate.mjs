// Writes the vectors anew: `node test/vectors/generate.mjs`, after a build. Signatures of ECDSA differ at every run, those of RSA
// do not. The verdicts are written by hand below, never taken from what the code under test answers; the tests compare.
import { generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const write = (name, value) => writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);

const keys = readKeys();
const D = 'https://d111111abcdef8.cloudfront.net';
const END = 1_800_000_000;
const START = 1_790_000_000;
const NOW = 1_795_000_000;

/** Independent of the code under test: the documentation's steps, with node:crypto. */
function signature(policy, { keyPairId, hashAlgorithm = 'SHA1' }) {
  const { privateKey } = keys.find((key) => key.keyPairId === keyPairId);
  return safe(sign(hashAlgorithm.toLowerCase(), Buffer.from(policy), privateKey));
}
const safe = (bytes) => bytes.toString('base64').replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');
const canned = (url, end = END) =>
  `{"Statement":[{"Resource":"${url}","Condition":{"DateLessThan":{"AWS:EpochTime":${end}}}}]}`;
const custom = (resource, { end = END, start, ip } = {}) =>
  `{"Statement":[{${resource === undefined ? '' : `"Resource":"${resource}",`}"Condition":{"DateLessThan":{"AWS:EpochTime":${end}}` +
  `${start === undefined ? '' : `,"DateGreaterThan":{"AWS:EpochTime":${start}}`}` +
  `${ip === undefined ? '' : `,"IpAddress":{"AWS:SourceIp":"${ip}"}`}}}]}`;

function parameters(policy, terms, signer) {
  const hash = signer.hashAlgorithm === 'SHA256' ? [['Hash-Algorithm', 'SHA256']] : [];
  return [terms, ['Signature', signature(policy, signer)], ['Key-Pair-Id', signer.keyPairId], ...hash];
}
const query = (pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&');
const withQuery = (url, pairs) => `${url}${url.includes('?') ? '&' : '?'}${query(pairs)}`;
const cookieHeader = (pairs) => pairs.map(([name, value]) => `CloudFront-${name}=${value}`).join('; ');
const cannedPairs = (url, signer, end = END) => parameters(canned(url, end), ['Expires', end], signer);
const customPairs = (policy, signer) => parameters(policy, ['Policy', safe(Buffer.from(policy))], signer);

const RSA = { keyPairId: keys[0].keyPairId };
const ECDSA = { keyPairId: keys[1].keyPairId };
const SIGNERS = [
  ['RSA, SHA-1', RSA],
  ['RSA, SHA-256', { ...RSA, hashAlgorithm: 'SHA256' }],
  ['ECDSA, SHA-1', ECDSA],
  ['ECDSA, SHA-256', { ...ECDSA, hashAlgorithm: 'SHA256' }],
];

/** Object keys and the one path of each. Every path is what the WHATWG URL parser leaves as it is. */
const OBJECT_KEYS = [
  ['report.pdf', 'report.pdf'],
  ['a b.txt', 'a%20b.txt'],
  ['a+b.txt', 'a%2Bb.txt'],
  ['a#b.txt', 'a%23b.txt'],
  ['a?b=c.txt', 'a%3Fb%3Dc.txt'],
  ['100%.txt', '100%25.txt'],
  ['a%20b.txt', 'a%2520b.txt'],
  ['star*.txt', 'star%2A.txt'],
  ["it's.txt", 'it%27s.txt'],
  ['"quoted".txt', '%22quoted%22.txt'],
  ['a//b.txt', 'a//b.txt'],
  ['/leading.txt', '/leading.txt'],
  ['trailing/', 'trailing/'],
  ['a/../b.txt', 'a%2F..%2Fb.txt'],
  ['./a.txt', '.%2Fa.txt'],
  ['a/..', 'a%2F..'],
  ['...', '...'],
  ['and&equals=.txt', 'and%26equals%3D.txt'],
  ['comma,semi;colon:at@.txt', 'comma%2Csemi%3Bcolon%3Aat%40.txt'],
  ['(1)!$.txt', '%281%29%21%24.txt'],
  ['<tag>.txt', '%3Ctag%3E.txt'],
  ['back\\slash.txt', 'back%5Cslash.txt'],
  ['{a}|^`.txt', '%7Ba%7D%7C%5E%60.txt'],
  ['ünïcödé.txt', '%C3%BCn%C3%AFc%C3%B6d%C3%A9.txt'],
  ['日本語/ファイル.txt', '%E6%97%A5%E6%9C%AC%E8%AA%9E/%E3%83%95%E3%82%A1%E3%82%A4%E3%83%AB.txt'],
  ['🗝️.txt', '%F0%9F%97%9D%EF%B8%8F.txt'],
  ['tab\tnewline\n.txt', 'tab%09newline%0A.txt'],
  ['~tilde-_.txt', '~tilde-_.txt'],
];

/** Does a policy's Resource cover a URL? Sources: [D] documentation, [INF] inferred from it, [UNV] not verified by anybody. */
const RESOURCES = [
  ['https://www.example.com/hello*world', 'https://www.example.com/helloworld', true, 'D'],
  ['https://www.example.com/hello*world', 'https://www.example.com/hello-world', true, 'D'],
  ['https://www.example.com/hello*world', 'https://www.example.net/hello?world', false, 'D'],
  ['https://www.example.com/hello*world', 'https://www.example.com/hello?world', false, 'D'],
  ['http://example.com/hello*', 'http://example.com/hello', true, 'D'],
  ['http://example.com/hello*', 'http://example.com/hello/there?a=b', true, 'D'],
  ['http://example.com/hello*\\?*', 'http://example.com/hello-there?a=b', true, 'D'],
  ['http://example.com*', 'http://example.com/a/b?c=d', true, 'D'],
  ['http://example.com*', 'http://example.com.evil.org/a', true, 'INF'],
  ['http://example.com*/*\\?*', 'http://example.com/a?b=c', true, 'D'],
  ['*example.com', 'https://www.example.com/', true, 'D'],
  ['*example.com', 'http://example.com/', true, 'D'],
  ['*example.com', 'https://www.example.com/a', false, 'D'],
  ['*://*example.com/', 'https://www.example.com/', true, 'D'],
  ['*', 'https://www.example.com/a?b=c', true, 'D'],
  [`${D}/*game_download.zip*`, `${D}/game_download.zip`, true, 'D'],
  [`${D}/*game_download.zip*`, `${D}/example_game_download.zip?license=yes`, true, 'D'],
  [`${D}/*game_download.zip*`, `${D}/test_game_download.zip?license=temp`, true, 'D'],
  [`${D}/training/*`, `${D}/training/orientation.pdf`, true, 'D'],
  [`${D}/training/*`, `${D}/training/a/b/c.pdf`, true, 'D'],
  [`${D}/training/*`, `${D}/trainings/a.pdf`, false, 'D'],
  ['https://*', `${D}/training/orientation.pdf`, true, 'D'],
  ['https://*', 'http://d111111abcdef8.cloudfront.net/training/orientation.pdf', false, 'D'],
  [`${D}/images/horizon.jpg?size=large&license=yes`, `${D}/images/horizon.jpg?size=large&license=yes`, true, 'D'],
  [`${D}/images/horizon.jpg\\?size=large&license=yes`, `${D}/images/horizon.jpg?size=large&license=yes`, true, 'D'],
  [`${D}/images/horizon.jpg?size=large&license=yes`, `${D}/images/horizon.jpg?license=yes&size=large`, false, 'D'],
  [`${D}/images/horizon.jpg`, `${D}/images/horizon.jpg?size=large`, false, 'D'],
  [`${D}/a?.txt`, `${D}/ab.txt`, true, 'D'],
  [`${D}/a?.txt`, `${D}/a.txt`, false, 'D'],
  [`${D}/a?.txt`, `${D}/abc.txt`, false, 'D'],
  [`${D}/a*c`, `${D}/abcabc`, true, 'D'],
  [`${D}/A*`, `${D}/abc`, false, 'INF'],
  ['https://*.example.com/a', 'https://x.example.com/a', true, 'D'],
  ['https://*.example.com/a', 'https://evil.org/.example.com/a', false, 'D'],
  ['http*://example.com/a', 'https://example.com/a', true, 'UNV'],
  [`${D}/a\\?x=*`, `${D}/a?x=1&y=2`, true, 'D'],
  [`${D}/a\\?x=?`, `${D}/a?x=12`, false, 'D'],
];

const verdicts = [];
const add = (name, source, verdict, request) => verdicts.push({ name, source, verdict, now: NOW, ...request });

for (const [how, signer] of SIGNERS) {
  const url = `${D}/report.pdf?size=large`;
  const policy = custom(`${D}/videos/*`, { start: START, ip: '192.0.2.0/24' });
  const from = { ipAddress: '192.0.2.17' };
  const pairs = cannedPairs(url, signer);
  add(`canned URL: ${how}`, 'D', 'allowed', { url: withQuery(url, pairs) });
  add(`canned URL, parameters in another order: ${how}`, 'D', 'allowed', { url: withQuery(url, [...pairs].reverse()) });
  add(`canned URL for another path: ${how}`, 'C', 'AccessDenied', {
    url: withQuery(`${D}/other.pdf?size=large`, pairs),
  });
  add(`custom URL: ${how}`, 'D', 'allowed', {
    ...from,
    url: withQuery(`${D}/videos/a.ts`, customPairs(policy, signer)),
  });
  add(`custom URL for another folder: ${how}`, 'D', 'AccessDenied', {
    ...from,
    url: withQuery(`${D}/music/a.ts`, customPairs(policy, signer)),
  });
  add(`canned cookies: ${how}`, 'D', 'allowed', { url, cookies: cookieHeader(pairs) });
  add(`custom cookies: ${how}`, 'D', 'allowed', {
    ...from,
    url: `${D}/videos/a.ts?x=1`,
    cookies: `theme=dark; ${cookieHeader(customPairs(policy, signer))}`,
  });
  const wrong = signer.hashAlgorithm === 'SHA256' ? pairs.slice(0, 3) : [...pairs, ['Hash-Algorithm', 'SHA256']];
  add(`the other hash is stated: ${how}`, 'C', 'AccessDenied', { url: withQuery(url, wrong) });
  const [terms, , ...ids] = pairs;
  const altered = pairs[1][1].replace(/^.{20}/, (text) => text.slice(0, 19) + (text[19] === 'A' ? 'B' : 'A'));
  add(`one character of the signature altered: ${how}`, 'C', 'AccessDenied', {
    url: withQuery(url, [terms, ['Signature', altered], ...ids]),
  });
}

{
  const url = `${D}/a`;
  const pairs = cannedPairs(url, RSA);
  const [expires, sig, id] = pairs;
  const signed = withQuery(url, pairs);
  add('not signed', 'C', 'MissingKey', { url });
  add('not signed, with a query of the application', 'C', 'MissingKey', { url: `${url}?b=c` });
  add('an empty Key-Pair-Id', 'C', 'MissingKey', { url: withQuery(url, [expires, sig, ['Key-Pair-Id', '']]) });
  add('a whole PEM as Key-Pair-Id', 'C', 'MissingKey', {
    url: withQuery(url, [expires, sig, ['Key-Pair-Id', '-----BEGIN%20PUBLIC%20KEY-----']]),
  });
  add('an unknown Key-Pair-Id', 'C', 'InvalidKey', {
    url: withQuery(url, [expires, sig, ['Key-Pair-Id', 'KUNKNOWN123456']]),
  });
  add('a key group’s id as Key-Pair-Id', 'C', 'InvalidKey', {
    url: withQuery(url, [expires, sig, ['Key-Pair-Id', '4b2d2ab8-5f2a-4f3a-8c3e-0c0e6a1f7c11']]),
  });
  add('the id of another trusted key', 'INF', 'AccessDenied', {
    url: withQuery(url, [expires, sig, ['Key-Pair-Id', ECDSA.keyPairId]]),
  });
  add('a signature in ordinary base64', 'C', 'MalformedSignature', {
    url: withQuery(url, [expires, ['Signature', 'ab+/cd=='], id]),
  });
  add('a signature without its padding', 'INF', 'MalformedSignature', {
    url: withQuery(url, [expires, ['Signature', 'abcde'], id]),
  });
  add('no signature', 'UNV', 'AccessDenied', { url: withQuery(url, [expires, id]) });
  add('neither Expires nor Policy', 'UNV', 'AccessDenied', { url: withQuery(url, [sig, id]) });
  add('Expires that is no number', 'UNV', 'MalformedPolicy', { url: withQuery(url, [['Expires', 'soon'], sig, id]) });
  add('Expires in milliseconds', 'C', 'MalformedPolicy', { url: withQuery(url, cannedPairs(url, RSA, END * 1000)) });
  add('an unknown Hash-Algorithm', 'UNV', 'AccessDenied', {
    url: withQuery(url, [...pairs, ['Hash-Algorithm', 'SHA512']]),
  });
  add('Hash-Algorithm=SHA1, spelled out', 'D', 'allowed', {
    url: withQuery(url, [...pairs, ['Hash-Algorithm', 'SHA1']]),
  });
  add('Expires twice', 'UNV', 'AccessDenied', { url: withQuery(url, [expires, ...pairs]) });
  add('a parameter added after signing', 'D', 'AccessDenied', { url: `${signed}&b=c` });
  add('a later Expires', 'C', 'AccessDenied', { url: signed.replace(`Expires=${END}`, `Expires=${END + 1}`) });
  add('http for https', 'INF', 'AccessDenied', { url: signed.replace('https:', 'http:') });
  add('another host', 'D', 'AccessDenied', { url: signed.replace('d111111abcdef8', 'd222222abcdef8') });
  add('names in lower case', 'UNV', 'MissingKey', { url: signed.replace(/\?.*/, (text) => text.toLowerCase()) });
  add('a signed URL wins over cookies', 'D', 'allowed', {
    url: signed,
    cookies: 'CloudFront-Key-Pair-Id=KUNKNOWN123456',
  });
  add('a URL with one of the parameters, and good cookies', 'D', 'MissingKey', {
    url: `${url}?Expires=${END}`,
    cookies: cookieHeader(pairs),
  });
  add('cookies with names in lower case', 'D', 'MissingKey', { url, cookies: cookieHeader(pairs).toLowerCase() });

  const at = (name, source, verdict, now) => add(name, source, verdict, { url: signed, now });
  at('the second before the end', 'D', 'allowed', END - 1);
  at('the second of the end', 'UNV', 'AccessDenied', END);
  at('a second after the end', 'D', 'AccessDenied', END + 1);
  const started = withQuery(url, customPairs(custom(url, { start: START }), RSA));
  add('the second of the start', 'D', 'AccessDenied', { url: started, now: START });
  add('the second after the start', 'D', 'allowed', { url: started, now: START + 1 });

  const bound = (ip) => withQuery(url, customPairs(custom(url, { ip }), RSA));
  const ips = [
    ['192.0.2.10/32', '192.0.2.10', 'allowed', 'D'],
    ['192.0.2.10/32', '192.0.2.11', 'AccessDenied', 'D'],
    ['192.0.2.10', '192.0.2.10', 'allowed', 'UNV'],
    ['192.0.2.0/24', '192.0.2.255', 'allowed', 'D'],
    ['192.0.2.0/24', '192.0.3.0', 'AccessDenied', 'D'],
    ['0.0.0.0/0', '203.0.113.200', 'allowed', 'D'],
    ['192.0.2.0/24', '2001:db8::1', 'AccessDenied', 'D'],
    ['2001:db8::/32', '2001:db8::1', 'MalformedPolicy', 'UNV'],
  ];
  for (const [ip, ipAddress, verdict, source] of ips)
    add(`${ip} asked from ${ipAddress}`, source, verdict, { url: bound(ip), ipAddress });

  const policies = [
    [
      'Statement that is no array',
      `{"Statement":{"Resource":"${url}","Condition":{"DateLessThan":{"AWS:EpochTime":${END}}}}}`,
      'MalformedPolicy',
      'C',
    ],
    ['two statements', custom(url).replace(/\[(.*)\]/, '[$1,$1]'), 'MalformedPolicy', 'C'],
    ['no DateLessThan', `{"Statement":[{"Resource":"${url}","Condition":{}}]}`, 'MalformedPolicy', 'INF'],
    ['AWS:EpochTime in quotes', custom(url).replace(String(END), `"${END}"`), 'MalformedPolicy', 'D'],
    ['AWS:EpochTime in milliseconds', custom(url, { end: END * 1000 }), 'MalformedPolicy', 'C'],
    ['a policy that is not JSON', custom(url).slice(1), 'MalformedPolicy', 'C'],
    [
      'a policy with an unknown member',
      custom(url).replace('"Condition"', '"Effect":"Allow","Condition"'),
      'MalformedPolicy',
      'UNV',
    ],
    [
      'a policy with white space, signed as it is sent',
      JSON.stringify(JSON.parse(custom(url)), null, 2),
      'allowed',
      'INF',
    ],
    ['a policy with a line break at its end', `${custom(url)}\n`, 'allowed', 'D'],
    ['a policy without Resource', custom(undefined), 'allowed', 'D'],
    [
      'conditions in another order',
      `{"Statement":[{"Condition":{"IpAddress":{"AWS:SourceIp":"0.0.0.0/0"},"DateLessThan":{"AWS:EpochTime":${END}}},"Resource":"${url}"}]}`,
      'allowed',
      'D',
    ],
    ['a wildcard in the middle', custom(`${D}/*`), 'allowed', 'D'],
  ];
  for (const [name, policy, verdict, source] of policies) {
    add(name, source, verdict, { url: withQuery(url, customPairs(policy, RSA)), ipAddress: '203.0.113.7' });
  }
  add('Expires beside Policy', 'INF', 'allowed', {
    url: withQuery(url, [['Expires', 1], ...customPairs(custom(url), RSA)]),
  });
  const changed = custom(url, { end: END + 1 });
  const [, good] = customPairs(custom(url), RSA);
  add('a policy changed after signing', 'C', 'AccessDenied', {
    url: withQuery(url, [['Policy', safe(Buffer.from(changed))], good, id]),
  });
  add('a canned policy for a wildcard', 'C', 'AccessDenied', {
    url: withQuery(`${D}/videos/a.ts`, cannedPairs(`${D}/videos/*`, RSA)),
  });
}

const spellings = [
  ['a space signed as "+", sent as "%20"', '/a+b', '/a%20b'],
  ['a space signed as "%20", sent as "+"', '/a%20b', '/a+b'],
  ['an apostrophe in the query, sent as %27', "/a?q='", '/a?q=%27'],
  ['hex digits signed in lower case, sent in upper case', '/%e6', '/%E6'],
  ['signed without percent-encoding, sent with it', '/a=b', '/a%3Db'],
  ['parameters in another order', '/a?x=1&y=2', '/a?y=2&x=1'],
  ['a slash more at the end', '/a', '/a/'],
];
for (const [name, signedPath, sentPath] of spellings) {
  add(name, 'C', 'AccessDenied', { url: withQuery(D + sentPath, cannedPairs(D + signedPath, RSA)) });
}
for (const [, path] of OBJECT_KEYS) {
  for (const [how, signer] of [SIGNERS[0], SIGNERS[3]]) {
    add(`the object at /${path}: ${how}`, 'INF', 'allowed', {
      url: withQuery(`${D}/${path}`, cannedPairs(`${D}/${path}`, signer)),
    });
  }
}

/** What a signer has to write, byte for byte; only RSA signatures are reproducible. */
const signed = [];
const sourced = (name, options, policy, input) =>
  signed.push({ name, keyPairId: RSA.keyPairId, input, options, policy });
for (const [key, path] of OBJECT_KEYS) {
  sourced(`the object ${JSON.stringify(key)}`, { dateLessThan: END }, canned(`${D}/${path}`), {
    distributionUrl: D,
    key,
  });
}
const docs = [
  [
    'canned policy of the guide',
    'https://d111111abcdef8.cloudfront.net/horizon.jpg?size=large&license=yes',
    { dateLessThan: 1_767_290_400 },
  ],
  ['game_download.zip of the guide', `${D}/game_download.zip`, { dateLessThan: END, ipAddress: '192.0.2.0/24' }],
  [
    'training/* of the guide',
    `${D}/training/orientation.pdf`,
    { dateLessThan: END, ipAddress: '192.0.2.0/24', resource: `${D}/training/*` },
  ],
  [
    'https://* of the guide',
    `${D}/training/orientation.pdf`,
    { dateLessThan: END, dateGreaterThan: START, ipAddress: '192.0.2.10/32', resource: 'https://*' },
  ],
];
for (const [name, input, options] of docs) {
  const { dateLessThan: end, dateGreaterThan: start, ipAddress: ip, resource } = options;
  sourced(
    name,
    options,
    ip || start || resource ? custom(resource ?? input, { end, start, ip }) : canned(input, end),
    input,
  );
}
for (const hashAlgorithm of ['SHA1', 'SHA256']) {
  sourced(
    `a URL with a query, ${hashAlgorithm}`,
    { dateLessThan: END, hashAlgorithm },
    canned(`${D}/a?b=c&d`),
    `${D}/a?b=c&d`,
  );
}
for (const entry of signed) {
  const { hashAlgorithm } = entry.options;
  const url = typeof entry.input === 'string' ? entry.input : JSON.parse(entry.policy).Statement[0].Resource;
  const isCanned =
    entry.options.ipAddress === undefined &&
    entry.options.dateGreaterThan === undefined &&
    entry.options.resource === undefined;
  const signer = { ...RSA, hashAlgorithm };
  entry.url = withQuery(
    url,
    isCanned
      ? parameters(entry.policy, ['Expires', entry.options.dateLessThan], signer)
      : customPairs(entry.policy, signer),
  );
}

write('keys.json', keys);
write(
  'object-keys.json',
  OBJECT_KEYS.map(([key, path]) => ({ key, path })),
);
write(
  'resources.json',
  RESOURCES.map(([resource, url, matches, source]) => ({ resource, url, matches, source })),
);
write('verdicts.json', verdicts);
write('signed-urls.json', signed);
console.log(
  `${verdicts.length} verdicts, ${signed.length} signed URLs, ${RESOURCES.length} resources, ${OBJECT_KEYS.length} object keys`,
);

/** Kept from run to run: they are for tests and open nothing. */
function readKeys() {
  const path = join(folder, 'keys.json');
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
  const make = (keyPairId, type, options) => {
    const { privateKey, publicKey } = generateKeyPairSync(type, options);
    return {
      keyPairId,
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
    };
  };
  return [
    make('KRSAVECTOR0001', 'rsa', { modulusLength: 2048 }),
    make('KECVECTOR00001', 'ec', { namedCurve: 'P-256' }),
  ];
}
