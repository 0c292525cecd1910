import { EdgepassError } from '../errors';

/** Before 2001-09-09: no link was ever meant to begin or end then, but seconds taken for milliseconds land here. */
const EARLIEST = 1_000_000_000;
/** Year 5138: milliseconds taken for seconds land beyond. CloudFront answers MalformedPolicy to 13 digits (aws-sdk-js #2236). */
export const LATEST_EPOCH_TIME = 99_999_999_999;

/** Unix seconds. */
export function epochTime(now: Date): number {
  if (!(now instanceof Date) || Number.isNaN(now.getTime())) throw new TypeError('now must be a valid Date');
  return Math.floor(now.getTime() / 1000);
}

/** No link was ever meant to end then: its unit is wrong. */
export const isFarPast = (seconds: number): boolean => seconds < EARLIEST;

/** The seconds of a Date that somebody chose, refused when its unit is plainly wrong. */
function toEpochTime(date: Date, name: string, round: (value: number) => number): number {
  if (!(date instanceof Date)) throw new TypeError(`${name} must be a Date`);
  if (Number.isNaN(date.getTime())) throw new EdgepassError('ERR_DATE_INVALID', `${name} is an invalid Date`);
  const seconds = round(date.getTime() / 1000);
  if (seconds >= EARLIEST && seconds <= LATEST_EPOCH_TIME) return seconds;
  const problem = seconds < EARLIEST ? 'seconds were passed; a Date takes milliseconds' : 'it was multiplied by 1000';
  throw new EdgepassError('ERR_DATE_UNIT', `${name} is ${date.toISOString()}: it looks as if ${problem}`);
}

export interface Validity {
  /** Exclusive. Unix seconds. */
  readonly dateLessThan: number;
  /** Exclusive. Unix seconds. */
  readonly dateGreaterThan: number | undefined;
}

export interface ValidityOptions {
  /** Lifetime in seconds from `now`. Give this or `dateLessThan`. */
  readonly expiresIn?: number | undefined;
  /** The moment from which access is refused; a fraction of a second is cut off. */
  readonly dateLessThan?: Date | undefined;
  /** Access begins after this moment. Makes the policy a custom one. */
  readonly dateGreaterThan?: Date | undefined;
  /** @default the current time */
  readonly now?: Date | undefined;
  /** Sign although the end has passed, as tests of expiry need. @default false */
  readonly allowExpired?: boolean | undefined;
}

export function readValidity(options: ValidityOptions): Validity {
  const now = epochTime(options.now ?? new Date());
  const dateLessThan = readEnd(options, now);
  if (dateLessThan <= now && options.allowExpired !== true) {
    throw new EdgepassError('ERR_DATE_IN_PAST', 'The end has passed already; allowExpired signs it all the same');
  }
  const start = options.dateGreaterThan;
  if (start === undefined) return { dateLessThan, dateGreaterThan: undefined };
  const dateGreaterThan = toEpochTime(start, 'dateGreaterThan', Math.ceil);
  if (dateGreaterThan + 1 >= dateLessThan) {
    throw new EdgepassError('ERR_DATE_ORDER', 'dateGreaterThan leaves no second before dateLessThan');
  }
  return { dateLessThan, dateGreaterThan };
}

function readEnd({ expiresIn, dateLessThan }: ValidityOptions, now: number): number {
  if ((expiresIn === undefined) === (dateLessThan === undefined)) {
    throw new TypeError('Give expiresIn (seconds) or dateLessThan');
  }
  if (dateLessThan !== undefined) return toEpochTime(dateLessThan, 'dateLessThan', Math.floor);
  if (typeof expiresIn !== 'number') throw new TypeError('expiresIn must be a number');
  if (!Number.isInteger(expiresIn) || expiresIn <= 0) {
    throw new EdgepassError('ERR_DATE_INVALID', 'expiresIn must be a positive whole number of seconds');
  }
  if (expiresIn >= EARLIEST) {
    throw new EdgepassError(
      'ERR_DATE_UNIT',
      'expiresIn is a lifetime in seconds, not a point in time: use dateLessThan',
    );
  }
  return now + expiresIn;
}
