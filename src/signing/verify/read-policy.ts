import { EdgepassError } from '../errors';
import { type IpRange, looksLikeIpv6, parseIpRange } from '../policy/ip-range';
import type { Policy, Terms } from '../policy/policy';
import { LATEST_EPOCH_TIME } from '../policy/validity';

/** The terms of a canned policy: the URL that was requested, and its `Expires`. */
export function readCannedPolicy(resource: string, expires: string): Terms {
  const problem = (message: string): EdgepassError => new EdgepassError('ERR_EXPIRES_MALFORMED', message);
  if (!/^[1-9]\d*$/.test(expires)) throw problem('Expires is not a whole number of Unix seconds');
  const dateLessThan = Number(expires);
  if (dateLessThan > LATEST_EPOCH_TIME) throw problem('Expires is in milliseconds; CloudFront reads Unix seconds');
  const policy: Policy = { type: 'canned', resource, dateLessThan: toDate(dateLessThan) };
  return { policy, dateLessThan, dateGreaterThan: undefined, ipRange: undefined };
}

/**
 * The terms of a custom policy, from the bytes that were signed. Only the documented members are taken, each once. [UNV] What
 * CloudFront makes of others is not known, so they are malformed here.
 */
export function readCustomPolicy(bytes: Buffer): Terms {
  const document = parseJson(bytes);
  const { Statement: statements } = readObject(document, 'the policy', ['Statement']);
  if (!Array.isArray(statements)) throw malformed('Statement must be an array');
  if (statements.length !== 1) throw malformed(`Statement must have one statement, not ${statements.length}`);
  const statement = readObject(statements[0], 'the statement', ['Resource', 'Condition']);
  const condition = readObject(statement.Condition, 'Condition', ['DateLessThan', 'DateGreaterThan', 'IpAddress']);
  return toTerms(readResource(statement.Resource), condition);
}

function toTerms(resource: string | undefined, condition: Record<string, unknown>): Terms {
  const dateLessThan = readEpochTime(condition.DateLessThan, 'DateLessThan');
  const start = condition.DateGreaterThan;
  const dateGreaterThan = start === undefined ? undefined : readEpochTime(start, 'DateGreaterThan');
  const source = condition.IpAddress === undefined ? undefined : readSourceIp(condition.IpAddress);
  const policy: Policy = {
    type: 'custom',
    resource,
    dateLessThan: toDate(dateLessThan),
    ...(dateGreaterThan !== undefined && { dateGreaterThan: toDate(dateGreaterThan) }),
    ...(source && { ipAddress: source.text }),
  };
  return { policy, dateLessThan, dateGreaterThan, ipRange: source?.range };
}

function readResource(value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw malformed('Resource must be a string');
}

function readEpochTime(value: unknown, name: string): number {
  const { 'AWS:EpochTime': time } = readObject(value, name, ['AWS:EpochTime']);
  if (typeof time === 'string') throw malformed(`AWS:EpochTime of ${name} must not be in quotes`);
  if (typeof time !== 'number' || !Number.isInteger(time) || time < 0) {
    throw malformed(`AWS:EpochTime of ${name} must be a whole number of Unix seconds`);
  }
  if (time > LATEST_EPOCH_TIME)
    throw malformed(`AWS:EpochTime of ${name} is in milliseconds; CloudFront reads Unix seconds`);
  return time;
}

function readSourceIp(value: unknown): { readonly text: string; readonly range: IpRange } {
  const { 'AWS:SourceIp': text } = readObject(value, 'IpAddress', ['AWS:SourceIp']);
  const range = typeof text === 'string' ? parseIpRange(text) : undefined;
  if (typeof text === 'string' && range) return { text, range };
  if (typeof text === 'string' && looksLikeIpv6(text))
    throw malformed('AWS:SourceIp is IPv6, which signed URLs and cookies do not support');
  throw malformed('AWS:SourceIp must be one IPv4 address or CIDR block');
}

function readObject(value: unknown, what: string, names: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(`${what} must be an object`);
  const isKnown = Object.keys(value).every((name) => names.includes(name));
  if (!isKnown) throw malformed(`${what} has a member other than ${names.join(', ')}; names are case-sensitive`);
  return value as Record<string, unknown>;
}

function parseJson(bytes: Buffer): unknown {
  let document: unknown;
  // Names in the text less members after parsing: parsers disagree which of two equal names counts.
  let repeated = 1;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    for (const [, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)) if (colon) repeated += 1;
    document = JSON.parse(text, function (this: unknown, _, value) {
      if (!Array.isArray(this)) repeated -= 1;
      return value;
    });
  } catch {
    throw malformed('it is not JSON in UTF-8');
  }
  if (repeated > 0) throw malformed('a member appears twice');
  return document;
}

const toDate = (seconds: number): Date => new Date(seconds * 1000);

const malformed = (what: string): EdgepassError =>
  new EdgepassError('ERR_POLICY_MALFORMED', `The policy is malformed: ${what}`);
