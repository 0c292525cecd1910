const MachineDate = Date;
let offsetMs = 0;

const now = (): number => MachineDate.now() + offsetMs;

/** The one Date there is, so that `instanceof` holds of every date, whoever made it and when. */
const OffsetDate: DateConstructor = new Proxy(MachineDate, {
  construct: (date, parts, newTarget) => Reflect.construct(date, parts.length === 0 ? [now()] : parts, newTarget),
  apply: () => new MachineDate(now()).toString(),
  get: (date, property, receiver) => (property === 'now' ? now : Reflect.get(date, property, receiver)),
});

/**
 * Lets the function see the local runtime's clock where it is not the machine's. Timers go on by the machine's, and so does what asks the
 * system by itself: `performance`, `Intl.DateTimeFormat` without a date, file times.
 */
export function setClockOffset(milliseconds: number): void {
  offsetMs = milliseconds;
  globalThis.Date = OffsetDate;
  MachineDate.prototype.constructor = OffsetDate;
}
