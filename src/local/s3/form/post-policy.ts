import { S3Error } from '../s3-error';

export type FormFields = ReadonlyMap<string, string>;

/** What a form's policy lets through. Source: Amazon S3 API Reference, "Creating an HTML form", "POST policy". */
export interface FormPolicy {
  /** In bytes, both included. */
  readonly size: { readonly least: number; readonly most: number };
}

/** Fields that no condition has to speak of. */
const UNCONDITIONED = ['x-amz-signature', 'policy', 'file', 'bucket'];

type Condition =
  | { readonly operator: 'eq' | 'starts-with'; readonly field: string; readonly value: string }
  | { readonly operator: 'content-length-range'; readonly least: number; readonly most: number };

/** Holds the fields against the signed policy. @throws S3Error AccessDenied, InvalidPolicyDocument */
export function checkFormPolicy(encoded: string, fields: FormFields, now: Date, largest: number): FormPolicy {
  const { expiration, conditions } = readPolicy(encoded);
  if (!(now.getTime() < expiration)) throw denied('Policy expired.');
  const covered = new Set(UNCONDITIONED);
  let size = { least: 0, most: largest };
  for (const condition of conditions) {
    if (condition.operator === 'content-length-range') {
      size = { least: condition.least, most: Math.min(condition.most, largest) };
      continue;
    }
    covered.add(condition.field);
    const value = fields.get(condition.field) ?? '';
    if (!holds(condition, value))
      throw denied(`Policy Condition failed: ["${condition.operator}", "$${condition.field}", …]`);
  }
  const extra = [...fields.keys()].find((name) => !covered.has(name) && !name.startsWith('x-ignore-'));
  if (extra !== undefined) throw denied(`Extra input fields: ${extra}`);
  return { size };
}

/** `Content-Type` may be a list of types, each of which has to hold. */
function holds({ operator, field, value }: Exclude<Condition, { least: number }>, actual: string): boolean {
  if (operator === 'eq') return actual === value;
  const values = field === 'content-type' ? actual.split(',') : [actual];
  return values.every((each) => each.trim().startsWith(value));
}

function readPolicy(encoded: string): { expiration: number; conditions: Condition[] } {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(encoded, 'base64').toString());
  } catch {
    throw invalid('Invalid JSON.');
  }
  const { expiration, conditions } = (document ?? {}) as Record<string, unknown>;
  if (typeof expiration !== 'string' || Number.isNaN(Date.parse(expiration)))
    throw invalid('Policy missing expiration.');
  if (!Array.isArray(conditions)) throw invalid('Policy missing conditions.');
  return { expiration: Date.parse(expiration), conditions: conditions.flatMap(readCondition) };
}

function readCondition(condition: unknown): Condition[] {
  if (Array.isArray(condition)) {
    const [name, first, second] = condition as unknown[];
    const operator = String(name).toLowerCase();
    if (condition.length === 3 && operator === 'content-length-range') {
      const [least, most] = [Number(first), Number(second)];
      if (!Number.isInteger(least) || !Number.isInteger(most) || least < 0 || least > most)
        throw invalid('Invalid content-length-range.');
      return [{ operator, least, most }];
    }
    if (condition.length === 3 && (operator === 'eq' || operator === 'starts-with') && /^\$/.test(String(first)))
      return [{ operator, field: String(first).slice(1).toLowerCase(), value: String(second) }];
    throw invalid(`Invalid Condition: ${operator}`);
  }
  if (typeof condition !== 'object' || condition === null) throw invalid('Invalid Condition.');
  return Object.entries(condition).map(([name, value]) => ({
    operator: 'eq' as const,
    field: name.toLowerCase(),
    value: String(value),
  }));
}

const denied = (why: string): S3Error => new S3Error('AccessDenied', `Invalid according to Policy: ${why}`);
const invalid = (why: string): S3Error => new S3Error('InvalidPolicyDocument', `Invalid Policy: ${why}`);
