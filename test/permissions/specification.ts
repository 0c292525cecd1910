/**
 * Every policy statement that a stack may have, written by hand: a line an action, resource and principal, by the resource it is of. What is not here is
 * not in a template, and the other way round. A feature that brings statements is a table of its own, in which also lines of what is always there may stand.
 */
export type Specification = Readonly<Record<string, readonly string[]>>;

const BUCKET = '<Bucket.Arn>';
const SITE_BUCKET = '<SiteBucket.Arn>';
const SIGNING_KEY = 'arn:<Partition>:ssm:<Region>:<AccountId>:parameter/edgepass/Edgepass/signing-key/1';
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

export const ALWAYS: Specification = {
  BucketPolicy: [
    `Deny s3:* on ${BUCKET} to * if Bool aws:SecureTransport is false`,
    `Deny s3:* on ${BUCKET}/* to * if Bool aws:SecureTransport is false`,
    `Allow s3:GetObject on ${BUCKET}/* to cloudfront.amazonaws.com if StringEquals AWS:SourceArn is ${DISTRIBUTION}`,
  ],
  ...functionRole('SigningKeyMaker', [
    `Allow ssm:PutParameter on ${SIGNING_KEY}`,
    `Allow ssm:GetParameter on ${SIGNING_KEY}`,
    `Allow ssm:DeleteParameter on ${SIGNING_KEY}`,
  ]),
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
  ...apiFunction('ApiExplainer', [], ['POST/explain']),
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
