import type { Properties } from '../../cloudformation/properties';
import { isHeader } from '../response/header';

/** Reads `{"PREFIX.header.NAME": "'value'"}`: header mappings whose source is a literal. */
export function readLiteralHeaders(props: Properties, name: string, prefix: string): Record<string, string> {
  const headers = Object.entries(props.textMap(name)).map(([target, source]) => {
    if (!target.startsWith(prefix))
      return props.refuse(name, `has ${target}; the local runtime maps ${prefix}NAME only`);
    const literal = /^'(.*)'$/s.exec(source)?.[1];
    if (literal === undefined)
      return props.notImplemented(`${name} with ${target} from ${source} (not a literal 'value')`);
    const header = target.slice(prefix.length);
    if (!isHeader(header, literal)) return props.refuse(name, `has ${target}, which makes no HTTP header`);
    return [header, literal] as const;
  });
  return Object.fromEntries(headers);
}
