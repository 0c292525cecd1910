// Runs the core of ceph/s3-tests against a local runtime of its own and writes docs/s3-compatibility.md. Not a part of `npm test`: it
// needs Python with boto3, pytest and the suite's requirements, and a checkout of the suite.
//   node tools/s3-tests.mjs CHECKOUT [PYTHON]
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { prepare } from './prepare.mjs';
import { root } from './root.mjs';

const [checkout = '', python = 'python3'] = process.argv.slice(2);
const SUITE = 's3tests/functional/test_s3.py';
const CORE =
  /bucket_list|object_|multipart|copy|ranged|versioning|versioned|presigned|checksum|conditional|delete_(?:object|marker)|atomic|tags|put_|head_|get_|100_continue|ifmatch|ifnone|if_match|content_length|region/;
const NOT_CORE =
  /acl|grant|website|lifecycle|lock|retention|legal|replicat|sse|enc|kms|policy|public|anon|torrent|logging|append|restore|transition|owner|iam|account|session|cloud|notification|quota|usage|block|abac|bucket_create|v2_presign|swift|tenant|canned|access_bucket|header_|object_writer|not_owned|raw_get_x_amz_expires|cors|tagging|post_object|_v2$/;
/** In a test's own text: it needs ACLs, or signature version 2. */
const NEEDS = /ACL\b|_acl\(|acl=|_setup_bucket_object_acl|get_v2_client/;

/** Why a test of the suite does not pass. Longest first where several begin a name. */
const REASONS = {
  test_object_set_get_unicode_metadata:
    'the test reads the UTF-8 it sent as Latin-1; the local runtime answers the bytes that came',
  test_object_raw_put_authenticated_expired:
    'a negative X-Amz-Expires is AuthorizationQueryParametersError, 400, on S3',
  test_multipart_get_part:
    'a part number beyond the last is InvalidPartNumber, 416, on S3; the suite wants Ceph’s InvalidPart, 400',
  test_multipart_single_get_part: 'the same',
  test_non_multipart_get_part: 'the same',
  test_multipart_resend_first_finishes_last:
    'depends on how often the client reads its body; a repeated part number is InvalidPartOrder',
  test_put_excess_tags: 'S3 answers BadRequest to an eleventh tag; the suite wants Ceph’s InvalidTag',
  test_object_read_unreadable: 'the key is valid UTF-8; the local runtime serves it',
  test_object_checksum_:
    'a checksum that is no base64 of its length is InvalidRequest on S3; the suite wants BadDigest',
  test_get_multipart_object_attributes: 'S3 lists parts only when the upload was begun with a checksum algorithm',
  test_get_paginated_multipart_object_attributes: 'the same',
  test_get_single_multipart_object_attributes: 'the same',
  test_delete_marker_nonversioned: 'S3 sends no x-amz-delete-marker: false',
  test_put_object_if_match: 'S3 takes If-None-Match: * alone on a write; the suite sends an ETag',
  test_multipart_put_object_if_match: 'the same',
  test_put_current_object_if_none_match: 'the same',
  test_multipart_put_current_object_if_none_match: 'the same',
  test_put_current_object_if_match: 'the same',
  test_multipart_put_current_object_if_match: 'the same',
  test_put_object_current_if_match: 'the same',
};

if (checkout === '') {
  console.error('usage: node tools/s3-tests.mjs CHECKOUT-OF-CEPH-S3-TESTS [PYTHON]');
  process.exit(1);
}
prepare();
const folder = mkdtempSync(join(tmpdir(), 'edgepass-s3-tests-'));
const dataDir = join(folder, 'data');
const cli = join(root, 'bin', 'edgepass.js');
const local = spawn(
  process.execPath,
  [cli, 'dev', '--data-dir', dataDir, '--port', '0', '--api-port', '0', '--distribution-port', '0'],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
try {
  await ready(local);
  const environment = JSON.parse(run(process.execPath, [cli, 'env', '--json', '--data-dir', dataDir]));
  const conf = join(folder, 's3tests.conf');
  writeFileSync(conf, configuration(environment));
  const env = { ...process.env, S3TEST_CONF: conf, AWS_DEFAULT_REGION: 'us-east-1', AWS_MAX_ATTEMPTS: '1' };
  const pytest = ['-m', 'pytest', '-q', '-m', 'not fails_on_aws and not encryption and not lifecycle'];
  const collected = run(python, [...pytest, SUITE, '--collect-only'], { cwd: checkout, env });
  const tests = chooseCore(collected);
  console.log(`${tests.length} tests of the core`);
  const report = join(folder, 'report.xml');
  spawnSync(python, [...pytest, ...tests.map((name) => `${SUITE}::${name}`), `--junitxml=${report}`], {
    cwd: checkout,
    env,
    stdio: 'inherit',
  });
  const failed = readFailures(readFileSync(report, 'utf8'));
  const commit = run('git', ['-C', checkout, 'log', '-1', '--format=%H']).trim();
  writeFileSync(join(root, 'docs', 's3-compatibility.md'), page(tests, failed, commit));
  console.log(`${tests.length - failed.length} of ${tests.length} pass; docs/s3-compatibility.md is written`);
} finally {
  local.kill('SIGTERM');
  await new Promise((done) => local.on('close', done));
  rmSync(folder, { recursive: true, force: true });
}

function run(command, args, options = {}) {
  const { stdout, status, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26, ...options });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}${stdout}`);
  return stdout;
}

function ready(child) {
  return new Promise((done, fail) => {
    child.stdout.on('data', (chunk) => /^ready/m.test(String(chunk)) && done());
    child.on('close', (code) => fail(new Error(`edgepass dev ended with ${code}`)));
  });
}

/** Every user of the suite is the developer: the local runtime has one account. */
function configuration({ AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }) {
  const { hostname, port } = new URL(AWS_ENDPOINT_URL);
  const user = (section, id) =>
    `[${section}]\ndisplay_name = ${id}\nuser_id = ${id}\nemail = ${id}@example.com\naccess_key = ${AWS_ACCESS_KEY_ID}\n` +
    `secret_key = ${AWS_SECRET_ACCESS_KEY}\napi_name =\ntenant = ${id}\n`;
  const sections = ['s3 main', 's3 alt', 's3 tenant', 'iam', 'iam root', 'iam alt root'];
  return [
    `[DEFAULT]\nhost = ${hostname}\nport = ${port}\nis_secure = False\nssl_verify = False\n`,
    '[fixtures]\nbucket prefix = s3-{random}-\niam name prefix = s3-\niam path prefix = /s3/\n',
    ...sections.map((section) => user(section, section.replaceAll(' ', ''))),
  ].join('');
}

function chooseCore(collected) {
  const source = readFileSync(resolve(checkout, SUITE), 'utf8');
  const bodies = new Map(
    source.split(/^(?=def )/m).map((text) => [/^def (\w+)/.exec(text)?.[1], text.split(/^@/m)[0]]),
  );
  return collected
    .split('\n')
    .map((line) => line.split('::')[1]?.trim())
    .filter((name) => name && CORE.test(name) && !NOT_CORE.test(name))
    .filter((name) => !NEEDS.test(bodies.get(name.replace(/\[.*/, '')) ?? ''));
}

function readFailures(xml) {
  const cases = [...xml.matchAll(/<testcase [^>]*?\bname="([^"]+)"[^>]*?(?:\/>|>(.*?)<\/testcase>)/gs)];
  return cases.filter(([, , inside = '']) => /<(?:failure|error)\b/.test(inside)).map(([, name]) => name);
}

function page(tests, failed, commit) {
  const passed = tests.length - failed.length;
  const reason = (name) =>
    Object.entries(REASONS).find(([start]) => name.startsWith(start))?.[1] ?? 'not looked into yet';
  const rows = failed.map((name) => `| \`${name}\` | ${reason(name)} |`);
  return `# S3 compatibility

The core of [ceph/s3-tests](https://github.com/ceph/s3-tests), commit \`${commit}\`, against the local runtime's S3 endpoint:
**${passed} of ${tests.length} pass (${((passed / tests.length) * 100).toFixed(1)}%)**.

\`\`\`sh
node tools/s3-tests.mjs CHECKOUT-OF-CEPH-S3-TESTS PYTHON
\`\`\`

The core: listings, objects, multipart uploads, copies, conditional and ranged requests, presigned URLs, checksums and versions. Not in it: ACLs,
websites, lifecycle, object lock, replication, SSE-C and KMS, bucket policies of several accounts, signature version 2, and what the suite
itself marks as failing on AWS.

## What does not pass, and why

| test | why |
| --- | --- |
${rows.join('\n')}
`;
}
