// The arrows of ARCHITECTURE.md: what may import what. The check in check-arrows.mjs says how to read them.

/** Stands for every folder and file next to the one that has it. */
export const ALL = '*';

/**
 * By folder, '' being src: for each folder or file in it, the folders and files next to it that it may import. `.` are the files that
 * have no line of their own; nothing may import them where they may import all.
 */
export const ARROWS = {
  '': {
    'object-key': [],
    packages: [],
    signing: ['object-key'],
    api: ['object-key'],
    functions: ['signing', 'api', 'object-key'],
    client: ['api', 'object-key'],
    cdk: ['api', 'packages'],
    local: ['signing', 'object-key', 'packages'],
    cli: ['signing', 'local', 'packages'],
  },
  signing: {
    '.': ALL,
    explain: ['verify', 'policy', 'key', 'encoding', 'errors'],
    sign: ['policy', 'key', 'encoding', 'errors'],
    verify: ['policy', 'key', 'encoding', 'errors'],
    policy: ['encoding', 'errors'],
    key: ['errors'],
    encoding: ['errors'],
    errors: [],
  },
  functions: {
    handlers: ALL,
    sign: ['keys', 'http', 'aws'],
    list: ['http', 'aws'],
    upload: ['http', 'aws'],
    keys: ['aws'],
    http: ['aws'],
    aws: [],
  },
  cdk: {
    '.': ALL,
    operations: ['api', 'bucket', 'keys', 'base'],
    site: ['bucket', 'base'],
    delivery: ['api', 'base'],
    bucket: ['api', 'base'],
    api: ['keys', 'base'],
    keys: ['base'],
    base: [],
  },
  cli: {
    '.': ALL,
    doctor: ['aws-target', 'aws-sdk', 'cloudformation-stack', 'running'],
    keys: ['aws-target', 'aws-sdk', 'cloudformation-stack', 'running', 'confirm'],
    'cloudformation-stack': ['aws-sdk'],
    'aws-target': ['aws-sdk'],
    'aws-sdk': [],
    running: [],
    confirm: [],
  },
  local: {
    '.': ALL,
    apigateway: ['cloudformation', 'iam', 'lambda'],
    cloudfront: ['cloudformation', 'iam', 'aws-request', 'http', 'files', 'certificate', 'xml', 'wildcard'],
    events: ['cloudformation'],
    lambda: ['cloudformation', 'iam', 'aws-request', 'wildcard'],
    s3: ['cloudformation', 'iam', 'aws-request', 'aws-endpoint', 'http', 'xml', 'wildcard'],
    ssm: ['cloudformation', 'iam', 'aws-request', 'files'],
    'aws-endpoint': ['aws-request', 'iam'],
    'aws-request': ['iam'],
    certificate: ['files'],
    iam: ['cloudformation', 'wildcard'],
    cloudformation: ['files'],
    files: [],
    http: [],
    wildcard: [],
    xml: [],
  },
  'local/apigateway': {
    '.': ALL,
    authorization: ['integration', 'request', 'model', 'errors'],
    template: ['request', 'response', 'usage', 'model', 'errors'],
    integration: ['request', 'response', 'model', 'errors'],
    usage: ['request', 'model', 'errors'],
    response: ['request', 'model', 'errors'],
    request: ['model', 'errors'],
    model: [],
    errors: [],
  },
  'local/cloudfront': {
    '.': ALL,
    'control-api': ['resources', 'key-store', 'new-id'],
    resources: ['policies', 'config', 'deployed-distribution', 'refused-types', 'key-store', 'new-id'],
    edge: ['policies', 'config', 'deployed-distribution'],
    'deployed-distribution': ['policies', 'config'],
    policies: [],
    config: [],
    'refused-types': [],
    'key-store': [],
    'new-id': [],
  },
  'local/cloudfront/edge': {
    workers: ['server', 'edge', 'origin'],
    server: ['edge', 'origin', 'response', 'body', 'viewer'],
    edge: ALL,
    'known-links': ['admission', 'cache-request', 'response', 'viewer'],
    admission: ['response', 'running-distribution', 'viewer'],
    cache: ['origin', 'cache-request', 'response', 'body'],
    origin: ['cache-request', 'response', 'body'],
    'cache-request': ['response', 'running-distribution', 'viewer'],
    response: ['body', 'viewer'],
    body: [],
    'running-distribution': [],
    viewer: [],
  },
  'local/lambda': {
    '.': ALL,
    // Runs inside a function's process.
    runtime: [],
  },
  'local/s3': {
    '.': ALL,
    template: ['s3', 'operations', 'store'],
    s3: ALL,
    operations: [
      'body',
      'form',
      'headers',
      'listing',
      'store',
      'checksum',
      'request-context',
      's3-request',
      's3-xml',
      's3-error',
    ],
    headers: ['store', 'checksum', 'request-context', 's3-error'],
    'request-context': ['store', 's3-request'],
    listing: ['store', 's3-error'],
    body: ['store', 'checksum', 's3-error'],
    store: ['checksum', 's3-error'],
    form: ['s3-error'],
    checksum: ['s3-error'],
    's3-request': ['s3-error'],
    's3-xml': [],
    's3-error': [],
  },
};

/** Packages that each folder of src may import or resolve; tests may use more. */
export const PACKAGES = {
  'object-key': [],
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

/** Folders whose files run in browsers: no module of Node.js, and no `Buffer` or `process`. */
export const BROWSER = ['object-key', 'client'];

/** Folders that a rule of check-folders.mjs does not hold for, each with the reason. */
export const EXCEPTIONS = {
  mostFiles: { 'local/s3/operations': 'A file an operation: the folder is as long as the list of operations.' },
  plurals: { 'local/s3/operations': 'DeleteObject and DeleteObjects are names of AWS.' },
  exportNames: { 'functions/handlers': 'Lambda looks for the name `handler` in every one.' },
};
