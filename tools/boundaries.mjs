// Folders import only what ARCHITECTURE.md allows. Reads every import of src/ and compares it with the arrows.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src');

/** Folder of src/ to the folders it may import, besides itself. */
const ARROWS = {
  packages: [],
  signing: [],
  api: [],
  functions: ['signing', 'api'],
  client: ['api'],
  cdk: ['api', 'packages'],
  local: ['signing', 'packages'],
  cli: ['signing', 'local', 'packages'],
};

/** Folder of src/local/ to the other folders there that it may import. `.` are the files of src/local itself. */
const LOCAL_ARROWS = {
  cloudformation: ['.'],
  iam: ['cloudformation', '.'],
  s3: ['cloudformation', 'iam', '.'],
  ssm: ['cloudformation', 'iam', '.'],
  lambda: ['cloudformation', 'iam', '.'],
  apigateway: ['cloudformation', 'iam', 'lambda', '.'],
  cloudfront: ['cloudformation', 'iam', '.'],
  events: ['cloudformation', '.'],
};

/** Packages each folder may import or resolve; tests may use more. */
const PACKAGES = {
  packages: [],
  signing: [],
  api: ['valibot'],
  functions: ['aws4', 'aws-lambda', 'jose', 'valibot'],
  client: [],
  cdk: ['aws-cdk-lib', 'constructs', 'mime-types'],
  local: ['lmdb', '@fastify/busboy', 'selfsigned', 'jose'],
  cli: [
    'commander',
    'aws-cdk',
    'aws-cdk-lib',
    '@aws-sdk/client-api-gateway',
    '@aws-sdk/client-cloudformation',
    '@aws-sdk/client-cloudfront',
    '@aws-sdk/client-kms',
    '@aws-sdk/client-lambda',
    '@aws-sdk/client-s3',
    '@aws-sdk/client-ssm',
    '@aws-sdk/client-sts',
  ],
};

const files = readdirSync(src, { recursive: true })
  .filter((path) => path.endsWith('.ts') && !/\.test(\.fixture)?\.ts$/.test(path))
  .map((path) => join(src, path));
const broken = files.flatMap((file) => importsOf(file).flatMap((target) => check(file, target)));
for (const line of broken) console.error(line);
if (files.length === 0) console.error('no sources found');
process.exit(broken.length > 0 || files.length === 0 ? 1 : 0);

function importsOf(file) {
  const text = readFileSync(file, 'utf8');
  const imports = /\bfrom '([^'\n]+)'|^import '([^'\n]+)'|\b(?:import|require|require\.resolve)\('([^'\n]+)'/gm;
  return [...text.matchAll(imports)].map(([, ...targets]) => targets.find(Boolean));
}

function check(file, target) {
  const [folder, inner] = placeOf(file);
  const complaint = (what) => [`${relative(dirname(src), file)} imports ${target}: ${what}`];
  if (!(folder in ARROWS)) return complaint(`the folder ${folder} has no line in the arrows`);
  if (target.startsWith('node:')) return [];
  if (!target.startsWith('.')) {
    const name = target
      .split('/')
      .slice(0, target.startsWith('@') ? 2 : 1)
      .join('/');
    return PACKAGES[folder].includes(name)
      ? []
      : complaint(`${folder} may not import packages but ${PACKAGES[folder].join(', ') || 'none'}`);
  }
  const [otherFolder, otherInner] = placeOf(resolve(dirname(file), target));
  if (folder !== otherFolder)
    return ARROWS[folder].includes(otherFolder) ? [] : complaint(`no arrow from ${folder} to ${otherFolder}`);
  const isInside = folder !== 'local' || inner === '.' || inner === otherInner;
  return isInside || LOCAL_ARROWS[inner]?.includes(otherInner)
    ? []
    : complaint(`no arrow from local/${inner} to local/${otherInner}`);
}

function placeOf(path) {
  const parts = relative(src, path).split(sep);
  return [parts[0], parts.length > 2 || (parts.length === 2 && isFolder(path)) ? parts[1] : '.'];
}

function isFolder(path) {
  try {
    return readdirSync(path).length > 0;
  } catch {
    return false;
  }
}
