import type { Outcome } from './checks';
import type { DeployedSystem } from './deployed-system';

type Subject = Pick<DeployedSystem, 'where'>;

/** The outcomes for people: what holds in a line each, findings with what to do. */
export function asText({ where }: Subject, outcomes: readonly Outcome[]): string {
  const lines = outcomes.flatMap(({ holds, findings, couldNotLook }) => {
    if (couldNotLook !== undefined) return [line('?', `${holds}: could not look: ${couldNotLook}`)];
    if (findings.length === 0) return [line('ok', holds)];
    return findings.flatMap(({ code, severity, what, mend }) => [
      line(severity, `${code}: ${what}`),
      line('', `mend: ${mend}`),
    ]);
  });
  return [where, ...lines, summary(outcomes)].join('\n');
}

const WIDTH = 'information'.length;
const line = (mark: string, text: string): string => `  ${mark.padEnd(WIDTH)}  ${text}`;

function summary(outcomes: readonly Outcome[]): string {
  const findings = outcomes.flatMap((outcome) => outcome.findings);
  const toMend = findings.filter(({ severity }) => severity !== 'information').length;
  const unknown = outcomes.filter(({ couldNotLook }) => couldNotLook !== undefined).length;
  const said = [
    toMend > 0 && `${toMend} to mend`,
    unknown > 0 && `${unknown} of ${outcomes.length} checks could not be made`,
  ].filter((part) => part !== false);
  return said.join(', ') || 'healthy';
}

/** The same for programs. */
export function asJson({ where }: Subject, outcomes: readonly Outcome[], exitCode: number): string {
  const report = {
    where,
    healthy: exitCode === 0,
    findings: outcomes.flatMap(({ findings }) => findings),
    couldNotLook: outcomes.flatMap(({ holds, couldNotLook }) =>
      couldNotLook === undefined ? [] : [{ check: holds, reason: couldNotLook }],
    ),
    holds: outcomes.flatMap(({ holds, findings, couldNotLook }) =>
      findings.length === 0 && couldNotLook === undefined ? [holds] : [],
    ),
  };
  return JSON.stringify(report, null, 2);
}
