import { importPackage } from '../packages/load-package';

/** The AWS SDK's packages that commands use, by the end of their names. */
interface Clients {
  readonly 'api-gateway': typeof import('@aws-sdk/client-api-gateway');
  readonly cloudformation: typeof import('@aws-sdk/client-cloudformation');
  readonly cloudfront: typeof import('@aws-sdk/client-cloudfront');
  readonly kms: typeof import('@aws-sdk/client-kms');
  readonly lambda: typeof import('@aws-sdk/client-lambda');
  readonly s3: typeof import('@aws-sdk/client-s3');
  readonly ssm: typeof import('@aws-sdk/client-ssm');
  readonly sts: typeof import('@aws-sdk/client-sts');
}

/** Loaded when they are used: who only runs a local runtime installs none of them. */
const LOADERS: { readonly [Name in keyof Clients]: () => Promise<Clients[Name]> } = {
  'api-gateway': () => import('@aws-sdk/client-api-gateway'),
  cloudformation: () => import('@aws-sdk/client-cloudformation'),
  cloudfront: () => import('@aws-sdk/client-cloudfront'),
  kms: () => import('@aws-sdk/client-kms'),
  lambda: () => import('@aws-sdk/client-lambda'),
  s3: () => import('@aws-sdk/client-s3'),
  ssm: () => import('@aws-sdk/client-ssm'),
  sts: () => import('@aws-sdk/client-sts'),
};

/** Loads one package of the AWS SDK. @throws PackageMissingError saying what to install. */
export function awsSdk<Name extends keyof Clients>(name: Name): Promise<Clients[Name]> {
  // It warns of what later versions will need, in six lines, before every answer.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  return importPackage(`@aws-sdk/client-${name}`, LOADERS[name]);
}
