import { describe, expect, it } from 'vitest';
import { checkPolicy } from './check-policy';

const policy = (statement: object): object => ({ Version: '2012-10-17', Statement: [statement] });
const plain = { Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' };

describe('the check of a policy', () => {
  it('returns a policy that the local runtime can evaluate', () => {
    expect(checkPolicy(policy(plain), 'Role')).toEqual(policy(plain));
  });

  it.each([
    ['no effect', { Action: '*' }, 'Effect'],
    ['an unknown element', { ...plain, Principals: '*' }, 'Principals'],
    ['an unknown condition operator', { ...plain, Condition: { BinaryEquals: { k: 'v' } } }, 'BinaryEquals'],
  ])('refuses %s by name', (_title, statement, named) => {
    expect(() => checkPolicy(policy(statement), 'Role')).toThrow(named);
  });
});
