import { readViewerCountry } from './cloudfront/config/geo-restriction';
import { LocalError } from './errors';
import type { LocalOptions } from './local-runtime';

interface Kind {
  readonly is: string;
  readonly holds: (value: unknown) => boolean;
}

const FUNCTION: Kind = { is: 'a function', holds: (value) => typeof value === 'function' };
const BOOLEAN: Kind = { is: 'true or false', holds: (value) => typeof value === 'boolean' };
const PORT_NAMES = ['aws', 'api', 'distribution', 'https'];
const MOST_PORT = 65_535;

const isWhole = (value: unknown, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;

/** Every option, and what it takes. */
const KINDS: { readonly [Name in keyof Required<LocalOptions>]: Kind } = {
  dataDir: { is: 'the path of a folder', holds: isText },
  assembly: {
    is: 'the path of a cloud assembly, or a function that returns one',
    holds: (value) => isText(value) || typeof value === 'function',
  },
  ports: { is: `an object with ports from 0 to ${MOST_PORT} for ${PORT_NAMES.join(', ')}`, holds: isPorts },
  warn: FUNCTION,
  log: FUNCTION,
  followBucket: BOOLEAN,
  reasonHeader: BOOLEAN,
  edgeWorkers: { is: 'a number of processes, from 0', holds: (value) => isWhole(value, Number.MAX_SAFE_INTEGER) },
  https: BOOLEAN,
  viewerCountry: { is: 'the two letters of a country, DE for example', holds: isCountry },
  prepareFunctions: BOOLEAN,
  clock: FUNCTION,
};

const REQUIRED: readonly string[] = ['dataDir', 'assembly'] satisfies (keyof LocalOptions)[];

/** Checks what `startLocal` was given, also by a program without types. @throws LocalError naming the first option that it cannot take. */
export function checkLocalOptions(options: LocalOptions): void {
  if (typeof options !== 'object' || options === null)
    throw new LocalError('ERR_INVALID_OPTION', 'startLocal takes an object with the options dataDir and assembly');
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(KINDS, name)) continue;
    const known = Object.keys(KINDS);
    const meant = known.find((one) => isNear(one, name));
    const hint = meant ? `did you mean ${meant}?` : `there are ${known.join(', ')}`;
    throw new LocalError('ERR_UNKNOWN_OPTION', `startLocal has no option ${name}; ${hint}`);
  }
  for (const [name, { is, holds }] of Object.entries(KINDS)) {
    const value = options[name as keyof LocalOptions];
    if (value === undefined && !REQUIRED.includes(name)) continue;
    if (!holds(value)) throw new LocalError('ERR_INVALID_OPTION', `the option ${name} of startLocal has to be ${is}`);
  }
  if (options.clock && (options.edgeWorkers ?? 0) > 0)
    throw new LocalError(
      'ERR_OPTION_CONFLICT',
      'edge workers go by the machine’s clock: with a clock, edgeWorkers has to be 0',
    );
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isPorts(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(
      ([name, port]) => PORT_NAMES.includes(name) && (port === undefined || isWhole(port, MOST_PORT)),
    )
  );
}

function isCountry(value: unknown): boolean {
  try {
    return typeof value === 'string' && readViewerCountry(value) !== '';
  } catch {
    return false;
  }
}

/** True for names that differ in upper case, in one letter, or in the order of two letters. */
function isNear(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  const [restA, restB] = [a.slice(start, endA), b.slice(start, endB)];
  return (restA.length <= 1 && restB.length <= 1) || (restA.length === 2 && restA === [...restB].reverse().join(''));
}
