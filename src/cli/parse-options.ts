/** Reads the values of the commands' options. */
import { InvalidArgumentError } from 'commander';

/** @throws Error for what is no number of edge workers. */
export function parseWorkers(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 0 || count > 64)
    throw new Error(`"${text}" is not a number of edge workers: give one from 0 to 64`);
  return count;
}

/** @throws Error for what is no port. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`"${text}" is not a port: give a number from 0 to 65535`);
  return port;
}

const LONGEST_SECONDS = 365 * 24 * 3600;

/** @throws Error for what is no number of seconds. */
export function parseExpiresIn(text: string): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds >= 1 && seconds <= LONGEST_SECONDS) return seconds;
  throw new Error(`"${text}" is not a lifetime: give a number of seconds from 1 to ${LONGEST_SECONDS}, a year`);
}

/** @throws Error for scopes that a claim could not hold. RFC 6749, 3.3, says which characters they have. */
export function parseScope(text: string): string {
  if (/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(text)) return text;
  throw new Error(
    `"${text}" are no scopes: give one or more, separated by single spaces, such as "list sign:reports/"`,
  );
}

/** @throws InvalidArgumentError for what is no number of days. */
export function parseDays(text: string): number {
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= 36_500) return days;
  throw new InvalidArgumentError(`"${text}" is no age: give a number of days from 1 to 36500`);
}

/** Source: CloudFront API Reference, CacheBehavior, PathPattern. @throws InvalidArgumentError for what is no path pattern. */
export function parsePublicPath(text: string, before: readonly string[]): readonly string[] {
  if (/^[A-Za-z0-9_\-.*$/~"'@:+&?]{1,255}$/.test(text)) return [...before, text];
  throw new InvalidArgumentError(`"${text}" is no path pattern: give one as the behavior has it, such as "open/*"`);
}
