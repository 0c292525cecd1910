import { Duration, Token, Tokenization } from 'aws-cdk-lib';
import { PropertyError } from './property-error';

export interface LifetimeProps {
  /**
   * The shortest time for which a link can be asked.
   *
   * @default Duration.seconds(1)
   */
  readonly minLifetime?: Duration;

  /**
   * How long a link is good for when its caller does not say.
   *
   * @default Duration.hours(12)
   */
  readonly defaultLifetime?: Duration;

  /**
   * The longest time for which a link can be asked.
   *
   * @default Duration.days(7)
   */
  readonly maxLifetime?: Duration;
}

/** @throws PropertyError unless `minLifetime` ≤ `defaultLifetime` ≤ `maxLifetime`; what only the deployment knows is taken as it is. */
export function readLifetimes(props: LifetimeProps): Required<LifetimeProps> {
  const {
    minLifetime = Duration.seconds(1),
    defaultLifetime = Duration.hours(12),
    maxLifetime = Duration.days(7),
  } = props;
  const lifetimes = { minLifetime, defaultLifetime, maxLifetime };
  for (const [property, lifetime] of Object.entries(lifetimes)) checkLifetime(property, lifetime);
  checkOrder('minLifetime', minLifetime, 'defaultLifetime', defaultLifetime);
  checkOrder('defaultLifetime', defaultLifetime, 'maxLifetime', maxLifetime);
  checkOrder('minLifetime', minLifetime, 'maxLifetime', maxLifetime);
  return lifetimes;
}

/** @throws PropertyError unless it is a whole number of seconds, at least one. */
export function checkLifetime(property: string, lifetime: Duration): void {
  if (lifetime.isUnresolved()) return;
  const seconds = lifetime.toSeconds({ integral: false });
  if (Number.isSafeInteger(seconds) && seconds >= 1) return;
  throw new PropertyError(
    property,
    `is ${seconds} seconds: a policy’s dates are whole seconds, so give at least one, and no fraction`,
  );
}

/** @throws PropertyError when the first is longer than the second. */
export function checkOrder(shorter: string, from: Duration, longer: string, to: Duration): void {
  if (from.isUnresolved() || to.isUnresolved() || from.toSeconds() <= to.toSeconds()) return;
  throw new PropertyError(
    shorter,
    `is ${from.toSeconds()} seconds, longer than ${longer} with ${to.toSeconds()} seconds: shorten the one or lengthen the other`,
  );
}

/** For an environment variable. */
export function printNumber(value: number): string {
  return Token.isUnresolved(value) ? Tokenization.stringifyNumber(value) : String(value);
}
