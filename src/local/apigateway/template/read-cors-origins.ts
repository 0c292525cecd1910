import type { CorsOrigins } from '../model';

const PREFLIGHT = new RegExp(
  [
    String.raw`#set\(\$origin = \$input\.params\(\)\.header\.get\("Origin"\)\)`,
    String.raw`#if\(\$origin == ""\)`,
    String.raw`#set\(\$origin = \$input\.params\(\)\.header\.get\("origin"\)\)`,
    '#end',
    String.raw`#if\(([^\n]*)\)`,
    String.raw`#set\(\$context\.responseOverride\.header\.Access-Control-Allow-Origin = \$origin\)`,
    '#end',
  ].join(String.raw`\s+`),
);

/** Reads the one response template in Velocity that the local runtime knows: what CDK writes for a preflight with several origins. */
export function readCorsOrigins(template: string): CorsOrigins | undefined {
  const [whole, condition] = PREFLIGHT.exec(template.trim()) ?? [];
  if (condition === undefined || whole !== template.trim()) return undefined;
  const terms = condition.split(' || ').map((term) => /^\$origin == "([^"]*)"$/.exec(term)?.[1]);
  return terms.every((origin) => origin !== undefined) ? { origins: terms } : undefined;
}
