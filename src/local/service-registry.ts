import type { ResourceTypes } from './cloudformation/resource-type';
import type { Service, ServiceApi } from './service';

/** Whatever the local runtime has opened and has to close: a service, a server, a file. */
export type Part = Pick<Service, 'close'> & Partial<Service>;

/**
 * The parts of a local runtime, by name. A part may need those before it in the order, whichever was opened first: the last one closes
 * first.
 */
export class ServiceRegistry<Name extends string> {
  readonly #order: readonly Name[];
  readonly #parts: Map<Name, Part> = new Map();

  constructor(order: readonly Name[]) {
    this.#order = order;
  }

  add<Added extends Part>(name: Name, part: Added): Added {
    this.#parts.set(name, part);
    return part;
  }

  /** Returns the resource types of all services. */
  resourceTypes(): ResourceTypes {
    return Object.assign({}, ...this.#inOrder().map(({ resourceTypes }) => resourceTypes));
  }

  /** Returns the APIs of the services that have one, by the service names of credential scopes. */
  apis(): Readonly<Record<string, ServiceApi>> {
    const entries = this.#order.map((name) => [name, this.#parts.get(name)?.api] as const);
    return Object.fromEntries(entries.filter((entry): entry is readonly [Name, ServiceApi] => entry[1] !== undefined));
  }

  async open(): Promise<void> {
    for (const part of this.#inOrder()) await part.open?.();
  }

  /** Closes each part once, however often it is called. */
  async close(): Promise<void> {
    const parts = this.#inOrder().reverse();
    this.#parts.clear();
    for (const part of parts) await part.close();
  }

  #inOrder(): Part[] {
    return this.#order.flatMap((name) => this.#parts.get(name) ?? []);
  }
}
