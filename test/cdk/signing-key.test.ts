import { Duration, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { PrivateContent, type PrivateContentProps } from 'edgepass/cdk';
import { describe, expect, it } from 'vitest';
import { newApp } from '../new-app';
import { nameOf, ofType, synthesizeContent } from './read-template';

const newStack = (): Stack => new Stack(newApp(), 'Edgepass');

describe("the signing key's properties", () => {
  it.each<[string, string, PrivateContentProps]>([
    ['a type that CloudFront does not take', 'signingKeyType', { signingKeyType: 'Ed25519' as 'RSA' }],
    ['a generation of 0', 'keyGeneration', { keyGeneration: 0 }],
    ['half a generation', 'keyGeneration', { keyGeneration: 1.5 }],
    [
      'a period of less than a day',
      'keyRotationPeriod',
      { keyRotationPeriod: Duration.hours(23), maxLifetime: Duration.hours(1), defaultLifetime: Duration.hours(1) },
    ],
    ['a period in which keys do not retire', 'keyRotationPeriod', { keyRotationPeriod: Duration.days(27) }],
  ])('refuses %s', (_, property, props) => {
    expect(() => new PrivateContent(newStack(), 'PrivateContent', props)).toThrow(
      expect.objectContaining({ code: 'ERR_PROPERTY_INVALID', property }),
    );
  });

  it('says how long the shortest period is', () => {
    const props = { keyRotationPeriod: Duration.days(1) };
    expect(() => new PrivateContent(newStack(), 'PrivateContent', props)).toThrow('has to be at least 28 days');
  });

  it('refuses one KMS key for the bucket and for the signing keys: their policies would be a circle', () => {
    const stack = newStack();
    const key = new Key(stack, 'Key');
    const props = { encryptionKey: key, signingKeyEncryptionKey: key };
    expect(() => new PrivateContent(stack, 'PrivateContent', props)).toThrow(
      expect.objectContaining({ code: 'ERR_PROPERTY_INVALID', property: 'signingKeyEncryptionKey' }),
    );
  });

  it('takes the shortest period that it asks for, and tells the function', () => {
    const functions = ofType(synthesizeContent({ keyRotationPeriod: Duration.days(28) }), 'AWS::Lambda::Function');
    const [, rotationFunction] = functions.find(([id]) => nameOf(id) === 'SigningKeyKeeperFunction') ?? [];
    expect(rotationFunction?.Properties.Environment.Variables).toMatchObject({
      KEY_TYPE: 'RSA',
      ROTATION_PERIOD_SECONDS: '2419200',
      MAX_LIFETIME_SECONDS: '604800',
    });
  });

  it('two contents of a stack have keys of their own', () => {
    const stack = newStack();
    const names = ['One', 'Two'].map((id) => new PrivateContent(stack, id).signingKeyParameterName);
    expect(names).toEqual(['/edgepass/Edgepass/One/signing-key', '/edgepass/Edgepass/Two/signing-key']);
  });
});
