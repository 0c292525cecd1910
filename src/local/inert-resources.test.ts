import { describe, expect, it } from 'vitest';
import type { AppliedResource, ResourceRequest } from './cloudformation/resource-type';
import { INERT_RESOURCE_TYPES } from './inert-resources';

const stack = {
  stackName: 'S',
  accountId: '000000000000',
  region: 'us-east-1',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
};

async function apply(type: string, properties: object, previous?: AppliedResource): Promise<AppliedResource> {
  const request = { logicalId: 'R', properties, previous, stack } as unknown as ResourceRequest;
  const result = await INERT_RESOURCE_TYPES[type]?.apply(request);
  if (!result) throw new Error(`there is no ${type}`);
  return { ...result, type, properties: properties as Record<string, unknown> };
}

describe('resources without effect', () => {
  it('a KMS key has an ARN and an id, which stay', async () => {
    const key = await apply('AWS::KMS::Key', { KeyPolicy: {}, EnableKeyRotation: true });
    expect(key.attributes).toEqual({
      Arn: `arn:aws:kms:us-east-1:000000000000:key/${key.physicalId}`,
      KeyId: key.physicalId,
    });
    expect((await apply('AWS::KMS::Key', { KeyPolicy: {} }, key)).physicalId).toBe(key.physicalId);
  });

  it('an alias is called by its name', async () => {
    const { physicalId } = await apply('AWS::KMS::Alias', { AliasName: 'alias/a', TargetKeyId: 'k' });
    expect(physicalId).toBe('alias/a');
  });

  it('a certificate is called by its ARN, which stays', async () => {
    const type = 'AWS::CertificateManager::Certificate';
    const certificate = await apply(type, { DomainName: 'files.example.com', ValidationMethod: 'DNS' });
    expect(certificate.physicalId).toMatch(/^arn:aws:acm:us-east-1:000000000000:certificate\/[0-9a-f-]{36}$/);
    expect((await apply(type, { DomainName: 'b.example' }, certificate)).physicalId).toBe(certificate.physicalId);
  });

  it.each(Object.keys(INERT_RESOURCE_TYPES).filter((type) => type !== 'AWS::CDK::Metadata'))(
    '%s is refused with a property that the local runtime does not know',
    async (type) => {
      await expect(apply(type, { AliasName: 'alias/a', Colour: 1 })).rejects.toThrow(
        expect.objectContaining({ code: 'ERR_UNKNOWN_PROPERTY' }),
      );
    },
  );
});
