const MachineDate = Date;
let offsetMs = 0;

class HomeDate extends MachineDate {
  constructor(...parts: unknown[]) {
    if (parts.length === 0) super(HomeDate.now());
    else super(...(parts as [number]));
  }

  static override now(): number {
    return MachineDate.now() + offsetMs;
  }
}

/** Lets the function see home's clock where it is not the machine's. Timers go on by the machine's. */
export function setClockOffset(milliseconds: number): void {
  offsetMs = milliseconds;
  globalThis.Date = HomeDate as DateConstructor;
}
