import type { OneOrMany, PolicyDocument, PolicyStatement } from './policy-document';

/** Conditions that tie "anybody" to somebody. Source: Amazon S3 User Guide, "The meaning of 'public'". */
const BOUND_BY = [
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalorgid',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceip',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  's3:dataaccesspointarn',
];
const EQUALITIES = /^(?:StringEquals|StringLike|ArnEquals|ArnLike|IpAddress)(?:IgnoreCase)?$/;

/** Whether a bucket policy lets anybody in: an Allow for everybody without a condition that names somebody. */
export function isPublicPolicy({ Statement }: PolicyDocument): boolean {
  return list(Statement).some(
    (statement) => statement.Effect === 'Allow' && namesEverybody(statement) && !isBound(statement),
  );
}

const list = <T>(value: OneOrMany<T>): readonly T[] => (Array.isArray(value) ? value : [value as T]);

function namesEverybody({ Principal, NotPrincipal }: PolicyStatement): boolean {
  if (NotPrincipal !== undefined) return true;
  if (Principal === '*') return true;
  return typeof Principal === 'object' && list(Principal.AWS ?? []).includes('*');
}

const isBound = ({ Condition = {} }: PolicyStatement): boolean =>
  Object.entries(Condition).some(
    ([operator, keys]) =>
      EQUALITIES.test(operator) &&
      Object.entries(keys).some(
        ([key, values]) =>
          BOUND_BY.includes(key.toLowerCase()) &&
          !list(values).some((value) => /^\*?$|^0\.0\.0\.0\/0$/.test(String(value))),
      ),
  );
