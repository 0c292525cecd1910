import { type App, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { type IPrivateContent, PrivateContent } from 'edgepass/cdk';
import { describe, expect, it } from 'vitest';
import { newApp } from '../new-app';
import { findCycle, privileges, resourcesOf, textOf } from './read-template';

/** What a role of the stack may that nothing is granted to but this. */
function granted(stack: Stack, grant: (role: Role) => unknown): string[] {
  grant(new Role(stack, 'MineRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  return privileges(resourcesOf(stack), 'Mine');
}

const newStack = (app: App = newApp(), id = 'Edgepass'): Stack => new Stack(app, id);
const ATTRIBUTES = {
  distributionId: 'E1ABCDEFGHIJKL',
  distributionDomainName: 'd111111abcdef8.cloudfront.net',
  signingKeyParameterName: '/edgepass/Files/PrivateContent/signing-key',
  apiUrl: 'https://a1.execute-api.us-east-1.amazonaws.com/v1/',
};
const importContent = (stack: Stack): IPrivateContent =>
  PrivateContent.fromAttributes(stack, 'Files', {
    ...ATTRIBUTES,
    bucket: Bucket.fromBucketName(stack, 'Bucket', 'files'),
  });

describe("the construct's grants", () => {
  it('grantSign lets read the one parameter with the private key, nothing else', () => {
    const stack = newStack();
    const content = new PrivateContent(stack, 'PrivateContent');
    expect(granted(stack, (role) => content.grantSign(role).assertSuccess())).toEqual([
      'ssm:GetParameter arn::ssm:::parameter/edgepass/Edgepass/PrivateContent/signing-key',
    ]);
  });

  it('grantList lets list the one bucket, not read its objects', () => {
    const stack = newStack();
    const content = new PrivateContent(stack, 'PrivateContent');
    expect(granted(stack, (role) => content.grantList(role).assertSuccess())).toEqual(['s3:ListBucket <Bucket.Arn>']);
  });

  it('grants on what is deployed elsewhere, by its attributes', () => {
    const [forSigning, forListing] = [newStack(), newStack()];
    expect(granted(forSigning, (role) => importContent(forSigning).grantSign(role).assertSuccess())).toEqual([
      'ssm:GetParameter arn::ssm:::parameter/edgepass/Files/PrivateContent/signing-key',
    ]);
    expect(granted(forListing, (role) => importContent(forListing).grantList(role).assertSuccess())).toEqual([
      's3:ListBucket arn::s3:::files',
    ]);
  });

  it('says by the grant when a principal cannot be given anything', () => {
    const content = new PrivateContent(newStack(), 'PrivateContent');
    expect(content.grantSign(new AccountPrincipal('111122223333')).success).toBe(false);
  });

  it('tells of itself what fromAttributes takes', () => {
    const stack = newStack();
    const content = new PrivateContent(stack, 'PrivateContent');
    const tell = (value: string): string => textOf(stack.resolve(value));
    expect([
      tell(content.distribution.distributionId),
      tell(content.distribution.distributionDomainName),
      tell(content.domainName),
      content.signingKeyParameterName,
      tell(content.apiUrl),
    ]).toEqual([
      '<Distribution>',
      '<Distribution.DomainName>',
      '<Distribution.DomainName>',
      '/edgepass/Edgepass/PrivateContent/signing-key',
      'https://<ApiRestApi>.execute-api../<ApiRestApiDeploymentStagev1>/',
    ]);
  });

  it('keeps the attributes of what is imported', () => {
    const content = importContent(newStack());
    expect(content).toMatchObject({
      domainName: 'd111111abcdef8.cloudfront.net',
      signingKeyParameterName: '/edgepass/Files/PrivateContent/signing-key',
      apiUrl: 'https://a1.execute-api.us-east-1.amazonaws.com/v1/',
      distribution: { distributionId: 'E1ABCDEFGHIJKL', distributionDomainName: 'd111111abcdef8.cloudfront.net' },
      bucket: { bucketName: 'files' },
    });
  });

  it('refuses a parameter’s name without its slash', () => {
    const stack = newStack();
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'files');
    const attributes = { ...ATTRIBUTES, bucket, signingKeyParameterName: 'edgepass/Files/PrivateContent/signing-key' };
    expect(() => PrivateContent.fromAttributes(stack, 'Files', attributes)).toThrow(
      expect.objectContaining({ code: 'ERR_PROPERTY_INVALID', property: 'signingKeyParameterName' }),
    );
  });

  it('lets who signs read with the former KMS key too, while another takes its place', () => {
    const stack = newStack();
    const [formerKey, signingKeyEncryptionKey] = [new Key(stack, 'Former'), new Key(stack, 'Next')];
    const content = new PrivateContent(stack, 'PrivateContent', { signingKeyEncryptionKey });
    for (const { role } of [content.signingKey.rotationFunction, content.api.signer]) formerKey.grantDecrypt(role);
    const resources = resourcesOf(stack);
    expect(findCycle(resources)).toEqual([]);
    for (const name of ['SigningKeyKeeper', 'ApiSigner'])
      expect(privileges(resources, name)).toEqual(
        expect.arrayContaining(['kms:Decrypt <Former.Arn>', 'kms:Decrypt <Next.Arn>']),
      );
  });
});
