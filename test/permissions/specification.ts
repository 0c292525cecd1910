/**
 * Every policy statement that a stack may have, written by hand: a line an action, resource and principal, by the resource it is of. What is not here is
 * not in a template, and the other way round. A feature that brings statements is a table of its own, in which also lines of what is always there may stand.
 */
export type Specification = Readonly<Record<string, readonly string[]>>;

const BUCKET = '<Bucket.Arn>';
const KEYS = 'arn:<Partition>:ssm:<Region>:<AccountId>:parameter/edgepass/Edgepass/PrivateContent';
const SIGNING_KEY = `${KEYS}/signing-key`;
const PUBLIC_KEYS = `${KEYS}/public-keys`;
const SITE_BUCKET = '<SiteBucket.Arn>';
const DISTRIBUTION = 'arn:<Partition>:cloudfront::<AccountId>:distribution/<Distribution>';
const API = 'arn:<Partition>:execute-api:<Region>:<AccountId>:<ApiRestApi>';

/** A function's role and its resource policy: writes its own logs, may do `allowed`, and is invoked for the API's calls, at both stages. */
const apiFunction = (name: string, allowed: string[], calls: string[]): Specification => ({
  ...functionRole(name, allowed),
  [`${name}Function`]: ['<ApiRestApiDeploymentStagev1>', '_api'].flatMap((stage) =>
    calls.map((call) => invokedFor(`${API}/${stage}/${call}`)),
  ),
});

const functionRole = (name: string, allowed: string[]): Specification => ({
  [`${name}Role`]: [
    'Allow sts:AssumeRole to lambda.amazonaws.com',
    `Allow logs:CreateLogStream on <${name}Logs.Arn>`,
    `Allow logs:PutLogEvents on <${name}Logs.Arn>`,
    ...allowed,
  ],
});

const invokedFor = (sourceArn: string): string =>
  `Allow lambda:InvokeFunction to apigateway.amazonaws.com if ArnLike aws:SourceArn is ${sourceArn}`;

/** CloudFront has no ARN for keys and key groups. */
const KEY_ACTIONS = [
  'CreateKeyGroup',
  'CreatePublicKey',
  'DeleteKeyGroup',
  'DeletePublicKey',
  'GetKeyGroup',
  'GetPublicKey',
  'ListKeyGroups',
  'ListPublicKeys',
  'UpdateKeyGroup',
];

export const ALWAYS: Specification = {
  BucketPolicy: [
    `Deny s3:* on ${BUCKET} to * if Bool aws:SecureTransport is false`,
    `Deny s3:* on ${BUCKET}/* to * if Bool aws:SecureTransport is false`,
    `Allow s3:GetObject on ${BUCKET}/* to cloudfront.amazonaws.com if StringEquals AWS:SourceArn is ${DISTRIBUTION}`,
  ],
  ...functionRole('SigningKeyKeeper', [
    ...[SIGNING_KEY, PUBLIC_KEYS, `${KEYS}/rotation-lock`].flatMap((parameter) =>
      ['PutParameter', 'GetParameter', 'DeleteParameter'].map((action) => `Allow ssm:${action} on ${parameter}`),
    ),
    ...KEY_ACTIONS.map((action) => `Allow cloudfront:${action} on *`),
  ]),
  SigningKeyKeeperFunction: [
    'Allow lambda:InvokeFunction to events.amazonaws.com if ArnLike aws:SourceArn is <SigningKeyTending.Arn>',
  ],
  ...apiFunction('ApiLister', [`Allow s3:ListBucket on ${BUCKET}`], ['GET/s3objects']),
  ...apiFunction(
    'ApiSigner',
    [
      `Allow ssm:GetParameter on ${SIGNING_KEY}`,
      `Allow s3:GetObject on ${BUCKET}/*`,
      `Allow s3:ListBucket on ${BUCKET}`,
    ],
    ['POST/urls', 'POST/folders'],
  ),
  ...apiFunction('ApiExplainer', [`Allow ssm:GetParameter on ${PUBLIC_KEYS}`], ['POST/explain']),
  ...apiFunction('ApiDescriber', [], ['GET/openapi.json', 'GET/health']),
};

/** @param prefix `uploads.prefix` */
export const uploads = (prefix: string): Specification =>
  apiFunction(
    'ApiUploader',
    [
      `Allow s3:PutObject on ${BUCKET}/${prefix}*`,
      `Allow s3:AbortMultipartUpload on ${BUCKET}/${prefix}*`,
      `Allow s3:GetObject on ${BUCKET}/_s/idempotency/*`,
      `Allow s3:PutObject on ${BUCKET}/_s/idempotency/*`,
    ],
    ['POST/uploads', 'POST/uploads/*/parts', 'POST/uploads/*/complete', 'DELETE/uploads/*'],
  );

export const DELETES: Specification = apiFunction(
  'ApiDeleter',
  [`Allow s3:DeleteObject on ${BUCKET}/*`],
  ['DELETE/s3objects/*'],
);

export const SITE: Specification = {
  SiteBucketPolicy: [
    `Deny s3:* on ${SITE_BUCKET} to * if Bool aws:SecureTransport is false`,
    `Deny s3:* on ${SITE_BUCKET}/* to * if Bool aws:SecureTransport is false`,
    `Allow s3:GetObject on ${SITE_BUCKET}/* to cloudfront.amazonaws.com if StringEquals AWS:SourceArn is ${DISTRIBUTION}`,
  ],
  ...functionRole('SiteDeployer', [
    `Allow s3:PutObject on ${SITE_BUCKET}/_app/*`,
    `Allow s3:DeleteObject on ${SITE_BUCKET}/_app/*`,
    `Allow s3:ListBucket on ${SITE_BUCKET}`,
  ]),
};

/** `ApiAuth.jwt()` */
export const JWT_AUTH: Specification = {
  ...functionRole('ApiAuthorizerVerifier', []),
  ApiAuthorizerVerifierFunction: [invokedFor(`${API}/authorizers/<ApiAuthorizer>`)],
};

/** `encryptionKey`, made in the stack: what reads and writes objects needs it too. */
export const ENCRYPTION_KEY: Specification = {
  Key: [
    'Allow kms:* on * to arn:<Partition>:iam::<AccountId>:root',
    `Allow kms:Decrypt on * to cloudfront.amazonaws.com if StringEquals AWS:SourceArn is ${DISTRIBUTION}`,
  ],
  ApiSignerRole: ['Allow kms:Decrypt on <Key.Arn>'],
  ApiUploaderRole: ['Allow kms:Decrypt on <Key.Arn>', 'Allow kms:GenerateDataKey on <Key.Arn>'],
};

const EMPTYING = 'CustomS3AutoDeleteObjectsCustomResourceProviderRole';

/** `autoDeleteObjects`: the CDK's own function empties the bucket before it is deleted. */
export const AUTO_DELETE: Specification = {
  [EMPTYING]: [
    'Allow sts:AssumeRole to lambda.amazonaws.com',
    'Allow all of arn:<Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
  ],
  BucketPolicy: ['s3:PutBucketPolicy', 's3:GetBucket*', 's3:List*', 's3:DeleteObject*'].flatMap((action) =>
    [BUCKET, `${BUCKET}/*`].map((on) => `Allow ${action} on ${on} to <${EMPTYING}.Arn>`),
  ),
};

/** `signingKeyEncryptionKey` */
export const SIGNING_KEY_ENCRYPTION_KEY: Specification = {
  OtherKey: ['Allow kms:* on * to arn:<Partition>:iam::<AccountId>:root'],
  ApiSignerRole: ['Allow kms:Decrypt on <OtherKey.Arn>'],
  SigningKeyKeeperRole: ['Allow kms:Decrypt on <OtherKey.Arn>', 'Allow kms:Encrypt on <OtherKey.Arn>'],
};

/** `tracing`. Neither action takes a resource. */
export const tracing = (...tables: Specification[]): Specification =>
  Object.fromEntries(
    tables
      .flatMap((table) => Object.keys(table))
      .filter((of) => of.endsWith('Role'))
      .map((of) => [of, ['Allow xray:PutTraceSegments on *', 'Allow xray:PutTelemetryRecords on *']]),
  );

const LOGS_BUCKET = '<OperationsAccessLogsBucket.Arn>';
const OWN_DELIVERY = 'arn:<Partition>:logs:us-east-1:<AccountId>:delivery-source:*';

/** `logs` of everything, with the role that API Gateway writes them as: every API's of the account. */
export const LOGS: Specification = {
  OperationsAccessLogsBucketPolicy: [
    `Deny s3:* on ${LOGS_BUCKET} to * if Bool aws:SecureTransport is false`,
    `Deny s3:* on ${LOGS_BUCKET}/* to * if Bool aws:SecureTransport is false`,
    `Allow s3:PutObject on ${LOGS_BUCKET}/* to delivery.logs.amazonaws.com if ArnLike aws:SourceArn is ${OWN_DELIVERY} and StringEquals aws:SourceAccount is <AccountId> and StringEquals s3:x-amz-acl is bucket-owner-full-control`,
    `Allow s3:PutObject on ${LOGS_BUCKET}/s3/* to logging.s3.amazonaws.com if ArnLike aws:SourceArn is ${BUCKET} and StringEquals aws:SourceAccount is <AccountId>`,
  ],
  OperationsAccessLogsCloudWatchRole: [
    'Allow sts:AssumeRole to apigateway.amazonaws.com',
    'Allow logs:CreateLogGroup on *',
    'Allow logs:CreateLogStream on *',
    'Allow logs:DescribeLogGroups on *',
    'Allow logs:DescribeLogStreams on *',
    'Allow logs:FilterLogEvents on *',
    'Allow logs:GetLogEvents on *',
    'Allow logs:PutLogEvents on *',
  ],
};

/** Which property of `PrivateContent` brings the roles of which table. */
export const BY_PROPERTY: Readonly<Record<string, Specification>> = {
  uploads: uploads(''),
  deletes: DELETES,
  site: SITE,
  'auth: ApiAuth.jwt()': JWT_AUTH,
};

/** The lines of several tables as `printGrants` has them. */
export const printTables = (tables: readonly Specification[]): string[] =>
  tables
    .flatMap((table) => Object.entries(table))
    .flatMap(([of, lines]) => lines.map((line) => `${of}: ${line}`))
    .sort();
